import { sql } from 'kysely'
import { newId } from './ids.ts'
import { type Executor, json, type JsonObject, type LookupRow } from './schema.ts'

/**
 * Stores a lookup table by its name; each change raises its version, which is part of the links' rules hash.
 * @param lookup.expectedVersion the version the user edited (0 = a new one); another one means a conflict
 * @returns undefined on such a conflict
 */
export async function saveLookup(
  db: Executor,
  lookup: {
    workspaceId: string
    name: string
    entries: JsonObject
    /** Used for keys that have no entry; undefined = none, so an unknown key fails the record. */
    fallback?: unknown
    expectedVersion?: number
  },
): Promise<LookupRow | undefined> {
  const fallback = lookup.fallback === undefined ? null : json(lookup.fallback)
  const expected = lookup.expectedVersion
  if (expected !== undefined && expected > 0) {
    return db
      .updateTable('lookup')
      .set({ entries: json(lookup.entries), fallback, version: expected + 1, updated_at: sql<Date>`now()` })
      .where('workspace_id', '=', lookup.workspaceId)
      .where('name', '=', lookup.name)
      .where('version', '=', expected)
      .returningAll()
      .executeTakeFirst()
  }
  const row = { id: newId('lookup'), workspace_id: lookup.workspaceId, name: lookup.name }
  return db
    .insertInto('lookup')
    .values({ ...row, entries: json(lookup.entries), fallback })
    .onConflict((conflict) =>
      expected === 0
        ? conflict.columns(['workspace_id', 'name']).doNothing()
        : conflict.columns(['workspace_id', 'name']).doUpdateSet({
            entries: json(lookup.entries),
            fallback,
            version: sql<number>`lookup.version + 1`,
            updated_at: sql<Date>`now()`,
          }),
    )
    .returningAll()
    .executeTakeFirst()
}

export async function listLookups(db: Executor, workspaceId: string): Promise<LookupRow[]> {
  return db.selectFrom('lookup').selectAll().where('workspace_id', '=', workspaceId).orderBy('name').execute()
}

export async function deleteLookup(db: Executor, workspaceId: string, id: string): Promise<boolean> {
  const row = await db
    .deleteFrom('lookup')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
