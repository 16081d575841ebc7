import { sql } from 'kysely'
import type { Executor } from './schema.ts'

/** Failed records of a flow that wait for a row of a lookup table. */
export interface MissingRows {
  table: string
  /** Null where the value is not kept. */
  value: string | null
  count: number
  /** The newest three. */
  examples: { flowId: string; externalId: string; label: string | null }[]
}

/** What lookup tables lack, by the records that failed for want of it, most records first. */
export async function listMissingRows(db: Executor, workspaceId: string, table?: string): Promise<MissingRows[]> {
  const { rows } = await sql<{ name: string; value: string | null; count: number; examples: MissingRows['examples'] }>`
    select last_error->'lookup'->>'table' as name, last_error->'lookup'->>'value' as value, count(*)::int as count,
           (array_agg(json_build_object('flowId', flow_id, 'externalId', external_id, 'label', label)
                      order by updated_at desc))[1:3] as examples
      from link
     where workspace_id = ${workspaceId} and state = 'failed' and last_error->'lookup' is not null
       and (${table ?? null}::text is null or last_error->'lookup'->>'table' = ${table ?? null})
     group by 1, 2 order by count desc, value nulls last limit 1000`.execute(db)
  return rows.map(({ name, ...row }) => ({ ...row, table: name }))
} // prettier-ignore

/** A page of a flow's records that wait for a row of a table, by external id. */
export async function listWaitingFor(
  db: Executor,
  want: { workspaceId: string; flowId: string; table: string; after: string; limit: number },
): Promise<{ externalId: string; value: string | null }[]> {
  const { rows } = await sql<{ external_id: string; value: string | null }>`
    select external_id, last_error->'lookup'->>'value' as value from link
     where workspace_id = ${want.workspaceId} and flow_id = ${want.flowId} and state = 'failed'
       and last_error->'lookup'->>'table' = ${want.table} and external_id > ${want.after}
     order by external_id limit ${want.limit}`.execute(db)
  return rows.map((row) => ({ externalId: row.external_id, value: row.value }))
}
