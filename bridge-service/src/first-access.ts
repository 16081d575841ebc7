import { sql } from 'kysely'
import { createAccessKey, findAccessKey, listAccessKeys } from './store/access-keys.ts'
import type { CrosswalkService } from './service.ts'
import type { Executor } from './store/schema.ts'
import { createWorkspace, listWorkspaces } from './store/workspaces.ts'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Where the owner's key of the first start is kept for the next ones, beside the data directory. */
export const ownerKeyFile = (dataDir: string): string => `${dataDir.replace(/\/+$/, '')}.owner-key`

async function keepKey(file: string, key: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${key}\n`, { mode: 0o600 })
  await chmod(file, 0o600)
}

/**
 * After a restore: makes a new owner's key where the one that is kept is gone or does not open this store.
 * @returns true when one was made
 */
export async function renewOwnerKey(db: Executor, dataDir: string): Promise<boolean> {
  const file = ownerKeyFile(dataDir)
  const kept = await readFile(file, 'utf8').catch(() => '')
  const [workspace] = await listWorkspaces(db)
  if (!workspace || (await findAccessKey(db, kept.trim()))) return false
  const { key } = await createAccessKey(db, { workspaceId: workspace.id, name: 'Restored', role: 'owner' })
  await keepKey(file, key)
  return true
}

/**
 * The way in for whoever started the service: at first start a workspace and an owner's key are made, and the key is
 * kept in a file only this user can read. Of processes that start on one store at once a single one makes them.
 * @returns the key, or null where the file is gone (make a new one then)
 */
export async function firstAccess(
  service: Pick<CrosswalkService, 'store' | 'config'>,
): Promise<{ workspaceId: string; key: string | null }> {
  const { db, schema } = service.store
  const file = ownerKeyFile(service.config.dataDir)
  return db.transaction().execute(async (tx) => {
    const lock = `first access:${schema}`
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}::text, 0))`.execute(tx)
    const [workspace] = await listWorkspaces(tx)
    const workspaceId = (workspace ?? (await createWorkspace(tx, 'My business'))).id
    const keys = await listAccessKeys(tx, workspaceId)
    const kept = await readFile(file, 'utf8').then(
      (text) => text.trim(),
      () => null,
    )
    if (keys.length > 0) return { workspaceId, key: kept }
    const { key } = await createAccessKey(tx, { workspaceId, name: 'First start', role: 'owner' })
    await keepKey(file, key)
    return { workspaceId, key }
  })
}
