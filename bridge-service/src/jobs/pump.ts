import type { Logger } from 'pino'
import { createSettler } from './settle.ts'
import type { Job, JobEngine, JobFailure, QueueName } from './types.ts'

export type JobOutcome =
  | { id: string; state: 'done' }
  /** The handler completed the job in its own transaction. */
  | { id: string; state: 'settled' }
  | { id: string; state: 'failed'; failure: JobFailure }
  /** Not now (leased elsewhere, target blocked): try again later, without using a try up. */
  | { id: string; state: 'again'; afterMs: number }

/**
 * Works on a batch. It answers with an outcome per job; a job without one counts as failed, an error fails all,
 * nothing at all (undefined) means all are done. `signal` aborts when the process must end.
 */
export type BatchHandler = (jobs: Job[], signal: AbortSignal) => Promise<JobOutcome[] | void>

export interface PumpOptions {
  engine: JobEngine
  queue: QueueName
  handler: BatchHandler
  log: Logger
  /** Jobs held at once. */
  slots: number
  /** Jobs of one group held at once, about (default: half of the slots). */
  groupCap?: number
  /** Jobs per handler call at most (default 100). */
  maxBatch?: number
  /** What may be in one batch; default: the group. */
  batchKey?: (job: Job) => string
  /** Handler calls of one batch key at once (default 4). */
  parallel?: number
  /** Groups that must not be fetched now: blocked connections. */
  ignoreGroups?: () => readonly string[]
  /** False: nothing is fetched now; asked each time round. */
  mayFetch?: () => boolean
  /** How often to look when nothing wakes the pump (default 100 ms). */
  pollMs?: number
  /** While a key is being worked on, a batch of it waits this long to fill (default 50 ms). */
  lingerMs?: number
  touchMs?: number
  /** Told of each batch that ended in an error. */
  onError?: () => void
}

export interface Pump {
  start(): void
  wake(): void
  /** Stops fetching, lets running batches end, and hands back within `timeoutMs` (default 10 s) what has not. */
  drain(timeoutMs?: number): Promise<void>
  /** Jobs held now. */
  held(): number
  /** When the pump last came round: fetched, or found that it has no room. In ms since 1970; null before it starts. */
  turnedAt(): number | null
}

/** The jobs of one batch key: those waiting for a batch, and how many batches run. */
interface Lane {
  waiting: Job[]
  running: number
  timer?: NodeJS.Timeout | undefined
}

/**
 * Takes jobs from a queue and feeds them, in batches, to a handler. It never holds more than its slots; a slot is
 * free again only when the completion is committed, for a sooner fetch would find the group still at its cap.
 */
export function createPump(options: PumpOptions): Pump {
  const { engine, queue, slots, log } = options
  const { groupCap = Math.max(1, Math.ceil(slots / 2)), maxBatch = 100, parallel = 4 } = options
  const { batchKey = (job: Job) => job.group, pollMs = 100, lingerMs = 50, touchMs = 3_000 } = options
  const held = new Map<string, Job>()
  const perGroup = new Map<string, number>()
  const lanes = new Map<string, Lane>()
  const ending = new AbortController()
  const settler = createSettler(engine, log, release)
  let stopping = false
  let looping: Promise<void> | undefined
  let turnedAt: number | null = null
  let touching: NodeJS.Timeout | undefined
  let awake: (() => void) | undefined
  let woken = false
  let stopListening = (): void => {}

  function wake(): void {
    woken = true
    awake?.()
  }

  function hold(job: Job): void {
    held.set(job.id, job)
    perGroup.set(job.group, (perGroup.get(job.group) ?? 0) + 1)
  }

  function release(jobs: readonly Job[]): void {
    for (const job of jobs) {
      if (!held.delete(job.id)) continue
      const left = (perGroup.get(job.group) ?? 1) - 1
      if (left > 0) perGroup.set(job.group, left)
      else perGroup.delete(job.group)
    }
    wake()
  }

  async function pause(ms: number): Promise<void> {
    if (woken || stopping) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      awake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    awake = undefined
  }

  /** @returns true when there may be more to fetch at once */
  async function fetchSome(): Promise<boolean> {
    const wanted = Math.min(slots - held.size, groupCap)
    if (wanted <= 0 || options.mayFetch?.() === false) return false
    const full = [...perGroup].filter(([, count]) => count >= groupCap).map(([group]) => group)
    const jobs = await engine.fetch(queue, wanted, [...full, ...(options.ignoreGroups?.() ?? [])])
    for (const job of jobs) {
      hold(job)
      const key = batchKey(job)
      const lane = lanes.get(key) ?? { waiting: [], running: 0 }
      lanes.set(key, lane)
      lane.waiting.push(job)
    }
    for (const key of new Set(jobs.map(batchKey))) dispatch(key)
    return jobs.length === wanted
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      woken = false
      try {
        const more = await fetchSome()
        turnedAt = Date.now()
        if (!more) await pause(pollMs)
      } catch (error) {
        log.error({ err: error, queue }, 'jobs could not be fetched')
        await pause(1_000)
      }
    }
  }

  /** Starts what is ready: at once when the key is idle or a batch is full, else after the linger. */
  function dispatch(key: string, lingered = false): void {
    const lane = lanes.get(key)
    if (!lane || stopping) return
    while (lane.waiting.length > 0 && lane.running < parallel) {
      if (lane.running > 0 && lane.waiting.length < maxBatch && !lingered) {
        lane.timer ??= setTimeout(() => {
          lane.timer = undefined
          dispatch(key, true)
        }, lingerMs)
        return
      }
      void run(key, lane, lane.waiting.splice(0, maxBatch))
    }
    if (lane.waiting.length === 0 && lane.running === 0) lanes.delete(key)
  }

  async function run(key: string, lane: Lane, jobs: Job[]): Promise<void> {
    lane.running += 1
    try {
      settler.settle(jobs, await options.handler(jobs, ending.signal))
    } catch (error) {
      log.error({ err: error, queue, jobs: jobs.length }, 'a batch failed')
      options.onError?.()
      const failure = {
        code: (error as { code?: string }).code ?? 'internal',
        message: (error as Error).message,
      }
      settler.settle(
        jobs,
        jobs.map(({ id }) => ({ id, state: 'failed', failure })),
      )
    }
    lane.running -= 1
    dispatch(key)
  }

  function touch(): void {
    if (held.size === 0) return
    engine
      .touch([...held.values()])
      .catch((error: unknown) => log.warn({ err: error, queue }, 'jobs could not be touched'))
  }

  async function waitUntilEmpty(until: number): Promise<void> {
    while (held.size > 0 && Date.now() < until) {
      await settler.flush()
      if (held.size > 0) await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }

  async function drain(timeoutMs = 10_000): Promise<void> {
    const started = Date.now()
    stopping = true
    stopListening()
    wake()
    await looping
    const unstarted = [...lanes.values()].flatMap((lane) => {
      clearTimeout(lane.timer)
      return lane.waiting.splice(0)
    })
    await settler.handBack(unstarted)
    await waitUntilEmpty(started + timeoutMs * 0.6)
    ending.abort()
    await waitUntilEmpty(started + timeoutMs * 0.9)
    await settler.handBack([...held.values()])
    clearInterval(touching)
  }

  return {
    wake,
    drain,
    held: () => held.size,
    turnedAt: () => turnedAt,
    start() {
      stopListening = engine.onSent((name) => name === queue && wake())
      turnedAt = Date.now()
      touching = setInterval(touch, touchMs)
      looping = loop()
    },
  }
}
