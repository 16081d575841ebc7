import { sql } from 'kysely'
import type { FailureEnding, FailureRow, FailureState } from './failure-schema.ts'
import type { Executor, JsonObject } from './schema.ts'

type OpenState = Exclude<FailureState, 'ended'>

/** Failures with one cause, as they are read from the index alone. */
export interface GroupCount {
  groupId: string
  flowId: string
  count: number
  firstAt: Date
  /** When the newest of them began. */
  newestAt: Date
}

/** How many failures of a state there are, by cause and flow. */
export async function countFailures(
  db: Executor,
  workspaceId: string,
  state: OpenState,
): Promise<GroupCount[]> {
  const { rows } = await sql<{
    group_id: string
    flow_id: string
    count: number
    first_at: Date
    newest_at: Date
  }>`
    select group_id, flow_id, count(*) as count, min(first_at) as first_at, max(first_at) as newest_at from failure
     where workspace_id = ${workspaceId} and state = ${state} group by group_id, flow_id`.execute(db)
  return rows.map((row) => ({
    groupId: row.group_id,
    flowId: row.flow_id,
    count: row.count,
    firstAt: row.first_at,
    newestAt: row.newest_at,
  }))
}

/** How many failures stand in each state. */
export async function countByState(db: Executor, workspaceId: string): Promise<Record<OpenState, number>> {
  const { rows } = await sql<{ state: OpenState; count: number }>`
    select state, count(*) as count from failure
     where workspace_id = ${workspaceId} and state <> 'ended' group by state`.execute(db)
  const counts = { open: 0, waiting: 0, ignored: 0 }
  for (const { state, count } of rows) counts[state] = count
  return counts
}

/** How many failures ended since a time, by how; when the last one did, at any time. */
export async function countEnded(
  db: Executor,
  workspaceId: string,
  since: Date,
): Promise<{ counts: ReadonlyMap<FailureEnding, number>; lastAt: Date | null }> {
  const { rows } = await sql<{ ended_how: FailureEnding; count: number }>`
    select ended_how, count(*) as count from failure
     where workspace_id = ${workspaceId} and state = 'ended' and closed_at >= ${since}::timestamptz
     group by ended_how`.execute(db)
  const last = await sql<{ closed_at: Date }>`
    select closed_at from failure where workspace_id = ${workspaceId} and state = 'ended' and closed_at is not null
     order by closed_at desc limit 1`.execute(db)
  return {
    counts: new Map(rows.map((row) => [row.ended_how, row.count])),
    lastAt: last.rows[0]?.closed_at ?? null,
  }
}

/** A failure with what its record is called and comes to. */
export type ListedFailure = FailureRow & { label: string | null; summary: JsonObject | null }

/** Where the next page starts: the last row of the page before. */
export interface FailureCursor {
  groupId: string
  at: Date
  flowId: string
  externalId: string
}

export interface FailureFilter {
  workspaceId: string
  state: OpenState
  groupId?: string
  flowId?: string
  after?: FailureCursor
  /** At most 500. */
  limit: number
}

const listed = sql`f.*, l.label, l.summary from failure f
  left join lateral (select label, summary from link
    where flow_id = f.flow_id and external_id = f.external_id limit 1) as l on true`

/** Failures by cause, of each those that began last first, paged by key: a page costs the same at any depth. */
export async function listFailures(db: Executor, filter: FailureFilter): Promise<ListedFailure[]> {
  const { after, flowId, groupId } = filter
  const { rows } = await sql<ListedFailure>`
    select ${listed}
     where f.workspace_id = ${filter.workspaceId} and f.state = ${filter.state}
       ${groupId === undefined ? sql`` : sql`and f.group_id = ${groupId}`}
       ${flowId === undefined ? sql`` : sql`and f.flow_id = ${flowId}`}
       ${after === undefined ? sql`` : afterLast(after)}
     order by f.group_id, f.first_at desc, f.flow_id, f.external_id limit ${Math.min(filter.limit, 500)}`.execute(
    db,
  )
  return rows
}

