import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { backupName, timeOfName } from './file.ts'
import { BackupError } from './format.ts'

const HOUR_MS = 3_600_000

interface ScheduleOptions {
  dir: string
  everyHours: number
  /** Older ones are deleted; files of other names never. */
  keep: number
  /** Writes one. */
  make: (file: string) => Promise<unknown>
  log: Logger
  now: () => number
  /** Told after each look how backups stand: when the newest was made (ms), and why the last try failed. */
  told?: (state: { lastAt: number | null; error: string | null }) => Promise<void>
  /** How often to look whether one is due (default 5 minutes). */
  lookMs?: number
}

/** Backups in a folder, oldest first. */
async function listBackups(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => [])
  return names.filter((name) => timeOfName(name) !== null).sort()
}

/**
 * One round: makes a backup where the newest is older than it should be, and deletes those beyond `keep`. The folder
 * tells what is there, so a restart makes none too many. @returns true when one was made
 */
export async function backUpIfDue(options: ScheduleOptions): Promise<boolean> {
  const { dir, everyHours, keep, make, log, now } = options
  const newest = timeOfName((await listBackups(dir)).at(-1) ?? '')
  if (newest !== null && now() - newest.getTime() < everyHours * HOUR_MS) return false
  await make(join(dir, backupName(new Date(now()))))
  const present = await listBackups(dir)
  const old = present.slice(0, Math.max(0, present.length - keep))
  for (const name of old) await rm(join(dir, name), { force: true })
  log.info({ kept: present.length - old.length, removed: old.length }, 'backup made')
  return true
}

/** Makes backups again and again. A failure is logged and tried again at the next look. @returns ends it, after a round that runs */
export function startBackups(options: ScheduleOptions): () => Promise<void> {
  let round: Promise<unknown> | undefined
  const tell = async (error: unknown): Promise<void> => {
    const lastAt = timeOfName((await listBackups(options.dir)).at(-1) ?? '')?.getTime() ?? null
    const words = error === null ? null : error instanceof BackupError ? error.message : 'It failed; the log says why.' // prettier-ignore
    await options.told?.({ lastAt, error: words })
  }
  const lookOnce = async (): Promise<void> => {
    let failure: unknown = null
    try {
      await backUpIfDue(options)
    } catch (error) {
      failure = error
      options.log.error({ err: error }, 'the backup failed')
    }
    await tell(failure).catch((error: unknown) => options.log.error({ err: error }, 'how backups stand could not be told')) // prettier-ignore
  }
  const look = (): void => {
    round ??= lookOnce().finally(() => (round = undefined))
  }
  look()
  const timer = setInterval(look, options.lookMs ?? 5 * 60_000)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await round
  }
}
