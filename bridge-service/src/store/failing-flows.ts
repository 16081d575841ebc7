import { sql } from 'kysely'
import type { CauseParams } from '@crosswalk/shared/causes'
import type { Executor } from './schema.ts'

/** How many records of a flow stand failed. */
export interface FailingFlow {
  flowId: string
  count: number
  /** Another one whenever a failure begins, ends or has another cause. */
  stamp: string
}

/** Flows with failed records: read from the index of failures alone. */
export async function listFailingFlows(db: Executor): Promise<FailingFlow[]> {
  const { rows } = await sql<{ flow_id: string; count: number; stamp: string }>`
    select flow_id, count(*) as count,
           concat_ws(' ', count(*), max(first_at), sum(hashtext(group_id)::bigint)) as stamp
      from failure where state = 'open' group by workspace_id, flow_id`.execute(db)
  return rows.map((row) => ({ flowId: row.flow_id, count: row.count, stamp: row.stamp }))
}

/** Failed records of one flow that fail for one cause. */
export interface FailingCause {
  flowId: string
  groupId: string
  /** As the newest of them has it. */
  cause: string
  params: CauseParams
  count: number
  /** Numbers of the newest, as people know them. */
  examples: string[]
  firstAt: Date
}

/** Causes that are told apart at most, per flow; the largest. */
const MOST_CAUSES = 20

/** Failures of the given flows by cause. */
export async function listFailingCauses(
  db: Executor,
  workspaceIds: readonly string[],
  flowIds: readonly string[],
): Promise<FailingCause[]> {
  if (flowIds.length === 0) return []
  const { rows } = await sql<{
    flow_id: string
    group_id: string
    count: number
    first_at: Date
    cause: string
    params: CauseParams
    examples: string[]
  }>`
    select placed.flow_id, placed.group_id, placed.count, placed.first_at, newest.cause, newest.params, newest.examples
      from (
        select *, row_number() over (partition by flow_id order by count desc, group_id) as place from (
          select workspace_id, flow_id, group_id, count(*) as count, min(first_at) as first_at from failure
           where workspace_id = any(${workspaceIds}::text[]) and flow_id = any(${flowIds}::text[]) and state = 'open'
           group by workspace_id, flow_id, group_id) as counted) as placed
     cross join lateral (
       select (array_agg(f.cause order by f.first_at desc))[1] as cause,
              (array_agg(f.params order by f.first_at desc))[1] as params,
              array_agg(coalesce(l.label, f.external_id) order by f.first_at desc) as examples
         from (select * from failure
                where workspace_id = placed.workspace_id and state = 'open' and group_id = placed.group_id
                  and flow_id = placed.flow_id order by first_at desc limit 3) as f
         left join link l on l.flow_id = f.flow_id and l.external_id = f.external_id) as newest
     where placed.place <= ${MOST_CAUSES} order by placed.flow_id, placed.place`.execute(db)
  return rows.map((row) => ({
    flowId: row.flow_id,
    groupId: row.group_id,
    cause: row.cause,
    params: row.params,
    count: row.count,
    examples: row.examples,
    firstAt: row.first_at,
  }))
}
