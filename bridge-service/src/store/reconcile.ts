import { sql } from 'kysely'
import { type Executor, json, type LinkPart, type ReconcileDayRow } from './schema.ts'

/** A day's comparison in one currency, as it is to be stored. */
export type NewReconcileDay = Omit<ReconcileDayRow, 'flow_id' | 'workspace_id' | 'checked_at'>

/** Puts a finished comparison in the place of what was known of its days: those from `from` (`YYYY-MM-DD`) on. */
export async function saveReconcileDays(
  tx: Executor,
  flow: { id: string; workspaceId: string },
  from: string,
  days: readonly NewReconcileDay[],
  checkedAt: Date,
): Promise<void> {
  await tx.deleteFrom('reconcile_day').where('flow_id', '=', flow.id).where('day', '>=', from).execute()
  if (days.length === 0) return
  await tx
    .insertInto('reconcile_day')
    .values(
      days.map((day) => ({
        ...day,
        examples: json(day.examples),
        flow_id: flow.id,
        workspace_id: flow.workspaceId,
        checked_at: checkedAt,
      })),
    )
    .execute()
}

/** The newest `days` days of a flow that have anything to show, newest first, all their currencies. */
export async function listReconcileDays(
  db: Executor,
  filter: { workspaceId: string; flowId: string; days: number },
): Promise<ReconcileDayRow[]> {
  return db
    .selectFrom('reconcile_day')
    .selectAll()
    .where('workspace_id', '=', filter.workspaceId)
    .where('flow_id', '=', filter.flowId)
    .where('day', 'in', (query) =>
      query
        .selectFrom('reconcile_day')
        .select('day')
        .distinct()
        .where('flow_id', '=', filter.flowId)
        .orderBy('day', 'desc')
        .limit(filter.days),
    )
    .orderBy('day', 'desc')
    .orderBy('currency')
    .execute()
}

/** One day of a flow, all its currencies. */
export async function getReconcileDay(
  db: Executor,
  flow: { workspaceId: string; flowId: string; day: string },
): Promise<ReconcileDayRow[]> {
  return db
    .selectFrom('reconcile_day')
    .selectAll()
    .where('workspace_id', '=', flow.workspaceId)
    .where('flow_id', '=', flow.flowId)
    .where('day', '=', flow.day)
    .orderBy('currency')
    .execute()
}

export interface LastReconcile {
  flowId: string
  checkedAt: Date
  missing: number
  incomplete: number
  differing: number
}

/** What the last comparison of each flow of a workspace found, over all its days. */
export async function lastReconciles(db: Executor, workspaceId: string): Promise<LastReconcile[]> {
  const { rows } = await sql<{
    flow_id: string
    checked_at: Date
    missing: number
    incomplete: number
    differing: number
  }>`
    select d.flow_id, d.checked_at, sum(d.missing)::int as missing, sum(d.incomplete)::int as incomplete,
           sum(d.differing)::int as differing
      from reconcile_day d
      join (select flow_id, max(checked_at) as checked_at from reconcile_day
             where workspace_id = ${workspaceId} group by flow_id) as last using (flow_id, checked_at)
     group by d.flow_id, d.checked_at`.execute(db)
  return rows.map(({ flow_id, checked_at, ...counts }) => ({
    flowId: flow_id,
    checkedAt: checked_at,
    ...counts,
  }))
}

/**
 * All active flows with when their last comparison began (else when they were made), in ms since 1970, and whether one is
 * open. One statement, by the runs' indexes.
 */
export async function listComparable(db: Executor): Promise<{ id: string; last: number; open: boolean }[]> {
  const { rows } = await sql<{ id: string; last: Date; open: boolean }>`
    select f.id, coalesce(r.created_at, f.created_at) as last,
           exists (select 1 from run o where o.flow_id = f.id and o.kind = 'reconcile'
                      and o.state in ('queued','running','paused')) as open
      from flow f
      left join lateral (select created_at from run where flow_id = f.id and kind = 'reconcile'
                          order by created_at desc limit 1) as r on true
     where f.state = 'active' order by f.id`.execute(db)
  return rows.map(({ id, last, open }) => ({ id, last: last.getTime(), open }))
}

/**
 * The moment from which on a flow has taken in every new record: when it first went live, or the start of the earliest
 * finished backfill; null: from the beginning. What is older and was never sent is not missing.
 */
export async function takesInSince(
  db: Executor,
  flow: { id: string; created_at: Date },
): Promise<Date | null> {
  const { rows } = await sql<{ live: Date | null; whole: boolean | null; since: Date | null }>`
    select (select min(at) from audit where subject = ${flow.id} and action = 'flow.active'
               and workspace_id = (select workspace_id from flow where id = ${flow.id})) as live,
           bool_or(options ? 'from' and options->>'from' is null) as whole, min((options->>'from')::timestamptz) as since
      from run where flow_id = ${flow.id} and kind = 'backfill' and state in ('succeeded','partial')
        and not options ? 'existing'`.execute(db)
  const row = rows[0]
  if (row?.whole) return null
  const live = row?.live ?? flow.created_at
  return row?.since && row.since < live ? row.since : live
}

/** A link whose written parts are no longer in the target, and those that still are. */
export interface LostParts {
  externalId: string
  parts: Record<string, LinkPart>
  /** `updated_at` of the link when it was looked at: one that has moved since is left alone. */
  seenAt: Date
}

/**
 * Lets links forget parts that are gone in the target, so that the next go makes them again, and those alone. Call
 * `raiseWant` before, in the same transaction: it holds the records, so that no worker begins on an old link meanwhile.
 * A link that a worker is at is left alone.
 */
export async function forgetLost(
  tx: Executor,
  flow: { id: string; entity: string; sourceConnectionId: string },
  lost: readonly LostParts[],
): Promise<void> {
  if (lost.length === 0) return
  const input = lost.map((one) => ({ external_id: one.externalId, parts: one.parts, seen_at: one.seenAt }))
  await sql`
    update link l set parts = i.parts, complete = false, source_hash = null, updated_at = now()
      from json_to_recordset(${json(input)}::json) as i(external_id text, parts jsonb, seen_at timestamptz)
     where l.flow_id = ${flow.id} and l.external_id = i.external_id and l.updated_at = i.seen_at
       and not exists (select 1 from record r
             where r.connection_id = ${flow.sourceConnectionId} and r.entity = ${flow.entity}
               and r.external_id = i.external_id and r.lease_until > clock_timestamp())`.execute(tx)
}
