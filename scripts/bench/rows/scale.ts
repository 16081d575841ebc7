import { setTimeout as sleep } from 'node:timers/promises'
import { linesPerOrder, lostAndDouble } from '../check.ts'
import { flood, prepareNotices } from '../sender.ts'
import { startWorld, type World } from '../world.ts'
import type { Figures, Row, RowContext } from './row.ts'
import { hookOf } from './webhooks.ts'

const PAIRS = 8
const SLOTS = 8
const LATENCY_MS = 250
/** Records of each pair, per process: enough for the middle of the run to last a while. */
const RECORDS_PER_PROCESS = 12

interface Point {
  at: number
  linked: number
}

/** How many records stand whole over all flows, looked at until all do. */
async function watch(world: World, wanted: number): Promise<Point[]> {
  const points: Point[] = []
  for (;;) {
    const { flows } = await world.api.overview.get({ query: { days: 1 } })
    const linked = flows.reduce((sum, flow) => sum + flow.records.linked, 0)
    points.push({ at: performance.now(), linked })
    if (linked >= wanted) return points
    await sleep(200)
  }
}

/** Records a second between a tenth and nine tenths of the work: neither the start nor the last stragglers count. */
function middleRate(points: readonly Point[], wanted: number): number {
  const first = points.find((point) => point.linked >= wanted * 0.1) as Point
  const last = points.find((point) => point.linked >= wanted * 0.9) as Point
  return (last.linked - first.linked) / ((last.at - first.at) / 1_000)
}

async function rateWith(processes: number, context: RowContext): Promise<Figures> {
  const orders = Math.ceil((RECORDS_PER_PROCESS * processes) / Math.min(context.shrink, 2))
  const wanted = orders * PAIRS
  const world = await startWorld({
    orders,
    pairs: PAIRS,
    server: context.server,
    latencyMs: LATENCY_MS,
    processes,
    webhooks: true,
    env: { WORKER_SLOTS: String(SLOTS) },
  })
  try {
    const hooks = await Promise.all(world.shops.map((shop) => hookOf(shop.url)))
    const lines = await Promise.all(world.shops.map(linesPerOrder))
    const notices = await Promise.all(
      world.shops.map((shop, n) => prepareNotices(shop, hooks[n] as never, 0, orders)),
    )
    const read = world.meter()
    const sending = Promise.all(notices.map((some, n) => flood(hooks[n]?.url ?? '', some, 4)))
    const points = await watch(world, wanted)
    await sending
    const used = read(wanted)
    let lost = 0
    for (const [n, crm] of world.crms.entries())
      lost += (await lostAndDouble(crm, lines[n] ?? new Map())).lost
    return {
      ordersPerSecond: middleRate(points, wanted),
      cpuMsPerOrder: used.cpuMsPerOrder,
      postgresCpuMsPerOrder: used.postgresCpuMsPerOrder ?? 0,
      lost,
    }
  } finally {
    await world.end()
  }
}

export const scale: Row = {
  names: ['scale'],
  stores: ['server'],
  about: {
    scale: `live records of ${PAIRS} shops, each with an account of its own that answers after ${LATENCY_MS} ms, by 1, 2 and 4 processes with ${SLOTS} slots each on one database. \`speedup\` is the rate against one process; rates are those of the middle eight tenths`,
  },
  measure: async (context) => {
    const [one, two, four] = [
      await rateWith(1, context),
      await rateWith(2, context),
      await rateWith(4, context),
    ]
    const rate = (figures: Figures): number => figures['ordersPerSecond'] ?? NaN
    const named = (figures: Figures, n: number) =>
      Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${name}${n}`, value]))
    return {
      scale: {
        speedup2: rate(two) / rate(one),
        speedup4: rate(four) / rate(one),
        ...named(one, 1),
        ...named(two, 2),
        ...named(four, 4),
      },
    }
  },
}
