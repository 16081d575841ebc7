import { createPump, type Pump } from '../jobs/pump.ts'
import type { CallBudget } from '../jobs/budget.ts'
import type { JobEngine } from '../jobs/types.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { RuntimeDeps } from '../runtime/deps.ts'
import { workChunks } from './chunk.ts'
import { workLive, type LiveDeps } from './live.ts'
import type { RecordJob } from './sync-jobs.ts'

/** Stretches of backfills and sweeps at once, over all flows and of one. */
const CHUNK_SLOTS = 16
const CHUNKS_PER_GROUP = 5

interface PumpsOptions extends Pick<RuntimeDeps, 'store' | 'log'> {
  engine: JobEngine
  budget: CallBudget
  metrics: Metrics
  /** Batches of records at once. */
  slots: number
  /** What a batch is worked with; each gets a name of its own. */
  deps: () => LiveDeps
}

/** The two pumps of a process that works: single records, and stretches of lists. Not started yet. */
export function createPumps(options: PumpsOptions): [record: Pump, chunk: Pump] {
  const { engine, log, budget, metrics, store, deps } = options
  const common = {
    engine,
    log,
    ignoreGroups: () => budget.blocked(),
    mayFetch: () => store.hasRoom(),
  }
  return [
    createPump({
      ...common,
      queue: 'record',
      slots: options.slots,
      onError: () => metrics.workFailed('record'),
      batchKey: (job) => String(job.data['flowId']),
      handler: (jobs, signal) => workLive(jobs as RecordJob[], signal, deps()),
    }),
    createPump({
      ...common,
      queue: 'chunk',
      slots: CHUNK_SLOTS,
      groupCap: CHUNKS_PER_GROUP,
      maxBatch: 1,
      onError: () => metrics.workFailed('chunk'),
      handler: (jobs, signal) => workChunks(jobs, signal, deps()),
    }),
  ]
}
