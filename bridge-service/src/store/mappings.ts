import { sql } from 'kysely'
import { type Executor, json, type JsonObject, type MappingRow } from './schema.ts'

/**
 * Adds a mapping version and makes it the flow's current one. Versions never change. Run it in a transaction.
 * @param expectedVersion the version the user edited; another one meanwhile means a conflict
 * @returns undefined on such a conflict, or when the workspace has no such flow
 */
export async function addMapping(
  tx: Executor,
  mapping: {
    workspaceId: string
    flowId: string
    document: JsonObject
    note?: string | null
    createdBy?: string | null
    expectedVersion?: number
  },
): Promise<MappingRow | undefined> {
  const flow = await tx
    .updateTable('flow')
    .set({ mapping_version: sql<number>`mapping_version + 1`, updated_at: sql<Date>`now()` })
    .where('workspace_id', '=', mapping.workspaceId)
    .where('id', '=', mapping.flowId)
    .$if(mapping.expectedVersion !== undefined, (query) =>
      query.where('mapping_version', '=', mapping.expectedVersion as number),
    )
    .returning('mapping_version')
    .executeTakeFirst()
  if (!flow) return undefined
  return tx
    .insertInto('mapping')
    .values({
      flow_id: mapping.flowId,
      version: flow.mapping_version,
      document: json(mapping.document),
      note: mapping.note ?? null,
      created_by: mapping.createdBy ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** A version of a flow's mapping; workers may cache it for ever. */
export async function getMapping(
  db: Executor,
  flowId: string,
  version: number,
): Promise<MappingRow | undefined> {
  return db
    .selectFrom('mapping')
    .selectAll()
    .where('flow_id', '=', flowId)
    .where('version', '=', version)
    .executeTakeFirst()
}

/** The versions of a flow's mapping, newest first, without their documents. */
export async function listMappings(
  db: Executor,
  workspaceId: string,
  flowId: string,
): Promise<Omit<MappingRow, 'document'>[]> {
  return db
    .selectFrom('mapping')
    .innerJoin('flow', 'flow.id', 'mapping.flow_id')
    .select([
      'mapping.flow_id',
      'mapping.version',
      'mapping.note',
      'mapping.created_at',
      'mapping.created_by',
    ])
    .where('flow.workspace_id', '=', workspaceId)
    .where('mapping.flow_id', '=', flowId)
    .orderBy('mapping.version', 'desc')
    .execute()
}
