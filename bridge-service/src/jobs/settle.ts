import type { Logger } from 'pino'
import type { JobOutcome } from './pump.ts'
import type { Job, JobEngine, JobFailure } from './types.ts'

/** Completions are collected this long and settled in one call. */
const COLLECT_MS = 3

interface Collected {
  done: Job[]
  settled: Job[]
  failed: { job: Job; failure: JobFailure }[]
  again: { job: Job; afterMs: number }[]
}

export interface Settler {
  settle(jobs: readonly Job[], outcomes: readonly JobOutcome[] | void): void
  /** Settles at once what was collected. */
  flush(): Promise<void>
  /** Gives jobs back to the queue, due at once. */
  handBack(jobs: readonly Job[]): Promise<void>
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const list = groups.get(keyOf(item))
    if (list) list.push(item)
    else groups.set(keyOf(item), [item])
  }
  return [...groups.values()]
}

const nothing = (): Collected => ({ done: [], settled: [], failed: [], again: [] })
const missing: JobFailure = { code: 'no_outcome', message: 'the handler gave no outcome for this job' }

/**
 * Collects outcomes and settles them in a few calls; `release` is called after the commit. When the store does not
 * answer, the slots are given free all the same: the jobs go back to the queue when nobody touches them any more.
 */
export function createSettler(
  engine: JobEngine,
  log: Logger,
  release: (jobs: readonly Job[]) => void,
): Settler {
  let collected = nothing()
  let timer: NodeJS.Timeout | undefined
  let last: Promise<void> = Promise.resolve()

  async function attempt(jobs: readonly Job[], call: () => Promise<void>): Promise<void> {
    if (jobs.length === 0) return
    try {
      await call()
    } catch (error) {
      log.error({ err: error, jobs: jobs.length }, 'jobs could not be settled')
    }
    release(jobs)
  }

  async function write(batch: Collected): Promise<void> {
    release(batch.settled)
    await attempt(batch.done, () => engine.complete(batch.done))
    for (const list of groupBy(batch.failed, ({ failure }) => `${failure.code}\n${failure.message}`)) {
      const jobs = list.map(({ job }) => job)
      await attempt(jobs, () => engine.fail(jobs, list[0]?.failure ?? missing))
    }
    for (const list of groupBy(batch.again, ({ afterMs }) => String(afterMs))) {
      const jobs = list.map(({ job }) => job)
      await attempt(jobs, () => engine.again(jobs, list[0]?.afterMs ?? 0))
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const batch = collected
    collected = nothing()
    last = last.then(() => write(batch))
    return last
  }

  return {
    flush,
    settle(jobs, outcomes) {
      const byId = new Map((outcomes ?? []).map((outcome) => [outcome.id, outcome]))
      for (const job of jobs) {
        const outcome = outcomes ? byId.get(job.id) : ({ id: job.id, state: 'done' } as const)
        if (!outcome) collected.failed.push({ job, failure: missing })
        else if (outcome.state === 'failed') collected.failed.push({ job, failure: outcome.failure })
        else if (outcome.state === 'again') collected.again.push({ job, afterMs: outcome.afterMs })
        else collected[outcome.state].push(job)
      }
      timer ??= setTimeout(() => void flush(), COLLECT_MS)
    },
    handBack: (jobs) => attempt(jobs, () => engine.again(jobs, 0)),
  }
}
