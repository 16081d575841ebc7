import { addRunProgress, getRunById, moveRun } from '../store/runs.ts'
import type { Executor, RunRow } from '../store/schema.ts'
import type { LiveDeps } from './live.ts'
import type { StretchEnd } from './stretch.ts'

/** How long one job goes on before it makes room for others; the next job goes on where it ended. */
export const STRETCH_MS = 5_000
/** How soon to look again whether an account or a flow that stands is used again. */
export const STOPPED_MS = 60_000
/** Times that a list is read in vain in one place before its run stops and says so. */
const VAIN_TRIES = 3

/** No further page is begun when the process is about to end, or the lease is lost. */
export const isLeaving = (signal: AbortSignal, deps: LiveDeps): boolean =>
  signal.aborted || deps.leaving?.aborted === true

/** Ends a run that has come to the end of its list; one that is held meanwhile ends when it goes on. */
export async function finishRun(tx: Executor, row: RunRow): Promise<void> {
  if (row.state !== 'running') return
  await moveRun(tx, row.workspace_id, row.id, row.failed_count > 0 ? 'partial' : 'succeeded')
}

/** What follows a stretch of a run. @returns ms until its job must come again, null when it need not */
export async function afterStretch(end: StretchEnd, run: RunRow, deps: LiveDeps): Promise<number | null> {
  if (end.kind === 'wait')
    return end.reason === undefined ? end.ms : readInVain(end.ms, end.reason, run, deps)
  if (end.kind === 'stopped') return STOPPED_MS
  if (end.kind === 'broken') {
    await moveRun(deps.store.db, run.workspace_id, run.id, 'paused', end.reason)
    return null
  }
  if (end.kind === 'end') return null
  const row = await getRunById(deps.store.db, run.id)
  return row?.state === 'running' ? 0 : null
}

/** A list that stays unreadable (a plugin that breaks its paging) ends the run's tries: a person must look at it. */
async function readInVain(ms: number, reason: string, run: RunRow, deps: LiveDeps): Promise<number | null> {
  const cursor = (run.cursor ?? { position: null }) as { vain?: number }
  const vain = (cursor.vain ?? 0) + 1
  await addRunProgress(deps.store.db, run.id, { cursor: { ...cursor, vain: vain < VAIN_TRIES ? vain : 0 } })
  if (vain < VAIN_TRIES) return ms
  await moveRun(deps.store.db, run.workspace_id, run.id, 'paused', reason)
  return null
}
