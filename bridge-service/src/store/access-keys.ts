import { createHash, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { newId, randomText } from './ids.ts'
import type { AccessKeyRow, AccessKeyTable, Executor } from './schema.ts'

/** `cw_<id>_<secret>`: the id finds the row, the secret (40 characters, 206 bits) proves the caller. */
const SHAPE = /^cw_([0-9a-z]{20})_([0-9a-z]{40})$/

/** A fast hash will do: the secret is random and as long as a key. */
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
/** Compared against where there is no such key, so that both ways take the same time. */
const NO_HASH = hashOf('')

/** Makes a key. `key` is its only showing: the store keeps the hash. */
export async function createAccessKey(
  db: Executor,
  of: { workspaceId: string; name: string; role: AccessKeyTable['role'] },
): Promise<{ row: AccessKeyRow; key: string }> {
  const id = newId('accessKey')
  const secret = randomText(40)
  const row = await db
    .insertInto('access_key')
    .values({
      id,
      workspace_id: of.workspaceId,
      name: of.name,
      role: of.role,
      hash: hashOf(secret),
      hint: `…${secret.slice(-4)}`,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { row, key: `cw_${id.slice(id.indexOf('_') + 1)}_${secret}` }
}

/** The row of a key as a caller sent it; undefined for one that is unknown or wrong. Compares in constant time. */
export async function findAccessKey(db: Executor, key: string): Promise<AccessKeyRow | undefined> {
  const parts = SHAPE.exec(key)
  if (parts === null) return undefined
  const row = await db
    .selectFrom('access_key')
    .selectAll()
    .where('id', '=', `key_${parts[1]}`)
    .executeTakeFirst()
  const right = timingSafeEqual(hashOf(parts[2] ?? ''), row === undefined ? NO_HASH : Buffer.from(row.hash))
  return right ? row : undefined
}

/** Notes that a key was used, at most once a minute. */
export async function touchAccessKey(db: Executor, id: string): Promise<void> {
  await db
    .updateTable('access_key')
    .set({ last_used_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where(sql<boolean>`(last_used_at is null or last_used_at < now() - interval '1 minute')`)
    .execute()
}

export async function listAccessKeys(db: Executor, workspaceId: string): Promise<AccessKeyRow[]> {
  return db
    .selectFrom('access_key')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** @returns false when the workspace has no such key */
export async function deleteAccessKey(db: Executor, workspaceId: string, id: string): Promise<boolean> {
  const row = await db
    .deleteFrom('access_key')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
