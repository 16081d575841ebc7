import { ConnectorError, type Page } from '@crosswalk/connectors/sdk'
import { PRIORITY } from '../jobs/types.ts'
import { AccountTrouble } from '../pipeline/batch.ts'
import { batchContext } from '../pipeline/context.ts'
import { sourceTrouble } from '../pipeline/read.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import { forgetLost, saveReconcileDays, takesInSince } from '../store/reconcile.ts'
import { raiseWant } from '../store/records.ts'
import { addRunProgress, getRunById, moveRun } from '../store/runs.ts'
import type { Executor, RunRow } from '../store/schema.ts'
import type { LiveDeps } from './live.ts'
import { comparePage, type PageFindings } from './reconcile-page.ts'
import { addFindings, describeSums, type Sums } from './reconcile-sums.ts'
import { recordJob } from './sync-jobs.ts'
import { noteHealthy, waitForAccount } from './trouble.ts'

/** Days a comparison goes back unless told otherwise: a month and its edges. */
export const RECONCILE_DAYS = 35
/** Records changed so shortly before a comparison began are still on their way. */
const SETTLING_MS = 10 * 60_000
const STRETCH_MS = 5_000
const DAY_MS = 86_400_000

/** Where a comparison stands: the source's position, what it is measured by, and the sums so far. */
interface ReconcileCursor {
  position: unknown
  /** Start of the first day, ISO. */
  from: string
  /** The source's time when it began, ISO; null before the first page. */
  began: string | null
  sums: Sums
}

/**
 * A stretch of a comparison of both sides of a flow. Reads the records made in the last days, page by page, and what the
 * target holds of them. What is missing or incomplete is marked as changed; nothing is written to either side here.
 * @returns ms until the job must come again, null when it need not
 */
export async function workReconcile(
  run: RunRow,
  flow: FlowRuntime,
  signal: AbortSignal,
  deps: LiveDeps,
): Promise<number | null> {
  const until = deps.clock.now() + STRETCH_MS
  let cursor = (run.cursor ?? firstCursor(run, deps)) as unknown as ReconcileCursor
  const takesIn = await takesInSince(deps.store.db, flow.row)
  while (deps.clock.now() < until && !signal.aborted && !deps.leaving?.aborted) {
    if ((await getRunById(deps.store.db, run.id))?.state !== 'running') return null
    let after: ReconcileCursor | null
    try {
      after = await workPage(run, flow, cursor, takesIn, signal, deps)
    } catch (error) {
      return await dealWith(error, run, flow, deps)
    }
    if (after === null) return null
    cursor = after
  }
  return 0
}

/** Busy and refusing accounts are waited for; a target that cannot be read at all ends the run with its reason. */
async function dealWith(
  error: unknown,
  run: RunRow,
  flow: FlowRuntime,
  deps: LiveDeps,
): Promise<number | null> {
  if (error instanceof ConnectorError) {
    await moveRun(deps.store.db, run.workspace_id, run.id, 'failed', error.publicMessage)
    return null
  }
  if (!(error instanceof AccountTrouble)) throw error
  const wait = await waitForAccount(flow, deps, error)
  return wait === 'stopped' ? 60_000 : (wait ?? 1_000)
}

function firstCursor(run: RunRow, deps: LiveDeps): ReconcileCursor {
  const days = (run.options as { days?: number }).days ?? RECONCILE_DAYS
  const today = Math.floor(deps.clock.now() / DAY_MS) * DAY_MS
  return { position: null, from: new Date(today - days * DAY_MS).toISOString(), began: null, sums: {} }
}

/** @returns the cursor after the page, null when nothing follows: it was the last one, or the run was stopped */
async function workPage(
  run: RunRow,
  flow: FlowRuntime,
  cursor: ReconcileCursor,
  takesIn: Date | null,
  signal: AbortSignal,
  deps: LiveDeps,
): Promise<ReconcileCursor | null> {
  const page = await readPage(flow, cursor, signal)
  const began = cursor.began ?? page.sourceClock ?? new Date(deps.clock.now()).toISOString()
  const natives = new Map(page.records.map((native) => [flow.source.definition.key(native), native]))
  const options = { lane: 'bulk', runId: run.id, dryRun: true, trace: false, signal } as const
  const found = await comparePage(
    natives,
    {
      from: Date.parse(cursor.from),
      // By the beginning of the whole comparison, so that a record that changes while it runs is not met twice.
      settled: Date.parse(began) - SETTLING_MS,
      takesInSince: takesIn?.getTime() ?? null,
    },
    batchContext(flow, [], options, deps),
  )
  noteHealthy(flow.target.connection.id, flow.id, deps.reach)
  const after = { ...cursor, position: page.next, began, sums: addFindings(cursor.sums, found.findings) }
  const going = await deps.store.db
    .transaction()
    .execute((tx) => storePage(tx, run, flow, page, found, after, deps))
  return going && page.next !== null ? after : null
}

async function readPage(
  flow: FlowRuntime,
  cursor: ReconcileCursor,
  signal: AbortSignal,
): Promise<Page<unknown>> {
  const { definition, connection } = flow.source
  const request = {
    position: cursor.position,
    changedAfter: null,
    createdFrom: cursor.from,
    limit: Math.min(definition.pageSize, 100),
    detail: flow.detail,
  }
  try {
    return await connection.http.drive(definition.page(request, connection.context()), {
      lane: 'bulk',
      signal,
    })
  } catch (error) {
    throw sourceTrouble(error)
  }
}

/**
 * One transaction: marks with their jobs, progress, and after the last page the days themselves. A run that was paused or
 * cancelled meanwhile stores nothing of the page. @returns whether it was stored
 */
async function storePage(
  tx: Executor,
  run: RunRow,
  flow: FlowRuntime,
  page: Page<unknown>,
  found: PageFindings,
  cursor: ReconcileCursor,
  deps: LiveDeps,
): Promise<boolean> {
  const row = await tx.selectFrom('run').select('state').where('id', '=', run.id).forUpdate().executeTakeFirst() // prettier-ignore
  if (row?.state !== 'running') return false
  const source = flow.source.connection.id
  await raiseWant(tx, source, flow.entity, found.marks)
  await forgetLost(tx, { id: flow.id, entity: flow.entity, sourceConnectionId: source }, found.lost)
  const ends = { id: flow.id, entity: flow.entity, targetConnectionId: flow.target.connection.id }
  if (found.marks.length > 0) {
    const jobs = found.marks.map((id) => recordJob(ends, id, { priority: PRIORITY.bulk }))
    await deps.engine.send(tx, jobs)
  }
  const count = (...verdicts: string[]): number =>
    found.findings.filter((finding) => verdicts.includes(finding.verdict)).length
  await addRunProgress(tx, run.id, {
    done: page.records.length,
    // A difference that is only shown changes nothing.
    unchanged: count('level', 'differing'),
    updated: found.marks.length,
    failed: count('failed'),
    skipped: Math.max(0, page.records.length - found.findings.length),
    cursor: { ...cursor },
    ...(page.total === null ? {} : { total: page.total }),
  })
  if (page.next === null) {
    const days = Object.values(cursor.sums)
    const checkedAt = new Date(deps.clock.now())
    await saveReconcileDays(tx, flow, cursor.from.slice(0, 10), days, checkedAt)
    await moveRun(tx, run.workspace_id, run.id, 'succeeded', describeSums(cursor.sums))
  }
  return true
}
