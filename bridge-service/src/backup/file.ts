import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { syncDirectory } from '../store/embedded/filesystem.ts'
import type { Store } from '../store/database.ts'
import { dumpStore, type DumpOptions } from './dump.ts'
import { BackupError } from './format.ts'
import type { Lines } from './load.ts'

export interface BackupMade {
  file: string
  rows: number
  bytes: number
  ms: number
}

/** Lines are gathered to this length before they are packed. */
const CHUNK_CHARS = 64 * 1024

/**
 * Writes a backup of the store to `file`, readable for this user only. The file appears when it is whole and on the
 * disk; one that is there already is not replaced. @throws BackupError
 */
export async function writeBackup(store: Store, file: string, options: DumpOptions): Promise<BackupMade> {
  const began = Date.now()
  if (await stat(file).catch(() => null))
    throw new BackupError(`${file} is there already; it is not replaced.`)
  const part = `${file}.part`
  try {
    await mkdir(dirname(file), { recursive: true })
    const handle = await open(part, 'w', 0o600)
    const to = createWriteStream(part, { fd: handle, flush: true })
    const gzip = createGzip({ level: 6 })
    gzip.pipe(to)
    const written = finished(to)
    written.catch(() => undefined)
    let waiting = ''
    const push = async (): Promise<void> => {
      const text = waiting
      waiting = ''
      if (!gzip.write(text)) await Promise.race([once(gzip, 'drain'), written])
    }
    const rows = await dumpStore(store, options, (line) => {
      waiting += `${line}\n`
      return waiting.length >= CHUNK_CHARS ? push() : undefined
    })
    gzip.end(waiting)
    await written
    const { size } = await stat(part)
    await rename(part, file)
    if (process.platform !== 'win32') syncDirectory(dirname(file))
    return { file, rows, bytes: size, ms: Date.now() - began }
  } catch (error) {
    await rm(part, { force: true })
    const code = (error as { code?: string }).code
    if (code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC' || code === 'EPERM' || code === 'ENOTDIR')
      throw new BackupError(`The backup cannot be written to ${file} (${code}).`, { cause: error })
    throw error
  }
}

/** The lines of a backup, unpacked as they are asked for. `close` ends it early. */
export function openBackup(file: string): { lines: Lines; close: () => void } {
  const source = createReadStream(file)
  const gunzip = createGunzip()
  source.on('error', (error) => gunzip.destroy(error))
  const reader = createInterface({ input: source.pipe(gunzip), crlfDelay: Infinity })
  let broken: Error | undefined
  gunzip.on('error', (error) => {
    broken = error
    reader.close()
  })
  const inner = reader[Symbol.asyncIterator]()
  const next: Lines['next'] = async () => {
    const result = await inner.next()
    if (result.done && broken) throw broken
    return result
  }
  return {
    lines: { next },
    close: () => {
      reader.close()
      source.destroy()
    },
  }
}

/** `crosswalk-2026-01-31T12-00-00Z.backup.gz`: names in the order of time, and no character a file system refuses. */
export const backupName = (madeAt: Date): string =>
  `crosswalk-${madeAt.toISOString().slice(0, 19).replaceAll(':', '-')}Z.backup.gz`

/** When a file of that name was made; null for other files. */
export function timeOfName(name: string): Date | null {
  const match = /^crosswalk-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.backup\.gz$/.exec(name)
  return match ? new Date(`${match[1]}T${match[2]}:${match[3]}:${match[4]}Z`) : null
}
