import { AccountTrouble, LeaseLost } from '../pipeline/batch.ts'
import { batchContext, claim, dropLeases, orDrop } from '../pipeline/context.ts'
import { takeEdits } from '../pipeline/edits.ts'
import { brokenMapping, syncRecords } from '../pipeline/sync-records.ts'
import { newWork } from '../pipeline/work.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import { listFailures, type FailureCursor } from '../store/failure-lists.ts'
import { loadLinks } from '../store/links.ts'
import { addRunProgress, getRunById } from '../store/runs.ts'
import type { RunRow } from '../store/schema.ts'
import type { LiveDeps } from './live.ts'
import { leaveToJobs } from './page-records.ts'
import { progressOf, storePage } from './page-store.ts'
import { endOf } from './pages.ts'
import { afterStretch, finishRun, isLeaving, STRETCH_MS } from './run-end.ts'
import type { StretchEnd } from './stretch.ts'
import { noteHealthy, pauseFlow } from './trouble.ts'

/** Failed records of a page: as many as a target's batch. */
const PAGE = 100

/** What a replay is to try again: what is open of one cause. */
export interface ReplayOptions {
  groupId: string
}

interface ReplayCursor {
  position: { at: string; flowId: string; externalId: string } | null
  counted?: string[]
  vain?: number
}

const after = ({ position }: ReplayCursor, groupId: string): { after?: FailureCursor } =>
  position === null ? {} : { after: { ...position, groupId, at: new Date(position.at) } }

/**
 * A stretch of a run that tries all failed records of one cause again, those that began to fail last first. Records that
 * fail once more stay where they are and are not come to again, for the run goes on after them.
 * @returns ms until its job must come again, null when it need not
 */
export async function workReplay(
  run: RunRow,
  flow: FlowRuntime,
  signal: AbortSignal,
  deps: LiveDeps,
): Promise<number | null> {
  const { db } = deps.store
  const { groupId } = run.options as unknown as ReplayOptions
  const until = deps.clock.now() + STRETCH_MS
  for (;;) {
    const present = await getRunById(db, run.id)
    if (present?.state !== 'running') return null
    const cursor = (present.cursor ?? { position: null }) as unknown as ReplayCursor
    const rows = await listFailures(db, {
      workspaceId: flow.workspaceId,
      flowId: flow.id,
      state: 'open',
      groupId,
      limit: PAGE,
      ...after(cursor, groupId),
    })
    const last = rows.at(-1)
    if (!last) {
      await finishRun(db, present)
      return null
    }
    const next = { at: last.first_at.toISOString(), flowId: last.flow_id, externalId: last.external_id }
    const end = await replayPage(present, flow, rows.map((row) => row.external_id), { cursor, next }, signal, deps) // prettier-ignore
    if (end) return afterStretch(end, present, deps)
    if (deps.clock.now() >= until || isLeaving(signal, deps)) return 0
  }
}

/** Tries one page of records again. @returns why the run cannot go on just now, or null */
async function replayPage(
  run: RunRow,
  flow: FlowRuntime,
  externalIds: readonly string[],
  { cursor, next }: { cursor: ReplayCursor; next: ReplayCursor['position'] },
  signal: AbortSignal,
  deps: LiveDeps,
): Promise<StretchEnd | null> {
  const readAt = deps.clock.now()
  const { leases: taken, elsewhere } = await claim(flow, externalIds, deps)
  const leases = [...taken.values()]
  const works = await orDrop(leases, deps, async () => {
    await leaveToJobs(elsewhere, flow, deps)
    const links = await loadLinks(deps.store.db, flow.id, [...taken.keys()])
    const made = leases.map((lease) => newWork(lease.externalId, lease, links.get(lease.externalId) ?? null, readAt)) // prettier-ignore
    for (const work of made) work.force = true
    await takeEdits(deps.store.db, flow, made, deps.vault)
    return made
  })
  const context = batchContext(flow, leases, { lane: 'bulk', runId: run.id, trace: true, signal }, deps)
  try {
    const trouble = works.length === 0 ? null : await syncRecords(works, context)
    const broken = brokenMapping(works, context)
    if (broken !== null) {
      await dropLeases(leases, context)
      await pauseFlow(flow, broken, deps)
      return { kind: 'broken', reason: broken.message }
    }
    const again = trouble !== null && !trouble.decided
    const page = { records: [], next, total: null, sourceClock: null }
    const open = { page, position: cursor.position, readAt }
    const progress = progressOf(open, works, [], elsewhere, cursor.counted ?? [], again)
    await storePage(
      works,
      context,
      {
        progress,
        again,
        save: async (tx, { counts, next: position, counted }) => {
          await addRunProgress(tx, run.id, { ...counts, cursor: { position, counted } })
        },
      },
      deps,
    )
    if (trouble) return await endOf(flow, trouble, deps)
    noteHealthy(flow.source.connection.id, flow.id, deps.reach)
    noteHealthy(flow.target.connection.id, flow.id, deps.reach)
    return null
  } catch (error) {
    await dropLeases(leases, context)
    if (error instanceof LeaseLost) return { kind: 'wait', ms: 1_000 }
    if (!(error instanceof AccountTrouble)) throw error
    return await endOf(flow, error, deps)
  }
}
