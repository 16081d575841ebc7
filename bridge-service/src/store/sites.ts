import { sql } from 'kysely'
import type { Executor } from './schema.ts'
import type { SiteRow } from './site-schema.ts'
import type { SealedPlace, Vault } from './vault.ts'

const placeOf = (row: Pick<SiteRow, 'id' | 'workspace_id'>): SealedPlace => ({
  workspaceId: row.workspace_id,
  rowId: row.id,
  field: 'site.key',
})

/** Saves a site. One that was paired before at this address is replaced: its former key signs nothing any more. */
export async function saveSite(
  tx: Executor,
  of: { id: string; workspaceId: string; url: string; pluginVersion: string; key: Uint8Array },
  vault: Vault,
): Promise<SiteRow> {
  await tx.deleteFrom('site').where('workspace_id', '=', of.workspaceId).where('url', '=', of.url).execute()
  const row = { id: of.id, workspace_id: of.workspaceId }
  return tx
    .insertInto('site')
    .values({ ...row, url: of.url, plugin_version: of.pluginVersion, key: vault.seal(of.key, placeOf(row)) })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export const findSite = async (db: Executor, id: string): Promise<SiteRow | undefined> =>
  db.selectFrom('site').selectAll().where('id', '=', id).executeTakeFirst()

/** What a site signs with. @throws UnsealError */
export const openSiteKey = (row: SiteRow, vault: Vault): Buffer => vault.open(row.key, placeOf(row))

export const listSites = async (db: Executor, workspaceId: string): Promise<SiteRow[]> =>
  db
    .selectFrom('site')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()

/** @returns its address, or undefined when the workspace has no such site */
export async function deleteSite(db: Executor, workspaceId: string, id: string): Promise<string | undefined> {
  const row = await db
    .deleteFrom('site')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returning('url')
    .executeTakeFirst()
  return row?.url
}

/** Takes a nonce, once. @returns false where the site has used it before */
export async function useNonce(db: Executor, siteId: string, nonce: string): Promise<boolean> {
  const { rows } = await sql`
    insert into site_nonce (site_id, nonce) select id, ${nonce}::text from site where id = ${siteId}::text
    on conflict do nothing returning nonce`.execute(db)
  return rows.length === 1
}

/** Notes that a site called, at most once a minute. */
export async function touchSite(db: Executor, id: string): Promise<void> {
  await db
    .updateTable('site')
    .set({ last_seen_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where(sql<boolean>`(last_seen_at is null or last_seen_at < now() - interval '1 minute')`)
    .execute()
}
