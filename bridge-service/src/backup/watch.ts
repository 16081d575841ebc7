import { dropNote, keepNote, readNote } from '../store/lookout.ts'
import type { Executor } from '../store/schema.ts'

/** Name of the note by which all processes know of the backups that one of them makes. */
const NOTE = 'backup'
/** A process that makes backups says so far more often; after this they are not made any more, and not waited for. */
const FORGOTTEN_MS = 7 * 24 * 3_600_000

export interface BackupState {
  everyMs: number
  /** Since when backups are to be made, ms. */
  since: number
  /** When the newest was made; null: none was. */
  lastAt: number | null
  /** Why the last try failed; null where it did not. */
  error: string | null
}

/** Says how backups stand, for whoever watches over them. */
export async function noteBackups(
  db: Executor,
  now: number,
  state: Omit<BackupState, 'since'>,
): Promise<void> {
  await keepNote(db, NOTE, { now: new Date(now), breakMs: FORGOTTEN_MS, detail: { ...state } })
}

/** How backups stand; undefined where none are made. */
export async function readBackups(db: Executor, now: number): Promise<BackupState | undefined> {
  const note = await readNote(db, NOTE)
  if (note === undefined || now - note.at.getTime() > FORGOTTEN_MS) return undefined
  const { everyMs, lastAt, error } = note.detail as unknown as BackupState
  return { everyMs, lastAt, error, since: note.since.getTime() }
}

/** Says that no backups are made any more. */
export const forgetBackups = (db: Executor): Promise<void> => dropNote(db, NOTE)
