import { sql } from 'kysely'
import type { Executor } from './schema.ts'

/**
 * Records of a flow whose documents have these ids in the target. With `several` a record may have more than one (a
 * product's variations), which stand among its parts; that reads all links of the flow. Records deleted at the source
 * hold nothing: their place may be taken again.
 */
export async function findHolders(
  db: Executor,
  want: { flowId: string; object: string; ids: readonly string[]; several: boolean },
): Promise<{ externalId: string; targetId: string }[]> {
  if (want.ids.length === 0) return []
  const { rows } = want.several
    ? await sql<{ external_id: string; target_id: string }>`
        select l.external_id, part.value->>'id' as target_id from link l, jsonb_each(l.parts) part
         where l.flow_id = ${want.flowId} and l.target_object = ${want.object} and l.state <> 'deleted'
           and starts_with(part.key, 'document') and part.value->>'id' = any(${[...want.ids]}::text[])`.execute(
        db,
      )
    : await sql<{ external_id: string; target_id: string }>`
        select external_id, target_id from link
         where flow_id = ${want.flowId} and target_object = ${want.object} and state <> 'deleted'
           and target_id = any(${[...want.ids]}::text[])`.execute(db)
  return rows.map((row) => ({ externalId: row.external_id, targetId: row.target_id }))
}
