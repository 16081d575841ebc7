import { loadFlows } from '../store/flows.ts'
import { listComparable } from '../store/reconcile.ts'
import type { LiveDeps } from './live.ts'
import { dueNow } from './reconcile-times.ts'
import { createRuns, RunRefused } from './runs.ts'

/**
 * Starts the daily comparisons that are due. What began is known by its run in the store, so that neither a restart nor
 * another process loses one or begins it again.
 */
export async function ringReconcile(deps: Pick<LiveDeps, 'store' | 'engine' | 'clock'>): Promise<void> {
  const runs = createRuns(deps)
  const due = dueNow(await listComparable(deps.store.db), deps.clock.now())
  for (const flow of (await loadFlows(deps.store.db, due)).values()) {
    try {
      await runs.start(flow, { kind: 'reconcile', requestedBy: 'crosswalk' })
    } catch (error) {
      // Paused meanwhile, or somebody has just begun one.
      if (!(error instanceof RunRefused)) throw error
    }
  }
}
