import { statfsSync } from 'node:fs'

const MIB = 1024 * 1024
/** Below this nothing new is taken: enough for the work under way, and for the log until it is written out. */
const LOW = 64 * MIB
/** From this on things are taken again: above `LOW`, so that it does not change with every record. */
const ENOUGH = 96 * MIB

/** Bytes that may still be written where `path` is; infinite where the file system does not tell. */
function freeBytes(path: string): number {
  const { blocks, bavail, bsize } = statfsSync(path)
  return blocks > 0 ? bavail * bsize : Number.POSITIVE_INFINITY
}

/**
 * Whether the disk has room for more work. A database whose log cannot be written gives up, so work ends before: what is
 * refused comes again, what is cut off might not.
 * @param free bytes free now; a test's own
 */
export function createRoom(path: string, free: () => number = () => freeBytes(path)): () => boolean {
  let room = true
  return () => {
    room = free() >= (room ? LOW : ENOUGH)
    return room
  }
}
