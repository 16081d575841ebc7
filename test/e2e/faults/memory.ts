import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Memory that a process holds, in MiB. @throws when there is no such process */
export function memoryOf(pid: number): number {
  if (process.platform !== 'linux') {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
  }
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kib === undefined) throw new Error(`process ${pid} has ended`)
  return Number(kib) / 1024
}

/** Looks at a process's memory ten times a second until `stop`, which tells by how many MiB it grew at most. */
export function watchMemory(pid: number): { stop: () => number } {
  const before = memoryOf(pid)
  let most = before
  const timer = setInterval(() => {
    try {
      most = Math.max(most, memoryOf(pid))
    } catch {
      // A test that failed has left the watch on, and the process has ended meanwhile.
      clearInterval(timer)
    }
  }, 100)
  return {
    stop: () => {
      clearInterval(timer)
      return Math.max(most, memoryOf(pid)) - before
    },
  }
}
