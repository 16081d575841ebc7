import type { Job, JobToSend } from '../jobs/types.ts'
import { PRIORITY } from '../jobs/types.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'

/** Data of a `record` job: which record of which flow is to be brought up to date. */
export interface RecordJobData {
  flowId: string
  externalId: string
  force?: boolean
  /** Sent for values that somebody corrected: forced while those wait. */
  edited?: boolean
  /** When the webhook came that this answers to, in ms since 1970. Of several, the first. */
  at?: number
}

export type RecordJob = Job<RecordJobData & Record<string, unknown>>

/**
 * The job that brings one record of a flow up to date. Several of one record are one job; a forced one stands apart, for
 * of jobs that become one the data of the first stays.
 */
export const recordJob = (
  flow: Pick<FlowRuntime, 'id' | 'entity'> & { targetConnectionId: string },
  externalId: string,
  options: {
    startAfterMs?: number
    priority?: number
    force?: boolean
    edited?: boolean
    at?: number | undefined
  } = {},
): JobToSend => ({
  queue: 'record',
  key: `${flow.id}:${flow.entity}:${externalId}${options.edited ? ':edited' : options.force ? ':force' : ''}`,
  data: {
    flowId: flow.id,
    externalId,
    ...(options.force || options.edited ? { force: true } : {}),
    ...(options.edited ? { edited: true } : {}),
    ...(options.at === undefined ? {} : { at: options.at }),
  },
  group: flow.targetConnectionId,
  priority: options.priority ?? PRIORITY.live,
  ...(options.startAfterMs === undefined ? {} : { startAfterMs: options.startAfterMs }),
})

/** The job that advances a run by a stretch of pages. */
export const chunkJob = (runId: string, targetConnectionId: string, startAfterMs = 0): JobToSend => ({
  queue: 'chunk',
  key: `run:${runId}`,
  data: { runId },
  group: targetConnectionId,
  priority: PRIORITY.bulk,
  startAfterMs,
})

/** The job that reads what changed at a flow's source since its cursor. */
export const sweepJob = (flowId: string, targetConnectionId: string, startAfterMs = 0): JobToSend => ({
  queue: 'chunk',
  key: `sweep:${flowId}`,
  data: { sweep: flowId },
  group: targetConnectionId,
  priority: PRIORITY.retry,
  startAfterMs,
})
