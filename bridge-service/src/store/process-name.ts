import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * When a process started, in the system's own words, so that a reused pid is not taken for it; undefined when there is no
 * such process, `unknown` where the system does not tell.
 */
export function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    }
    if (process.platform === 'win32') {
      process.kill(pid, 0)
      return 'unknown'
    }
    const answer = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    return answer || undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'unknown' : undefined
  }
}

/** Machine and pid namespace: only inside it can a pid be looked up. Containers may share a host's name, but not this. */
export function processPlace(): string {
  if (process.platform !== 'linux') return hostname()
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return `${boot}/${readlinkSync('/proc/self/ns/pid')}`
}

const placeName = (): string =>
  `${hostname()}~${createHash('sha256').update(processPlace()).digest('hex').slice(0, 8)}`

/** This process by name, `place:pid:start`, unique over all machines that share a store. */
export const ownProcessName = (): string =>
  `${placeName()}:${process.pid}:${(startOf(process.pid) ?? 'unknown').replace(/\W/g, '_')}`

/** True when the process of that name ran in this place and has ended; false also where that cannot be known from here. */
export function hasEnded(name: string): boolean {
  const [place, pid, started] = name.split(':')
  if (place !== placeName() || !/^\d+$/.test(pid ?? '')) return false
  return startOf(Number(pid))?.replace(/\W/g, '_') !== started
}
