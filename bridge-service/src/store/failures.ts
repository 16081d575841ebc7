import { sql } from 'kysely'
import type { Executor, LinkRow } from './schema.ts'

/** Sets a failed record aside until it changes at the source. @returns undefined where it is not failed (any more) */
export async function skipFailure(
  db: Executor,
  workspaceId: string,
  flowId: string,
  externalId: string,
  reason: string,
): Promise<LinkRow | undefined> {
  return db
    .updateTable('link')
    .set({ state: 'skipped', reason, last_error: null, next_try_at: null, updated_at: sql<Date>`now()` })
    .where('workspace_id', '=', workspaceId)
    .where('flow_id', '=', flowId)
    .where('external_id', '=', externalId)
    .where('state', '=', 'failed')
    .returningAll()
    .executeTakeFirst()
}

/** When each flow last brought a record level. */
export async function lastSyncs(
  db: Executor,
  workspaceId: string,
): Promise<{ flowId: string; syncedAt: Date }[]> {
  const { rows } = await sql<{ flow_id: string; synced_at: Date }>`
    select flow_id, max(synced_at) as synced_at from link
     where workspace_id = ${workspaceId} and synced_at is not null group by flow_id`.execute(db)
  return rows.map((row) => ({ flowId: row.flow_id, syncedAt: row.synced_at }))
}
