import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Logger } from 'pino'
import { renewOwnerKey } from '../first-access.ts'
import { applicationName, openStore, type Store } from '../store/database.ts'
import { DataDirectoryInUse, lockDataDirectory } from '../store/embedded/lock.ts'
import { migrate, migrations } from '../store/migrations/migrate.ts'
import { openBackup } from './file.ts'
import { BackupError, type BackupHeader } from './format.ts'
import { loadStore, readHeader, type Lines } from './load.ts'

/** Where a backup is restored to: what the service itself would use. */
export interface RestorePlace {
  dataDir: string
  databaseUrl: string | null
  databaseSchema: string
}

export interface Restored {
  header: BackupHeader
  rows: number
  /** Where the store is now that was there before; null where none was. */
  before: string | null
  /** True when a new owner's key had to be made, for the one at hand does not open the restored store. */
  newOwnerKey: boolean
}

const stampOf = (now: Date): string => now.toISOString().replace(/\D/g, '').slice(0, 14)

/**
 * Puts a backup in the place of the store. The backup is read whole into a new store beside the old one, brought to
 * this version's tables, and only then changes places with it: whatever goes wrong before leaves the old store as it was.
 * @param want.force also where a store is; that one is moved aside, never deleted
 * @throws BackupError where a store is and `force` is not, where the service runs, where the file is no whole backup or
 *   is one of a newer version
 */
export async function restoreBackup(
  file: string,
  place: RestorePlace,
  want: { force: boolean; now: Date; log: Logger },
): Promise<Restored> {
  if (!existsSync(file)) throw new BackupError(`There is no file ${file}.`)
  const { lines, close } = openBackup(file)
  try {
    const header = await readHeader(lines)
    const known = new Set(migrations.map(({ name }) => name))
    const unknown = header.migrations.filter((name) => !known.has(name))
    if (unknown.length > 0) {
      throw new BackupError(`The backup was made by a newer version of Crosswalk (it has ${unknown.join(', ')}). Update first.`) // prettier-ignore
    }
    const stamp = stampOf(want.now)
    const into = place.databaseUrl === null ? intoDirectory : intoServer
    return { header, ...(await into(place, header, lines, stamp, want)) }
  } finally {
    close()
  }
}

type Outcome = Omit<Restored, 'header'>

/** Fills a store that has the backup's tables, and brings it to today's. */
async function fill(
  store: Store,
  lines: Lines,
  dataDir: string,
): Promise<Pick<Outcome, 'rows' | 'newOwnerKey'>> {
  try {
    const rows = await loadStore(store, lines)
    await migrate(store.db, store.schema)
    return { rows, newOwnerKey: await renewOwnerKey(store.db, dataDir) }
  } finally {
    await store.close()
  }
}

async function intoDirectory(
  { dataDir, databaseSchema }: RestorePlace,
  header: BackupHeader,
  lines: Lines,
  stamp: string,
  { force, log }: { force: boolean; log: Logger },
): Promise<Outcome> {
  const present = existsSync(join(dataDir, 'pg'))
  const lock = present ? await lockOrRefuse(dataDir) : undefined
  try {
    if (present && !force) throw new BackupError(`There is a store in ${dataDir} already. With --force it is moved aside and the backup takes its place.`) // prettier-ignore
    const fresh = `${dataDir.replace(/[/\\]+$/, '')}.restoring`
    await rm(fresh, { recursive: true, force: true })
    const store = await openStore({
      dataDir: fresh,
      schema: databaseSchema,
      migrations: header.migrations,
      log,
    })
    const filled = await fill(store, lines, dataDir).catch(async (error: unknown) => {
      await rm(fresh, { recursive: true, force: true })
      throw error
    })
    const before = existsSync(dataDir) ? `${dataDir.replace(/[/\\]+$/, '')}.before-${stamp}` : null
    lock?.release()
    if (before !== null) await rename(dataDir, before)
    await rename(fresh, dataDir)
    return { ...filled, before }
  } finally {
    lock?.release()
  }
}

async function lockOrRefuse(dataDir: string) {
  try {
    return await lockDataDirectory(join(dataDir, 'lock'))
  } catch (error) {
    if (!(error instanceof DataDirectoryInUse)) throw error
    throw new BackupError('Crosswalk is running. Stop it, then restore.', { cause: error })
  }
}

async function intoServer(
  { databaseUrl, databaseSchema: schema, dataDir }: RestorePlace,
  header: BackupHeader,
  lines: Lines,
  stamp: string,
  { force, log }: { force: boolean; log: Logger },
): Promise<Outcome> {
  const client = new pg.Client({ connectionString: databaseUrl ?? '' })
  await client.connect()
  const exists = async (name: string): Promise<boolean> =>
    (await client.query('select 1 from pg_namespace where nspname = $1', [name])).rowCount === 1
  try {
    const running = await client.query(
      `select 1 from pg_stat_activity where datname = current_database() and application_name = left($1, 63)`,
      [applicationName(schema)],
    )
    if ((running.rowCount ?? 0) > 0) throw new BackupError('Crosswalk is running on this database. Stop all its processes, then restore.') // prettier-ignore
    const present = await exists(schema)
    if (present && !force) throw new BackupError(`There is a store in schema ${schema} already. With --force it is moved aside and the backup takes its place.`) // prettier-ignore
    const fresh = `${schema}_restoring`
    await client.query(`drop schema if exists ${fresh} cascade`)
    const store = await openStore({
      databaseUrl: databaseUrl ?? '',
      schema: fresh,
      migrations: header.migrations,
      log,
    })
    const filled = await fill(store, lines, dataDir).catch(async (error: unknown) => {
      await client.query(`drop schema if exists ${fresh} cascade`)
      throw error
    })
    const before = present ? `${schema.slice(0, 40)}_before_${stamp}` : null
    await client.query('begin')
    if (before !== null) await client.query(`alter schema ${schema} rename to ${before}`)
    // Jobs of the store that was: the restored one makes its own from its records' marks.
    await client.query(`drop schema if exists ${schema}_jobs cascade`)
    await client.query(`alter schema ${fresh} rename to ${schema}`)
    await client.query('commit')
    return { ...filled, before }
  } finally {
    await client.end()
  }
}
