import type { JobOutcome } from '../../../bridge-service/src/jobs/pump.ts'
import type { Job, QueueName } from '../../../bridge-service/src/jobs/types.ts'
import { workChunks } from '../../../bridge-service/src/workers/chunk.ts'
import { workLive, type LiveDeps } from '../../../bridge-service/src/workers/live.ts'
import { sweepJob, type RecordJob } from '../../../bridge-service/src/workers/sync-jobs.ts'
import type { VirtualWorld } from './world.ts'

/** Without an end: more rounds than this and something goes round in circles. */
const MOST_ROUNDS = 20_000

/** The service's workers, which here work only when told. Each batch is a worker of its own. */
export function createWorkers(world: VirtualWorld) {
  const { service, time } = world
  const never = new AbortController().signal
  let batches = 0
  const deps = (): LiveDeps => ({
    store: service.store,
    vault: service.vault,
    budget: service.budget,
    clock: time,
    log: service.log,
    allowHosts: [...service.allowHosts],
    engine: service.engine,
    flows: service.flows,
    holder: `soak:1:${(batches += 1)}`,
    faultPoint: () => undefined,
    notesIntents: service.config.intents,
  })

  /** Takes due jobs of a queue and works on them, `parallel` batches of them side by side. @returns how many */
  async function work(queue: QueueName, most: number, parallel: number): Promise<number> {
    const jobs = await service.engine.fetch(queue, most, service.budget.blocked())
    if (jobs.length === 0) return 0
    const size = Math.ceil(jobs.length / parallel)
    const groups = Array.from({ length: parallel }, (_, i) => jobs.slice(i * size, (i + 1) * size))
    await Promise.all(groups.filter((group) => group.length > 0).map((group) => workOn(queue, group)))
    return jobs.length
  }

  async function workOn(queue: QueueName, jobs: Job[]): Promise<void> {
    let outcomes: JobOutcome[]
    try {
      outcomes =
        queue === 'record'
          ? await workLive(jobs as RecordJob[], never, deps())
          : await workChunks(jobs, never, deps())
    } catch (error) {
      service.log.error({ err: error }, 'a batch failed')
      await service.engine.fail(jobs, { code: 'internal', message: (error as Error).message })
      return
    }
    const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]))
    const of = (state: JobOutcome['state']) => jobs.filter(({ id }) => byId.get(id)?.state === state)
    await service.engine.complete(of('done'))
    for (const job of of('again')) {
      const outcome = byId.get(job.id)
      await service.engine.again([job], outcome?.state === 'again' ? outcome.afterMs : 0)
    }
  }

  /** When the next job is due, in ms from now; null when none waits. */
  async function nextDue(): Promise<number | null> {
    const [row] = await service.store.raw<{ at: Date | null }>(
      `select min(start_after) as at from ${service.store.schema}_jobs.job
        where name in ('record', 'chunk') and state < 'active'`,
    )
    return row?.at ? Math.max(0, row.at.getTime() - time.now()) : null
  }

  return {
    work,
    /** Sends the job that reads what changed in the shop. */
    sweep: async (): Promise<void> => {
      const flow = await service.flows.get(world.flowId)
      await service.engine.send(null, [sweepJob(flow.id, flow.target.connection.id)])
    },
    /** Works, letting time pass, until no job is left. Throws when that has no end: a queue that is stuck. */
    drain: async (): Promise<void> => {
      for (let round = 0; round < MOST_ROUNDS; round += 1) {
        const done = (await work('record', 400, 2)) + (await work('chunk', 5, 1))
        if (done > 0) continue
        const due = await nextDue()
        if (due === null) return
        await time.pass(Math.max(due, 200))
      }
      throw new Error('P6: the queue does not come to an end')
    },
  }
}
export type Workers = ReturnType<typeof createWorkers>
