import { sql } from 'kysely'
import type { Executor } from './schema.ts'

/** How many records of a flow stand failed, and when the last of them was touched. */
export interface FailedFlow {
  flowId: string
  count: number
  lastAt: Date
}

/** Flows with failed records: read from the index of failures alone. */
export async function listFailedFlows(db: Executor): Promise<FailedFlow[]> {
  const { rows } = await sql<{ flow_id: string; count: number; last_at: Date }>`
    select flow_id, count(*) as count, max(updated_at) as last_at from link where state = 'failed'
     group by workspace_id, flow_id`.execute(db)
  return rows.map((row) => ({ flowId: row.flow_id, count: row.count, lastAt: row.last_at }))
}

/** Failed records of one flow that fail alike. */
export interface FailureCause {
  flowId: string
  code: string
  /** The field it is about; empty where none is named. */
  field: string
  count: number
  /** In the words of the newest. */
  message: string
  /** Numbers of the newest, as people know them. */
  examples: string[]
  firstAt: Date
}

/** Causes that are told apart at most, per flow; the largest. */
const MOST_CAUSES = 20

/** Failures of the given flows by cause. */
export async function listFailureCauses(
  db: Executor,
  workspaceIds: readonly string[],
  flowIds: readonly string[],
): Promise<FailureCause[]> {
  if (flowIds.length === 0) return []
  const { rows } = await sql<{
    flow_id: string
    code: string
    field: string
    count: number
    message: string
    examples: (string | null)[]
    first_at: Date
  }>`
    select * from (
      select *, row_number() over (partition by flow_id order by count desc, code, field) as place from (
        select flow_id, code, field, count(*) as count, min(updated_at) as first_at,
               (array_agg(message order by updated_at desc))[1] as message,
               (array_agg(label order by updated_at desc))[1:3] as examples
          from (select flow_id, updated_at, coalesce(label, external_id) as label,
                       coalesce(last_error->>'code', 'unknown') as code,
                       coalesce(last_error->>'field', last_error->>'target', last_error->'fields'->>0, '') as field,
                       coalesce(last_error->>'message', reason, '') as message
                  from link
                 where workspace_id = any(${workspaceIds}::text[]) and flow_id = any(${flowIds}::text[])
                   and state = 'failed') as failed
         group by flow_id, code, field) as cause) as placed
     where place <= ${MOST_CAUSES} order by flow_id, place`.execute(db)
  return rows.map((row) => ({
    flowId: row.flow_id,
    code: row.code,
    field: row.field,
    count: row.count,
    message: row.message,
    examples: row.examples.filter((one) => one !== null),
    firstAt: row.first_at,
  }))
}
