import type { Job } from '../jobs/types.ts'
import type { JobOutcome } from '../jobs/pump.ts'
import { FlowNotReady, type FlowRuntime } from '../runtime/flow-runtime.ts'
import { getCursor, saveCursor } from '../store/cursors.ts'
import { loadFlows, noteFlowTrouble } from '../store/flows.ts'
import { addRunProgress, getRunById, moveRun } from '../store/runs.ts'
import type { Executor } from '../store/schema.ts'
import type { LiveDeps } from './live.ts'
import { workPages } from './pages.ts'
import type { PageProgress } from './stretch.ts'
import { isLook, workLook } from './look-run.ts'
import { workReconcile } from './reconcile.ts'
import { workReplay } from './replay.ts'
import { afterStretch, finishRun, isLeaving, STOPPED_MS, STRETCH_MS } from './run-end.ts'
import { sinceFrom, startOf } from './scope.ts'
import { underLease } from './stretch-lease.ts'
import { waitForAccount } from './trouble.ts'

/** How soon to look again when another worker is at the same run. */
const BUSY_MS = 2_000
interface RunCursor {
  position: unknown
  counted?: string[]
  /** How often the list could not be read at this position. */
  vain?: number
  /** The list was read to its end while the run was held: nothing is left to read when it goes on. */
  ended?: boolean
}
interface SweepCursor {
  position: unknown
  /** Lower bound of this pass, by the source's clock. */
  since: string | null
  /** Source's time when this pass began: where the next one starts. */
  began: string | null
}

/** Works on `chunk` jobs: stretches of backfills and sweeps. */
export async function workChunks(
  jobs: readonly Job[],
  signal: AbortSignal,
  deps: LiveDeps,
): Promise<JobOutcome[]> {
  return Promise.all(
    jobs.map(async (job): Promise<JobOutcome> => {
      const { runId, sweep } = job.data as { runId?: string; sweep?: string }
      const name = runId ?? sweep
      if (name === undefined) return { id: job.id, state: 'done' }
      const wait = await underLease(deps.store.db, name, 'work', deps.holder, signal, (held) =>
        runId ? workRun(runId, held, deps) : workSweep(name, held, deps),
      )
      if (wait === undefined) return { id: job.id, state: 'again', afterMs: BUSY_MS }
      return wait === null ? { id: job.id, state: 'done' } : { id: job.id, state: 'again', afterMs: wait }
    }),
  )
}

async function flowOrNull(flowId: string, deps: LiveDeps): Promise<FlowRuntime | string> {
  try {
    return await deps.flows.get(flowId)
  } catch (error) {
    if (error instanceof FlowNotReady) return error.message
    throw error
  }
}

/** A stretch of a backfill, a reconciliation, a replay or a look. @returns ms until the job must come again, null when it need not. */
async function workRun(runId: string, signal: AbortSignal, deps: LiveDeps): Promise<number | null> {
  let run = await getRunById(deps.store.db, runId)
  if (!run || (run.state !== 'queued' && run.state !== 'running')) return null
  const flow = await flowOrNull(run.flow_id, deps)
  if (typeof flow === 'string') {
    await moveRun(deps.store.db, run.workspace_id, runId, 'failed', flow)
    return null
  }
  // It goes on by itself when its flow does. Looking needs no flow that is live.
  if (!isLook(run) && flow.row.state !== 'active') return STOPPED_MS
  const held = await waitForAccount(flow, deps)
  if (held === 'stopped') return STOPPED_MS
  if (held !== null) return held
  if (run.state === 'queued') run = await moveRun(deps.store.db, run.workspace_id, runId, 'running')
  if (isLook(run)) return workLook(run, flow, signal, deps)
  if (run.kind === 'reconcile') return workReconcile(run, flow, signal, deps)
  if (run.kind === 'replay') return workReplay(run, flow, signal, deps)
  const options = run.options as { from?: string | null; imported?: boolean; existing?: boolean }
  const cursor = (run.cursor ?? { position: null }) as unknown as RunCursor
  if (cursor.ended) {
    await finishRun(deps.store.db, run)
    return null
  }
  const from = options.from === undefined ? startOf(flow) : options.from
  const until = deps.clock.now() + STRETCH_MS
  const end = await workPages(
    {
      flow: sinceFrom(flow, from),
      position: cursor.position,
      changedAfter: null,
      createdFrom: from,
      reconsiderSkipped: from !== startOf(flow) && options.existing !== true,
      knownOnly: options.existing === true,
      runId,
      imported: options.imported ?? true,
      lane: 'bulk',
      counted: cursor.counted ?? [],
    },
    async (tx, progress) => {
      const row = await addRunProgress(tx, runId, {
        ...progress.counts,
        cursor: { position: progress.next, counted: progress.counted, ended: progress.finished },
        ...(progress.total !== null && run?.total === null ? { total: progress.total } : {}),
      })
      if (row) run = row
      if (progress.finished && row) await finishRun(tx, row)
    },
    {
      inTime: () => deps.clock.now() < until && !isLeaving(signal, deps),
      wanted: () => isRunning(runId, flow.id, deps),
    },
    signal,
    deps,
  )
  return afterStretch(end, run, deps)
}

