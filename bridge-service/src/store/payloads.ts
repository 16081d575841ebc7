import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { sql } from 'kysely'
import { eraseFromPacks } from './attempt-packs.ts'
import { type Executor, json } from './schema.ts'
import type { SealedPlace, Vault } from './vault.ts'

const placeOf = (id: string, workspaceId: string): SealedPlace => ({
  workspaceId,
  rowId: id,
  field: 'payload.sealed',
})

/** A payload far beyond this was not made by us. */
const LARGEST_BYTES = 64 * 2 ** 20

/** Packed, for drafts repeat themselves, then sealed for its row alone. */
export const sealPayload = (content: unknown, id: string, workspaceId: string, vault: Vault): Buffer =>
  vault.seal(
    deflateRawSync(JSON.stringify(content), { level: constants.Z_BEST_SPEED }),
    placeOf(id, workspaceId),
  )

/** @throws UnsealError when it was moved, changed, or sealed with a key that is gone */
export function openPayload(sealed: Uint8Array, id: string, workspaceId: string, vault: Vault): unknown {
  const packed = vault.open(sealed, placeOf(id, workspaceId))
  return JSON.parse(inflateRawSync(packed, { maxOutputLength: LARGEST_BYTES }).toString()) as unknown
}

export interface NewPayload {
  /** Made with `newId('payload')`: the payload is sealed under it. */
  id: string
  workspaceId: string
  /** Keyed hash of the person's e-mail address, so that it can be found and erased. */
  subjectHash?: string | null
  kind: string
  sealed: Uint8Array
  expiresAt: Date
}

/** Stores sealed payloads in one statement. */
export async function addPayloads(db: Executor, payloads: readonly NewPayload[]): Promise<void> {
  if (payloads.length === 0) return
  const input = payloads.map((payload) => ({
    ...payload,
    sealed: Buffer.from(payload.sealed).toString('hex'),
  }))
  await sql`
    insert into payload (id, workspace_id, subject_hash, kind, sealed, expires_at)
    select id, "workspaceId", "subjectHash", kind, decode(sealed, 'hex'), "expiresAt"
      from json_to_recordset(${json(input)}::json) as i(
        id text, "workspaceId" text, "subjectHash" text, kind text, sealed text, "expiresAt" timestamptz)`.execute(
    db,
  )
}

/** Everything kept about a person, for the export. */
export async function findPayloads(
  db: Executor,
  workspaceId: string,
  subjectHash: string,
): Promise<{ id: string; kind: string; sealed: Buffer; expires_at: Date }[]> {
  const rows = await db
    .selectFrom('payload')
    .select(['id', 'kind', 'sealed', 'expires_at'])
    .where('workspace_id', '=', workspaceId)
    .where('subject_hash', '=', subjectHash)
    .orderBy('id')
    .execute()
  return rows as { id: string; kind: string; sealed: Buffer; expires_at: Date }[]
}

/** Erases a person's payloads and histories' details, and leaves a tombstone, so that no sweep brings the person back. @returns how many */
export async function eraseSubject(
  tx: Executor,
  workspaceId: string,
  subjectHash: string,
  vault: Vault,
): Promise<number> {
  await tx
    .insertInto('tombstone')
    .values({ workspace_id: workspaceId, subject_hash: subjectHash })
    // Erased again: whatever came in between goes, too.
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'subject_hash']).doUpdateSet({ at: sql<Date>`now()` }),
    )
    .execute()
  const gone = await tx
    .deleteFrom('payload')
    .where('workspace_id', '=', workspaceId)
    .where('subject_hash', '=', subjectHash)
    .returning('id')
    .execute()
  const ofPerson = tx.selectFrom('attempt').select(['pack', 'external_id as externalId'])
  const kept = await ofPerson
    .where('workspace_id', '=', workspaceId)
    .where('subject_hash', '=', subjectHash)
    .execute()
  await eraseFromPacks(
    tx,
    kept.flatMap(({ pack, externalId }) => (pack === null ? [] : [{ pack, externalId }])),
    vault,
  )
  const details = await tx
    .updateTable('attempt')
    .set({ pack: null, subject_hash: null })
    .where('workspace_id', '=', workspaceId)
    .where('subject_hash', '=', subjectHash)
    .returning('id')
    .execute()
  return gone.length + details.length
}

/** Which of these persons were erased, and when last. */
export async function findErased(
  db: Executor,
  workspaceId: string,
  subjectHashes: readonly string[],
): Promise<Map<string, Date>> {
  if (subjectHashes.length === 0) return new Map()
  const rows = await db
    .selectFrom('tombstone')
    .select(['subject_hash', 'at'])
    .where('workspace_id', '=', workspaceId)
    .where('subject_hash', 'in', [...new Set(subjectHashes)])
    .execute()
  return new Map(rows.map((row) => [row.subject_hash, row.at]))
}
