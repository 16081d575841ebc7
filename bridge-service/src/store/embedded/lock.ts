import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { processPlace, startOf } from '../process-name.ts'

/** How often the owner touches its lock, and after how long without a touch another machine's lock counts as left. */
const TOUCH_MS = 3_000
const FOREIGN_STALE_MS = 12_000

interface Owner {
  pid: number
  /** Start time of the process, so that a reused pid is not taken for the owner. */
  started: string
  /** Machine and pid namespace: only inside it can the pid be looked up. */
  place: string
  nonce: string
}

export interface DataLock {
  release(): void
}

/** Another process has the data directory open. */
export class DataDirectoryInUse extends Error {
  override name = 'DataDirectoryInUse'
}

function read(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`The lock file ${path} cannot be read (${(error as Error).message}).`, { cause: error })
  }
}

/** Another place's pid cannot be looked up: its owner lives as long as it touches the file. */
async function touchedWithin(path: string, ms: number): Promise<boolean> {
  const before = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  if (before === undefined || Date.now() - before > ms) return false
  for (let waited = 0; waited < ms; waited += 250) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    const now = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (now === undefined) return false
    if (now !== before) return true
  }
  return false
}

async function isAlive(path: string, owner: Owner): Promise<boolean> {
  if (owner.place !== processPlace()) return touchedWithin(path, FOREIGN_STALE_MS)
  return startOf(owner.pid) === owner.started
}

function tryCreate(path: string, mine: Owner): boolean {
  const temporary = `${path}.${mine.nonce}`
  writeFileSync(temporary, JSON.stringify(mine), { mode: 0o600 })
  try {
    linkSync(temporary, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** Replaces a stale lock. Only the holder of the guard named after that very lock may, so two can never both win. */
async function takeOver(path: string, stale: Owner, mine: Owner): Promise<boolean> {
  const guard = `${path}.takeover-${stale.nonce}`
  await acquire(guard, mine)
  try {
    if (read(path)?.nonce !== stale.nonce) return false
    const temporary = `${path}.${mine.nonce}`
    writeFileSync(temporary, JSON.stringify(mine), { mode: 0o600 })
    renameSync(temporary, path)
    return true
  } finally {
    rmSync(guard, { force: true })
  }
}

async function acquire(path: string, mine: Owner): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    if (tryCreate(path, mine)) return
    const owner = read(path)
    if (!owner) continue
    if (await isAlive(path, owner)) {
      throw new DataDirectoryInUse(
        `The data directory is in use by process ${owner.pid} (lock file ${path}). ` +
          'The embedded store allows one process; stop that one, or set DATABASE_URL to use PostgreSQL.',
      )
    }
    if (await takeOver(path, owner, mine)) return
  }
  throw new DataDirectoryInUse(`The lock file ${path} changes all the time; is another process starting?`)
}

/**
 * Takes the lock of a data directory, which PGlite itself does not have (two processes would silently lose rows).
 * A lock whose process has ended is taken over.
 * @throws {DataDirectoryInUse} when its owner is alive
 */
export async function lockDataDirectory(path: string): Promise<DataLock> {
  const mine = {
    pid: process.pid,
    started: startOf(process.pid) ?? 'unknown',
    place: processPlace(),
    nonce: randomUUID(),
  }
  await acquire(path, mine)
  const timer = setInterval(() => {
    const now = new Date()
    try {
      utimesSync(path, now, now)
    } catch {
      // The file is gone: someone removed it by hand. The next start will simply find no lock.
    }
  }, TOUCH_MS)
  timer.unref()
  return {
    release() {
      clearInterval(timer)
      if (read(path)?.nonce === mine.nonce) rmSync(path, { force: true })
    },
  }
}
