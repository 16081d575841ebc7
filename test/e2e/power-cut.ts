import {
  closeSync,
  existsSync,
  ftruncateSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { preload } from './preload/preload.ts'
import type { Home } from './service.ts'

/** What a disk writes whole or not at all. */
const SECTOR = 512
const HEAD = 32

interface Write {
  at: number
  size: number
  before: Buffer
  /** Null: the file was cut off at `at`. */
  fresh: Buffer | null
}

type Move =
  | { what: 'made'; path: string }
  | { what: 'renamed'; from: string; path: string }
  | { what: 'removed'; path: string; copy: string }

const rootOf = (home: Home): string => join(String(home.env['DATA_DIR']), 'pg')
const notesOf = (home: Home): string => join(home.dir, 'unsynced')

/** Environment of a service whose embedded store can lose its power. The store must be there already. */
export const mayLosePower = (home: Home): Record<string, string> => ({
  ...preload('power-cut'),
  TEST_POWER_ROOT: rootOf(home),
  TEST_POWER_NOTES: notesOf(home),
})

/**
 * Takes from the disk of a killed service what was never synced. A disk may have written some of it all the same, in any
 * order: `chance` gives numbers in [0, 1) that decide for each sector; without it nothing of it is there.
 * @returns how many writes were not synced
 */
export function cutPower(home: Home, chance: () => number = () => 1): number {
  const notes = notesOf(home)
  for (const move of movesIn(notes).reverse()) undoMove(move)
  const paths = new Map(filesIn(rootOf(home)).map((path) => [String(statSync(path).ino), path]))
  let unsynced = 0
  for (const ino of readdirSync(notes)) {
    const path = paths.get(ino)
    if (path === undefined) continue
    const writes = writesIn(readFileSync(join(notes, ino)))
    unsynced += writes.length
    const descriptor = openSync(path, 'r+')
    for (const { at, size, before } of writes.toReversed()) {
      writeSync(descriptor, before, 0, before.length, at)
      ftruncateSync(descriptor, size)
    }
    for (const write of writes) writeSome(descriptor, write, chance)
    closeSync(descriptor)
  }
  rmSync(notes, { recursive: true })
  return unsynced
}

const movesIn = (notes: string): Move[] => {
  const file = join(notes, 'moves.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Move[]) : []
}

function undoMove(move: Move): void {
  if (move.what === 'made') rmSync(move.path, { force: true })
  // A name that was given anew, for good, keeps its new owner.
  else if (move.what === 'renamed' && !existsSync(move.from)) renameSync(move.path, move.from)
  else if (move.what === 'removed' && !existsSync(move.path)) linkSync(move.copy, move.path)
}

const filesIn = (root: string): string[] =>
  readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** The notes of one file; the last one may be torn, of a write that was never made. */
function writesIn(bytes: Buffer): Write[] {
  const writes: Write[] = []
  for (let at = 0; at + HEAD <= bytes.length;) {
    const [position = 0, size = 0, old = 0, news = 0] = [0, 8, 16, 24].map((i) => bytes.readDoubleLE(at + i))
    const from = at + HEAD
    const end = from + old + Math.max(0, news)
    if (end > bytes.length) break
    const fresh = news < 0 ? null : bytes.subarray(from + old, end)
    writes.push({ at: position, size, before: bytes.subarray(from, from + old), fresh })
    at = end
  }
  return writes
}

function writeSome(descriptor: number, { at, fresh }: Write, chance: () => number): void {
  if (fresh === null) {
    if (chance() < 0.5) ftruncateSync(descriptor, at)
    return
  }
  for (let from = 0; from < fresh.length; from += SECTOR) {
    if (chance() < 0.5) writeSync(descriptor, fresh, from, Math.min(SECTOR, fresh.length - from), at + from)
  }
}
