import { sql } from 'kysely'
import { type Candidate, type Executor, json, type MatchCaseRow, type MatchState } from './schema.ts'

/** A case as the pipeline met it. */
export interface MetCase {
  id: string
  workspaceId: string
  flowId: string
  role: string
  object: string
  externalId: string
  candidates: readonly Candidate[]
}

/** These cases of a flow, by id: decided ones and ones that wait. */
export async function readCases(db: Executor, ids: readonly string[]): Promise<Map<string, MatchCaseRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('match_case')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

const VOID = sql`(m.state = 'candidate' and not exists (
  select 1 from jsonb_array_elements(excluded.candidates) as c where c->>'id' = m.target_id))`

/**
 * Stores cases that somebody has to decide. One that is there keeps the time it came up, and its decision unless that is
 * for a record that is no candidate any more.
 * @returns those that were decided meanwhile
 */
export async function keepCases(db: Executor, cases: readonly MetCase[]): Promise<Set<string>> {
  const distinct = [...new Map(cases.map((met) => [met.id, met])).values()]
  if (distinct.length === 0) return new Set()
  await sql`
    insert into match_case as m (id, workspace_id, flow_id, role, object, external_id, candidates)
    select id, "workspaceId", "flowId", role, object, "externalId", candidates
      from json_to_recordset(${json(distinct)}::json) as i(id text, "workspaceId" text, "flowId" text, role text,
        object text, "externalId" text, candidates jsonb)
     order by id
    on conflict (id) do update
      set candidates = excluded.candidates, external_id = excluded.external_id, updated_at = now(),
          state = case when ${VOID} then 'open' else m.state end,
          target_id = case when ${VOID} then null else m.target_id end,
          decided_by = case when ${VOID} then null else m.decided_by end,
          decided_at = case when ${VOID} then null else m.decided_at end
      where m.candidates is distinct from excluded.candidates or ${VOID}`.execute(db)
  const { rows } = await sql<{ id: string }>`
    select id from match_case where state <> 'open' and id = any(${distinct.map((met) => met.id)}::text[])`.execute(
    db,
  )
  return new Set(rows.map((row) => row.id))
}

export interface CaseCursor {
  createdAt: Date
  id: string
}

export interface CaseFilter {
  flowId: string
  /** Those that wait, or those that were decided. */
  open?: boolean
  role?: string
  after?: CaseCursor
  /** At most 200. */
  limit: number
}

/** A case with the number of records that wait for it, and that the last match report met it in. */
export type ListedCase = MatchCaseRow & { waiting: number; records: number | null }

/** Cases of a flow with the number of records that wait for each, in the order in which they came up, paged by key. */
export async function listCases(db: Executor, filter: CaseFilter): Promise<ListedCase[]> {
  const { after } = filter
  return db
    .selectFrom('match_case')
    .selectAll()
    .select(
      sql<number>`(select count(*) from link where link.flow_id = match_case.flow_id
        and link.last_error->>'match' = match_case.id)`.as('waiting'),
    )
    .select(
      sql<number | null>`(select m.records from match_entry m
        where m.run_id = (select id from run where run.flow_id = match_case.flow_id and kind = 'match'
                           order by created_at desc limit 1)
          and m.role = match_case.role and m.id = match_case.id)`.as('records'),
    )
    .where('flow_id', '=', filter.flowId)
    .$if(filter.open !== undefined, (query) => query.where('state', filter.open ? '=' : '<>', 'open'))
    .$if(filter.role !== undefined, (query) => query.where('role', '=', filter.role as string))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(created_at, id) > (${after?.createdAt}::timestamptz, ${after?.id}::text)`),
    )
    .orderBy('created_at')
    .orderBy('id')
    .limit(Math.min(Math.max(filter.limit, 1), 200))
    .execute()
}

/** One case of a flow. */
export async function getCase(db: Executor, flowId: string, id: string): Promise<MatchCaseRow | undefined> {
  return db
    .selectFrom('match_case')
    .selectAll()
    .where('flow_id', '=', flowId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/**
 * Decides cases. `oldest`: of each the candidate that comes first, which is the one made first.
 * @returns ids of the cases that were decided
 */
export async function decideCases(
  db: Executor,
  flowId: string,
  ids: readonly string[],
  decision: { state: MatchState | 'oldest'; targetId?: string | null; actor: string },
): Promise<string[]> {
  if (ids.length === 0) return []
  const { state, targetId, actor } = decision
  const open = state === 'open'
  const rows = await db
    .updateTable('match_case')
    .set({
      state: state === 'oldest' ? 'candidate' : state,
      target_id:
        state === 'oldest'
          ? sql<string>`candidates->0->>'id'`
          : state === 'candidate'
            ? (targetId ?? null)
            : null,
      decided_by: open ? null : actor,
      decided_at: open ? null : sql<Date>`now()`,
      updated_at: sql<Date>`now()`,
    })
    .where('flow_id', '=', flowId)
    .where('id', 'in', [...new Set(ids)])
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/** Records of a flow that wait for these cases, in order of id, after one of them. */
export async function findWaiting(
  db: Executor,
  flowId: string,
  ids: readonly string[],
  page: { after: string; limit: number },
): Promise<string[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ external_id: string }>`
    select external_id from link
     where flow_id = ${flowId} and last_error->>'match' = any(${[...ids]}::text[]) and external_id > ${page.after}
     order by external_id limit ${page.limit}`.execute(db)
  return rows.map((row) => row.external_id)
}

/** Forgets cases of a flow that wait for nobody's decision any more: of these only open ones. */
export async function forgetCases(db: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db
    .deleteFrom('match_case')
    .where('id', 'in', [...new Set(ids)])
    .where('state', '=', 'open')
    .execute()
}
