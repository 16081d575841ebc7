import { peakMemoryMiB, resetPeakMemory } from '../process-figures.ts'
import { startWorld } from '../world.ts'
import { runBackfill } from './backfill.ts'
import type { Figures, Row, RowContext } from './row.ts'

const FIRST = 10_000
const DEFAULT_ORDERS = 100_000
const FULL_ORDERS = 1_000_000

/** One long backfill: what the service's memory is at its peak in the first 10,000 orders, and what afterwards. */
async function measureMemory(context: RowContext): Promise<Figures> {
  const orders = context.full ? FULL_ORDERS : DEFAULT_ORDERS / context.shrink
  const first = FIRST / context.shrink
  const world = await startWorld({ orders, server: context.server })
  try {
    const pid = world.services[0]?.pid ?? 0
    resetPeakMemory(pid)
    let early: number | null = null
    const { seconds } = await runBackfill(world, (done) => {
      if (early !== null || done < first) return
      early = peakMemoryMiB(pid)
      resetPeakMemory(pid)
    })
    const late = peakMemoryMiB(pid)
    const before = early ?? NaN
    return {
      orders,
      firstPeakMiB: before,
      latePeakMiB: late,
      growthMiB: late - before,
      ordersPerSecond: orders / seconds,
    }
  } finally {
    await world.end()
  }
}

export const memory: Row = {
  names: ['memory'],
  stores: ['server'],
  rounds: 1,
  about: {
    memory:
      'one long backfill (`orders`; a million only with `--full`): the largest memory of the service during the first 10,000 orders, during all that follow, and the difference',
  },
  measure: async (context) => ({ memory: await measureMemory(context) }),
}