const afterLast = ({ groupId, at, flowId, externalId }: FailureCursor) => sql`
  and f.group_id >= ${groupId}
  and (f.group_id > ${groupId} or (f.first_at <= ${at}::timestamptz
    and (f.first_at < ${at}::timestamptz or (f.flow_id, f.external_id) > (${flowId}::text, ${externalId}::text))))`

/** Some records of each cause, those that began last first. */
export async function sampleGroups(
  db: Executor,
  of: { workspaceId: string; state: OpenState; groupIds: readonly string[]; each: number },
): Promise<ListedFailure[]> {
  if (of.groupIds.length === 0) return []
  const { rows } = await sql<ListedFailure>`
    select f.*, l.label, l.summary from unnest(${of.groupIds}::text[]) as g(id)
     cross join lateral (
       select * from failure where workspace_id = ${of.workspaceId} and state = ${of.state} and group_id = g.id
        order by first_at desc, flow_id, external_id limit ${of.each}) as f
      left join lateral (select label, summary from link
        where flow_id = f.flow_id and external_id = f.external_id limit 1) as l on true
     order by f.group_id, f.first_at desc, f.flow_id, f.external_id`.execute(db)
  return rows
}

/** What the records of some causes come to, by currency; decimal text. */
export async function sumGroups(
  db: Executor,
  of: { workspaceId: string; state: OpenState; groupIds: readonly string[] },
): Promise<{ groupId: string; currency: string; total: string }[]> {
  if (of.groupIds.length === 0) return []
  const { rows } = await sql<{ group_id: string; currency: string; total: string }>`
    select f.group_id, l.currency, sum(l.total::numeric)::text as total from failure f
     cross join lateral (select summary->>'currency' as currency, summary->>'total' as total from link
       where flow_id = f.flow_id and external_id = f.external_id limit 1) as l
     where f.workspace_id = ${of.workspaceId} and f.state = ${of.state} and f.group_id = any(${of.groupIds}::text[])
       and l.currency is not null and l.total is not null
     group by f.group_id, l.currency order by f.group_id, l.currency`.execute(db)
  return rows.map((row) => ({ groupId: row.group_id, currency: row.currency, total: row.total }))
}

/** When the next of the records that wait is tried again, by cause. */
export async function nextTries(
  db: Executor,
  workspaceId: string,
  groupIds: readonly string[],
): Promise<Map<string, Date>> {
  if (groupIds.length === 0) return new Map()
  const { rows } = await sql<{ group_id: string; at: Date | null }>`
    select group_id, min(next_try_at) as at from failure
     where workspace_id = ${workspaceId} and state = 'waiting' and group_id = any(${groupIds}::text[])
     group by group_id`.execute(db)
  return new Map(rows.flatMap(({ group_id, at }) => (at === null ? [] : [[group_id, at]])))
}

/** Failures that were ignored or have ended, the last first, paged by key. */
export async function listClosed(
  db: Executor,
  filter: {
    workspaceId: string
    state: 'ignored' | 'ended'
    flowId?: string
    after?: { at: Date; id: string }
    limit: number
  },
): Promise<ListedFailure[]> {
  const { after, flowId } = filter
  const { rows } = await sql<ListedFailure>`
    select ${listed}
     where f.workspace_id = ${filter.workspaceId} and f.state = ${filter.state} and f.closed_at is not null
       ${flowId === undefined ? sql`` : sql`and f.flow_id = ${flowId}`}
       ${
         after === undefined
           ? sql``
           : sql`and f.closed_at <= ${after.at}::timestamptz
               and (f.closed_at < ${after.at}::timestamptz or f.id > ${after.id})`
       }
     order by f.closed_at desc, f.id limit ${Math.min(filter.limit, 500)}`.execute(db)
  return rows
}

/** The failure of a record that has not ended, or undefined. */
export async function getFailure(
  db: Executor,
  workspaceId: string,
  flowId: string,
  externalId: string,
): Promise<FailureRow | undefined> {
  return db
    .selectFrom('failure')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('flow_id', '=', flowId)
    .where('external_id', '=', externalId)
    .where('state', '<>', 'ended')
    .executeTakeFirst()
}
