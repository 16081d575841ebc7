import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_MS = 200
/** Nothing built here takes this long: whoever held the lock is gone, and another process got its number. */
const STALE_MS = 10 * 60_000

/** Does the work while holding a file that names this process; waits while another living process holds it. */
export async function withLock(file: string, work: () => Promise<void>): Promise<void> {
  while (!take(file)) {
    if (isHeld(file)) await sleep(LOOK_MS)
    else rmSync(file, { force: true })
  }
  try {
    await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** False for a lock whose process has ended. */
function isHeld(file: string): boolean {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return false
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
    // Without a number: it is just being written.
    if (!Number.isNaN(pid)) process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
