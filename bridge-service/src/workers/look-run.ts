import { ConnectorError, isPassing } from '@crosswalk/connectors/sdk'
import { AccountTrouble, type BatchContext } from '../pipeline/batch.ts'
import { batchContext } from '../pipeline/context.ts'
import type { RecordWork } from '../pipeline/work.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import { forgetUnmet } from '../store/match-entries.ts'
import { addRunProgress, getRunById, moveRun, type RunProgress } from '../store/runs.ts'
import type { Executor, RunKind, RunRow } from '../store/schema.ts'
import type { LiveDeps } from './live.ts'
import { matchPage } from './match-page.ts'
import { previewPage } from './preview-page.ts'
import { afterStretch, isLeaving, STRETCH_MS } from './run-end.ts'
import { hasDates, lookingAt, readScope, type Scope, type ScopePage, type ScopePosition } from './scope.ts'
import { noteHealthy, waitForAccount } from './trouble.ts'

/** What a look makes of a page. `first` is the place of its first record in the whole run. */
export type LookPage = (
  works: readonly RecordWork[],
  scope: Scope,
  context: BatchContext,
  first: number,
) => Promise<{
  counts: Omit<RunProgress, 'cursor' | 'total'>
  store: (tx: Executor, runId: string) => Promise<void>
}>

const LOOKS: Partial<Record<RunKind, LookPage>> = { match: matchPage, preview: previewPage }

/** Runs that only look: they need no flow that is live, and write nothing to either side. */
export const isLook = (run: Pick<RunRow, 'kind'>): boolean => LOOKS[run.kind] !== undefined

const scopeOf = (run: RunRow): Scope => (run.options as { scope?: Scope }).scope ?? {}

interface LookCursor {
  position: ScopePosition | null
  /** The rules that its records were looked at with: others would tell another story. */
  rules?: string
  vain?: number
  ended?: boolean
}

const RULES_MOVED = 'The rules of the flow were changed while this ran. Start it again.'

/**
 * A stretch of a run that looks at records page by page: the next page is read while one is worked on, and what a page
 * came to is stored together with the place after it, so that memory stays the same however many there are.
 * @returns ms until the job must come again, null when it need not
 */
export async function workLook(
  run: RunRow,
  flow: FlowRuntime,
  signal: AbortSignal,
  deps: LiveDeps,
): Promise<number | null> {
  const cursor = (run.cursor ?? { position: null }) as unknown as LookCursor
  if (cursor.ended) return end(deps.store.db, run)
  if (cursor.rules !== undefined && cursor.rules !== flow.rulesHash) {
    await moveRun(deps.store.db, run.workspace_id, run.id, 'failed', RULES_MOVED)
    return null
  }
  const scope = scopeOf(run)
  const reach = lookingAt(flow, scope)
  const read = (position: ScopePosition | null): Promise<ScopePage> => {
    const page = readScope(reach, scope, position, { lane: 'bulk', signal }, deps)
    page.catch(() => undefined)
    return page
  }
  const until = deps.clock.now() + STRETCH_MS
  let latest = run
  let coming = read(cursor.position)
  try {
    for (;;) {
      const [present, page] = await Promise.all([getRunById(deps.store.db, run.id), coming])
      if (present?.state !== 'running') return null
      const goesOn = page.next !== null && deps.clock.now() < until && !isLeaving(signal, deps)
      if (goesOn) coming = read(page.next)
      latest = await workPage(latest, page, scope, reach, signal, deps)
      if (page.next === null) return null
      if (!goesOn) return 0
    }
  } catch (error) {
    await coming.catch(() => undefined)
    if (!(error instanceof AccountTrouble)) throw error
    return afterTrouble(error, latest, flow, deps)
  }
}

async function workPage(
  run: RunRow,
  page: ScopePage,
  scope: Scope,
  flow: FlowRuntime,
  signal: AbortSignal,
  deps: LiveDeps,
): Promise<RunRow> {
  const look = LOOKS[run.kind] as LookPage
  const options = { lane: 'bulk', runId: run.id, dryRun: true, trace: false, imported: hasDates(scope), signal } as const // prettier-ignore
  const { counts, store } = await look(page.works, scope, batchContext(flow, [], options, deps), run.done)
  noteHealthy(flow.source.connection.id, flow.id)
  noteHealthy(flow.target.connection.id, flow.id)
  const cursor: LookCursor = { position: page.next, rules: flow.rulesHash, ended: page.next === null }
  return deps.store.db.transaction().execute(async (tx) => {
    await store(tx, run.id)
    // Some sources count, and list, records outside the dates as well.
    const all = page.next === null ? run.done + (counts.done ?? 0) : page.total
    const total = page.next === null || (all !== null && run.total === null) ? { total: all } : {}
    const row = await addRunProgress(tx, run.id, { ...counts, cursor: { ...cursor }, ...total })
    if (!row) throw new Error(`run ${run.id} is gone`)
    if (page.next === null) await end(tx, row)
    return row
  })
}

/** What failed is what the run has found, not its own failure. One that is held meanwhile ends when it goes on. */
async function end(tx: Executor, run: RunRow): Promise<null> {
  if (run.state !== 'running') return null
  const scope = scopeOf(run)
  const isWhole = scope.last === undefined && scope.externalIds === undefined && !scope.from && !scope.to
  if (run.kind === 'match') await forgetUnmet(tx, run, isWhole)
  await moveRun(tx, run.workspace_id, run.id, 'succeeded')
  return null
}

async function afterTrouble(
  trouble: AccountTrouble,
  run: RunRow,
  flow: FlowRuntime,
  deps: LiveDeps,
): Promise<number | null> {
  const wait = await waitForAccount(flow, deps, trouble)
  if (wait === 'stopped') return afterStretch({ kind: 'stopped' }, run, deps)
  const { cause, side } = trouble
  const unreadable = side === 'source' && cause instanceof ConnectorError && !isPassing(cause.kind)
  const reason = unreadable ? { reason: cause.publicMessage } : {}
  return afterStretch({ kind: 'wait', ms: wait ?? 1_000, ...reason }, run, deps)
}
