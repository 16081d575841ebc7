import { setTimeout as sleep } from 'node:timers/promises'
import { linesPerOrder, lostAndDouble } from '../check.ts'
import { flood, percentile, prepareNotices } from '../sender.ts'
import { startWorld, type World } from '../world.ts'
import { measurePass, runBackfill } from './backfill.ts'
import type { Figures, Row, RowContext } from './row.ts'
import { hookOf } from './webhooks.ts'

const suffixed = (figures: Figures, suffix: string): Figures =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${name}${suffix}`, value]))

const SIZES: readonly [number, string][] = [
  [1_000, '1k'],
  [10_000, '10k'],
  [100_000, '100k'],
  [1_000_000, '1M'],
]

async function measureSize(orders: number, context: RowContext): Promise<Figures> {
  const world = await startWorld({ orders, server: context.server })
  try {
    const figures = await measurePass(world, world.meter, () => runBackfill(world))
    const { ordersPerSecond, cpuMsPerOrder, postgresCpuMsPerOrder, peakMemoryMiB, callsPerOrder } = figures
    return Object.fromEntries(
      Object.entries({ ordersPerSecond, cpuMsPerOrder, postgresCpuMsPerOrder, peakMemoryMiB, callsPerOrder })
        .filter((entry): entry is [string, number] => entry[1] !== undefined), // prettier-ignore
    )
  } finally {
    await world.end()
  }
}

export const sizes: Row = {
  names: ['sizes'],
  stores: ['server', 'embedded'],
  rounds: 1,
  onlyWhenNamed: true,
  about: { sizes: 'a backfill of 1,000, 10,000 and 100,000 orders, and of a million with `--full`' },
  measure: async (context) => {
    const all: Figures = {}
    for (const [orders, name] of SIZES) {
      if (orders > 100_000 && !context.full) continue
      if (orders / context.shrink < 1_000) continue
      Object.assign(all, suffixed(await measureSize(orders / context.shrink, context), name))
    }
    return { sizes: all }
  },
}

const CONNECTIONS = [1, 10, 100, 500]
const IDLE_SECONDS = 30
/** Records over all connections, so that the work stays the same and only its spread changes. */
const RECORDS = 2_000

async function measureConnections(pairs: number, context: RowContext): Promise<Figures> {
  const orders = Math.ceil(RECORDS / context.shrink / pairs)
  const wanted = orders * pairs
  const world = await startWorld({ orders, pairs, server: context.server, webhooks: true })
  try {
    await sleep(5_000)
    const idle = world.meter()
    await sleep(IDLE_SECONDS * 1_000)
    const resting = idle(IDLE_SECONDS)
    const hooks = await Promise.all(world.shops.map((shop) => hookOf(shop.url)))
    const notices = await Promise.all(
      world.shops.map((shop, n) => prepareNotices(shop, hooks[n] as never, 0, orders)),
    )
    const lines = await Promise.all(world.shops.map(linesPerOrder))
    const read = world.meter()
    const began = performance.now()
    const sent = await Promise.all(
      notices.map((some, n) => flood(hooks[n]?.url ?? '', some, Math.ceil(32 / pairs))),
    )
    await allLinked(world, wanted)
    const seconds = (performance.now() - began) / 1_000
    let lost = 0
    for (const [n, crm] of world.crms.entries())
      lost += (await lostAndDouble(crm, lines[n] ?? new Map())).lost
    const used = read(wanted)
    return {
      idleCpuMsPerSecond: resting.cpuMsPerOrder,
      idlePostgresCpuMsPerSecond: resting.postgresCpuMsPerOrder ?? 0,
      ordersPerSecond: wanted / seconds,
      cpuMsPerOrder: used.cpuMsPerOrder,
      postgresCpuMsPerOrder: used.postgresCpuMsPerOrder ?? 0,
      peakMemoryMiB: used.peakMemoryMiB,
      ackP99Ms: percentile(
        sent.flatMap((one) => one.latencies),
        0.99,
      ),
      lost,
    }
  } finally {
    await world.end()
  }
}

async function allLinked(world: World, wanted: number): Promise<void> {
  for (;;) {
    const { flows } = await world.api.overview.get({ query: { days: 1 } })
    const count = (state: 'linked' | 'failed'): number =>
      flows.reduce((sum, flow) => sum + flow.records[state], 0)
    if (count('failed') > 0) throw new Error(`${count('failed')} records failed`)
    if (count('linked') >= wanted) return
    await sleep(200)
  }
}

export const connections: Row = {
  names: ['connections'],
  stores: ['server'],
  rounds: 1,
  onlyWhenNamed: true,
  about: {
    connections: `1, 10, 100 and 500 shops, each with an account of its own, one process: what it uses while nothing happens (\`idle\`), and how fast 2,000 live records spread over all of them are brought over`,
  },
  measure: async (context) => {
    const all: Figures = {}
    for (const pairs of CONNECTIONS) {
      if (context.shrink > 1 && pairs > 10) continue
      Object.assign(all, suffixed(await measureConnections(pairs, context), String(pairs)))
    }
    return { connections: all }
  },
}
