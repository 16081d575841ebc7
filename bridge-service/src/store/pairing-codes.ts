import { sql } from 'kysely'
import { newId } from './ids.ts'
import { type Executor, json } from './schema.ts'
import type { PairingCodeRow, PairingOffer } from './site-schema.ts'
import type { SealedPlace, Vault } from './vault.ts'

/** How long a code may be used, in minutes. */
export const PAIRING_MINUTES = 10
/** How often a site may begin with a code, or prove it wrongly. */
export const PAIRING_TRIES = 5

const placeOf = (row: Pick<PairingCodeRow, 'id' | 'workspace_id'>): SealedPlace => ({
  workspaceId: row.workspace_id,
  rowId: row.id,
  field: 'pairing_code.key',
})

/** Saves a code, by what is derived from it. @returns until when it may be used */
export async function savePairingCode(
  db: Executor,
  of: { workspaceId: string; name: string; key: Uint8Array; siteUrl: string | null; createdBy: string },
  vault: Vault,
): Promise<{ id: string; expiresAt: Date }> {
  await db
    .deleteFrom('pairing_code')
    .where('created_at', '<', sql<Date>`now() - interval '1 day'`)
    .execute()
  const row = { id: newId('pairingCode'), workspace_id: of.workspaceId }
  const saved = await db
    .insertInto('pairing_code')
    .values({
      ...row,
      name: of.name,
      key: vault.seal(of.key, placeOf(row)),
      site_url: of.siteUrl,
      created_by: of.createdBy,
    })
    .returning(sql<Date>`created_at + ${PAIRING_MINUTES}::int * interval '1 minute'`.as('expires_at'))
    .executeTakeFirstOrThrow()
  return { id: row.id, expiresAt: saved.expires_at }
}

/** The code of that name, and whether its time is over. */
export async function findPairingCode(
  db: Executor,
  name: string,
): Promise<(PairingCodeRow & { expired: boolean }) | undefined> {
  return db
    .selectFrom('pairing_code')
    .selectAll()
    .select(sql<boolean>`created_at < now() - ${PAIRING_MINUTES}::int * interval '1 minute'`.as('expired'))
    .where('name', '=', name)
    .executeTakeFirst()
}

/** What both sides prove to know. @throws UnsealError */
export const openPairingKey = (row: PairingCodeRow, vault: Vault): Buffer => vault.open(row.key, placeOf(row))

/** Counts a try, with what is offered to the site in it. @returns false when there are none left */
export async function countPairingTry(
  db: Executor,
  id: string,
  offer: PairingOffer | null,
): Promise<boolean> {
  const row = await db
    .updateTable('pairing_code')
    .set((eb) => ({ tries: eb('tries', '+', 1), offer: offer === null ? null : json(offer) }))
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('tries', '<', PAIRING_TRIES)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Uses a code up. @returns false when somebody was quicker */
export async function usePairingCode(db: Executor, id: string): Promise<boolean> {
  const row = await db
    .updateTable('pairing_code')
    .set({ used_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
