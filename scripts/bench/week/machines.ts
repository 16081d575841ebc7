/** The longest stretch over which a peak is told, in seconds. */
const WINDOW = 300

/**
 * Cores that do one thing at a time each. `resting` is the part of them that is in use while nothing happens (0 to 1).
 */
export function createMachines(count: number, resting: number) {
  const busyUntil = new Float64Array(count)
  const perWindow = new Map<number, number>()
  // Whoever rests at full load does nothing else; a sliver is left so that the model shows it as endless lag.
  const slow = 1 / Math.max(0.02, 1 - resting)
  let used = 0
  return {
    /** Does work of so many core seconds, on the core that is free first. @returns when it is done */
    work(now: number, seconds: number): number {
      let least = 0
      for (let n = 1; n < count; n++) if ((busyUntil[n] ?? 0) < (busyUntil[least] ?? 0)) least = n
      const start = Math.max(now, busyUntil[least] ?? 0)
      const end = start + seconds * slow
      busyUntil[least] = end
      used += seconds
      // By when it was asked for: what is asked of too few cores shows as more than all of them.
      const window = Math.floor(now / WINDOW)
      perWindow.set(window, (perWindow.get(window) ?? 0) + seconds)
      return end
    },
    /** What is asked of all cores, as a share of them: on average and in the busiest five minutes, what rests included. */
    use: (from: number, to: number) => ({
      mean: resting + used / (to - from) / count,
      peak: resting + Math.max(0, ...perWindow.values()) / WINDOW / count,
    }),
  }
}
export type Machines = ReturnType<typeof createMachines>