async function isRunning(runId: string, flowId: string, deps: LiveDeps): Promise<boolean> {
  const row = await getRunById(deps.store.db, runId)
  return row?.state === 'running' && (await isActive(flowId, deps))
}

async function isActive(flowId: string, deps: LiveDeps): Promise<boolean> {
  return (await loadFlows(deps.store.db, [flowId])).get(flowId)?.state === 'active'
}

/** A stretch of a sweep: what changed since the last pass began, with overlap. */
async function workSweep(flowId: string, signal: AbortSignal, deps: LiveDeps): Promise<number | null> {
  const flow = await flowOrNull(flowId, deps)
  if (typeof flow === 'string' || flow.row.state !== 'active') return null
  const held = await waitForAccount(flow, deps)
  if (held === 'stopped') return null
  if (held !== null) return held
  const row = await getCursor(deps.store.db, flowId, 'sweep')
  const cursor = (row?.position ?? { position: null, since: null, began: null }) as unknown as SweepCursor
  const overlapMs = flow.source.connection.connector.sweep.overlapSeconds * 1_000
  const since = cursor.since ?? (row?.source_clock ? row.source_clock.toISOString() : null)
  const changedAfter = since === null ? null : new Date(new Date(since).getTime() - overlapMs).toISOString()
  const until = deps.clock.now() + STRETCH_MS
  let began = cursor.position === null ? null : cursor.began
  const end = await workPages(
    {
      flow,
      position: cursor.position,
      changedAfter: flow.source.definition.listsByChange ? changedAfter : null,
      createdFrom: null,
      reconsiderSkipped: false,
      knownOnly: false,
      runId: null,
      imported: false,
      lane: 'live',
      counted: [],
    },
    async (tx, progress) => {
      began ??= progress.sourceClock
      await saveSweep(tx, flowId, progress, since, began)
    },
    {
      inTime: () => deps.clock.now() < until && !isLeaving(signal, deps),
      wanted: () => isActive(flowId, deps),
    },
    signal,
    deps,
  )
  if (end.kind === 'wait') {
    if (end.reason !== undefined) await noteFlowTrouble(deps.store.db, flowId, end.reason)
    return end.ms
  }
  if (end.kind === 'end' || end.kind === 'more') await noteFlowTrouble(deps.store.db, flowId, null)
  return end.kind === 'more' ? 0 : null
}

function saveSweep(
  tx: Executor,
  flowId: string,
  progress: PageProgress,
  since: string | null,
  began: string | null,
): Promise<void> {
  const position: SweepCursor = progress.finished
    ? { position: null, since: null, began: null }
    : { position: progress.next, since, began }
  // Only a whole pass moves the clock: an interrupted one is gone on with, from the same lower bound.
  const clock = progress.finished ? (began ?? since) : since
  return saveCursor(tx, flowId, 'sweep', { ...position }, clock === null ? null : new Date(clock))
}
