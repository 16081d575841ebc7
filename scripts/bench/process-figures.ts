import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Clock ticks a second of the kernel's process times. */
const ticks = (): number => Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
const TICKS = process.platform === 'linux' ? ticks() : 100

/** The numbered fields of a process's `stat` after its name: 0 is the state, 11 and 12 its own CPU time. */
function statOf(pid: number | string): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}
const milliseconds = (fields: readonly string[], places: readonly number[]): number =>
  (places.reduce((sum, place) => sum + Number(fields[place]), 0) / TICKS) * 1_000

/** CPU time a process has used so far, in ms (user and system). Linux only. */
export const cpuMs = (pid: number): number => milliseconds(statOf(pid), [11, 12])

/**
 * CPU time of all PostgreSQL processes of this machine so far, in ms, those that have ended included (their parent keeps
 * it). 0 where the server is elsewhere.
 */
export function postgresCpuMs(): number {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres') return []
        return [{ pid, fields: statOf(pid) }]
      } catch {
        // It has ended meanwhile.
        return []
      }
    })
  const own = new Set(processes.map(({ pid }) => pid))
  return processes.reduce((sum, { fields }) => {
    const isParent = !own.has(String(fields[1]))
    return sum + milliseconds(fields, isParent ? [11, 12, 13, 14] : [11, 12])
  }, 0)
}

/** Forgets the peak of a process's resident memory, so that `peakMemoryMiB` counts from here. */
export const resetPeakMemory = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5')

/** Largest resident memory of a process since the last reset, in MiB. */
export function peakMemoryMiB(pid: number): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1] ?? NaN) / 1_024
}

/** Load of the machine over the last minute, to judge the figures by. */
export const loadNow = (): number => Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0])

/** What the processes of a measurement used between its start and its end, per order. */
export interface Used {
  cpuMsPerOrder: number
  /** Only where PostgreSQL is the store. */
  postgresCpuMsPerOrder?: number
  shopCpuMsPerOrder: number
  targetCpuMsPerOrder: number
  peakMemoryMiB: number
}

/**
 * Starts to measure. `own` are the processes under test, whose CPU is summed and whose largest memory counts; the two
 * simulators and PostgreSQL stand beside them, so that a reader sees who used the machine.
 */
export function startMeter(pids: {
  own: readonly number[]
  shop: number
  target: number
  postgres: boolean
}) {
  const now = (): number[] => [
    pids.own.reduce((sum, pid) => sum + cpuMs(pid), 0),
    cpuMs(pids.shop),
    cpuMs(pids.target),
    pids.postgres ? postgresCpuMs() : 0,
  ]
  for (const pid of pids.own) resetPeakMemory(pid)
  const before = now()
  return (orders: number): Used => {
    const [own = 0, shop = 0, target = 0, postgres = 0] = now().map(
      (ms, n) => (ms - (before[n] ?? 0)) / orders,
    )
    return {
      cpuMsPerOrder: own,
      ...(pids.postgres ? { postgresCpuMsPerOrder: postgres } : {}),
      shopCpuMsPerOrder: shop,
      targetCpuMsPerOrder: target,
      peakMemoryMiB: Math.max(...pids.own.map(peakMemoryMiB)),
    }
  }
}
