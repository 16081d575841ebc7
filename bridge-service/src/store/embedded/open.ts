import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import type { Logger } from 'pino'
import { valueParsers } from '../values.ts'
import { SyncingNodeFS, syncDirectory } from './filesystem.ts'
import type { DataLock } from './lock.ts'
import { lockDataDirectory } from './lock.ts'
import { refuseAfterPanic } from './panic.ts'
import { createRoom } from './room.ts'

export interface EmbeddedDatabase {
  pglite: PGlite
  /** Syncs that reached the operating system so far. */
  syncs(): number
  /** False while the disk is nearly full. */
  hasRoom(): boolean
  /** Resolves, with the reason, if the database gives up; then it must be opened anew. */
  broken: Promise<Error>
  close(): Promise<void>
}

async function createCluster(directory: string): Promise<void> {
  const fresh = `${directory}.new`
  rmSync(fresh, { recursive: true, force: true })
  const program = fileURLToPath(new URL('./create.ts', import.meta.url))
  const child = spawn(process.execPath, ['--no-warnings', program, fresh], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2_000)))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0)
    throw new Error(`The embedded database could not be created in ${directory}: ${complaint.trim()}`)
  renameSync(fresh, directory)
}

/**
 * Without `-F` and with `wal_sync_method=fsync` each commit syncs. `jit`, workers and the like stay as PGlite has
 * them. 16 MB of shared buffers instead of 128 MB: the system's page cache does the rest.
 */
function startParams(schema: string): string[] {
  const kept = PGlite.defaultStartParams.filter((param) => param !== '-F')
  const path = kept.indexOf('search_path=public')
  if (path >= 0) kept[path] = `search_path=${schema}`
  const set = [
    'wal_sync_method=fsync',
    'shared_buffers=16MB',
    'TimeZone=UTC',
    'random_page_cost=1.1',
    'min_wal_size=32MB',
    'max_wal_size=128MB',
  ]
  return [...kept, ...set.flatMap((setting) => ['-c', setting])]
}

/** Warns when a write does not reach the disk: the sync leans on an object that PGlite may change. */
export async function testSync(
  pglite: Pick<PGlite, 'exec'>,
  files: Pick<SyncingNodeFS, 'syncs'>,
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  const before = files.syncs
  await pglite.exec(`create table if not exists public.sync_test (at timestamptz);
    delete from public.sync_test; insert into public.sync_test values (now());`)
  if (files.syncs === before) {
    log.warn(
      'The embedded store does not sync its writes to the disk: a power failure may lose data. ' +
        'Set DATABASE_URL to use PostgreSQL.',
    )
  }
}

async function openLocked(
  dataDir: string,
  schema: string,
  log: Logger,
  lock: DataLock,
): Promise<EmbeddedDatabase> {
  const cluster = join(dataDir, 'pg')
  if (!existsSync(cluster)) {
    log.info('creating the embedded database')
    await createCluster(cluster)
    if (process.platform !== 'win32') syncDirectory(dataDir)
  }
  const files = new SyncingNodeFS(cluster)
  const pglite = await PGlite.create({ fs: files, parsers: valueParsers, startParams: startParams(schema) })
  let gaveUp = false
  const broken = new Promise<Error>((tell) =>
    refuseAfterPanic(pglite, (error) => {
      gaveUp = true
      tell(error)
    }),
  )
  await testSync(pglite, files, log)
  return {
    pglite,
    syncs: () => files.syncs,
    hasRoom: createRoom(cluster),
    broken,
    async close() {
      try {
        if (!gaveUp) await pglite.close()
      } finally {
        lock.release()
      }
    },
  }
}

/**
 * Opens (and at first creates) the embedded database in `dataDir`, for this process alone.
 * @throws {DataDirectoryInUse} when another process has it open
 */
export async function openEmbedded(dataDir: string, schema: string, log: Logger): Promise<EmbeddedDatabase> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const lock = await lockDataDirectory(join(dataDir, 'lock'))
  try {
    return await openLocked(dataDir, schema, log, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}
