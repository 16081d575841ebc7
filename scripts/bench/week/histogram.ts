/** Counts of times in seconds, in steps of five per cent: percentiles of a hundred million without keeping them. */
export function createHistogram() {
  const counts = new Map<number, number>()
  let total = 0
  let largest = 0
  return {
    add(seconds: number, count = 1): void {
      const step = Math.max(-200, Math.ceil(Math.log(Math.max(seconds, 1e-4)) / Math.log(1.05)))
      counts.set(step, (counts.get(step) ?? 0) + count)
      total += count
      largest = Math.max(largest, seconds)
    },
    total: () => total,
    largest: () => largest,
    /** The time that `share` of all stay under, to five per cent; NaN of none. */
    percentile(share: number): number {
      let seen = 0
      for (const [step, count] of [...counts].sort(([a], [b]) => a - b)) {
        seen += count
        if (seen >= share * total) return Math.min(largest, 1.05 ** step)
      }
      return NaN
    },
  }
}
export type Histogram = ReturnType<typeof createHistogram>
