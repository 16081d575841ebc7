import { until } from '../../../test/e2e/processes.ts'
import { linesPerOrder, lostAndDouble, ordersIn, targetCalls } from '../check.ts'
import { FLOOR_KEY, startFloor } from '../floor/start.ts'
import { flood, percentile, prepareNotices, steady, type Hook, type Sent } from '../sender.ts'
import { startSimulators, startWorld, steer, type World } from '../world.ts'
import { besideFloor, type Figures, type Row, type RowContext } from './row.ts'

const FLOOD = 2_000
const AT_ONCE = 32
const DOWN_PER_SECOND = 200
const DOWN_SECONDS = 15
const LIVE_PER_SECOND = 5
const LIVE_SECONDS = 30
const HOOK_SECRET = 'floor-secret'

/** Where the service wants to be told of a shop's changed orders. */
export async function hookOf(shopUrl: string): Promise<Hook> {
  const hooks = await steer<{ id: number; topic: string; deliveryUrl: string; secret: string; status: string }[]>(shopUrl, 'webhooks') // prettier-ignore
  const hook = hooks.find((one) => one.topic === 'order.updated' && one.status === 'active')
  if (!hook) throw new Error('the service has made no webhook in the shop')
  return { url: hook.deliveryUrl, secret: hook.secret, id: hook.id }
}

/** Waits until as many records stand whole in the service's own books. */
export async function untilLinked(world: World, records: number, flow = 0): Promise<void> {
  await until(
    `${records} records`,
    async () => {
      const { flows } = await world.api.overview.get({ query: { days: 1 } })
      const seen = flows.find((one) => one.id === world.flows[flow])
      if ((seen?.records.failed ?? 0) > 0) throw new Error(`${seen?.records.failed} records failed`)
      return (seen?.records.linked ?? 0) >= records && seen?.records.pending === 0
    },
    600_000,
  )
}

const acks = (sent: Sent): Figures => ({
  ackP50Ms: percentile(sent.latencies, 0.5),
  ackP99Ms: percentile(sent.latencies, 0.99),
})

async function floodService(context: RowContext, count: number): Promise<Figures> {
  const world = await startWorld({ orders: count, server: context.server, webhooks: true })
  try {
    const [shop, crm = ''] = [world.shops[0] as World['shops'][number], world.crms[0]]
    const hook = await hookOf(shop.url)
    const notices = await prepareNotices(shop, hook, 0, count)
    const lines = await linesPerOrder(shop)
    const before = await targetCalls(crm)
    const read = world.meter()
    const began = performance.now()
    const sent = await flood(hook.url, notices, AT_ONCE)
    await untilLinked(world, count)
    const seconds = (performance.now() - began) / 1_000
    return {
      ordersPerSecond: count / seconds,
      ...read(count),
      callsPerOrder: ((await targetCalls(crm)) - before) / count,
      ...acks(sent),
      refused: count - sent.acknowledged.size,
      ...(await lostAndDouble(crm, lines)),
    }
  } finally {
    await world.end()
  }
}

async function floodFloor(count: number): Promise<Figures> {
  const simulators = await startSimulators({ orders: count })
  const floor = await startFloor(simulators, { hookSecret: HOOK_SECRET })
  try {
    const [shop, crm = ''] = [simulators.shops[0] as World['shops'][number], simulators.crms[0]]
    const notices = await prepareNotices(shop, { url: floor.hookUrl, secret: HOOK_SECRET, id: 1 }, 0, count)
    const lines = await linesPerOrder(shop)
    const before = await targetCalls(crm)
    const read = floor.meter()
    const began = performance.now()
    const sent = await flood(floor.hookUrl, notices, AT_ONCE)
    await until('all orders in the target', async () => {
      if ((await ordersIn(crm)) < count) return false
      return (await lostAndDouble(crm, lines, FLOOR_KEY)).lost === 0
    })
    const seconds = (performance.now() - began) / 1_000
    return {
      ordersPerSecond: count / seconds,
      ...read(count),
      callsPerOrder: ((await targetCalls(crm)) - before) / count,
      ...acks(sent),
    }
  } finally {
    await floor.end()
    await simulators.end()
  }
}

export const webhooks: Row = {
  names: ['webhooks'],
  stores: ['server', 'embedded'],
  about: {
    webhooks: `2,000 changed orders told at once, ${AT_ONCE} notices open at a time, from the first notice to the last record that stands whole`,
  },
  measure: async (context) => {
    const count = FLOOD / context.shrink
    const floor = await floodFloor(count)
    return { webhooks: besideFloor(await floodService(context, count), floor) }
  },
}

/** The target refuses every connection while notices come in; then it is back, and nothing may be missing. */
async function measureDown(context: RowContext): Promise<Figures> {
  const count = (DOWN_PER_SECOND * DOWN_SECONDS) / context.shrink
  const world = await startWorld({ orders: count, server: context.server, webhooks: true })
  try {
    const [shop, crm = ''] = [world.shops[0] as World['shops'][number], world.crms[0]]
    const hook = await hookOf(shop.url)
    const notices = await prepareNotices(shop, hook, 0, count)
    const lines = await linesPerOrder(shop)
    await steer(crm, 'rules', { name: 'down', action: { kind: 'cut' } })
    const read = world.meter()
    const sent = await steady(hook.url, notices, DOWN_PER_SECOND)
    const used = read(count)
    const back = performance.now()
    await steer(crm, 'rules', {}, 'DELETE')
    await untilLinked(world, count)
    return {
      noticesPerSecond: DOWN_PER_SECOND,
      notices: count,
      ...acks(sent),
      refused: count - sent.acknowledged.size,
      ...used,
      levelAgainSeconds: (performance.now() - back) / 1_000,
      ...(await lostAndDouble(crm, lines)),
    }
  } finally {
    await world.end()
  }
}

export const webhooksTargetDown: Row = {
  names: ['webhooksTargetDown'],
  stores: ['server', 'embedded'],
  rounds: 2,
  about: {
    webhooksTargetDown: `${DOWN_PER_SECOND} notices a second for ${DOWN_SECONDS} seconds while the target cuts every connection; it is back afterwards, and what was acknowledged has to arrive. CPU and memory are those of the time it was down`,
  },
  measure: async (context) => ({ webhooksTargetDown: await measureDown(context) }),
}

/** When each record stood whole in the service's books, in ms since the epoch. */
async function syncedAt(world: World): Promise<Map<number, number>> {
  const times = new Map<number, number>()
  for (let cursor: string | undefined; ;) {
    const page = await world.api.records.list({ query: { limit: 200, ...(cursor ? { cursor } : {}) } })
    for (const record of page.items) {
      if (record.complete && record.syncedAt) times.set(Number(record.externalId), Date.parse(record.syncedAt)) // prettier-ignore
    }
    if (!page.next) return times
    cursor = page.next
  }
}

async function measureLive(context: RowContext): Promise<Figures> {
  const count = (LIVE_PER_SECOND * LIVE_SECONDS) / Math.min(context.shrink, 3)
  const world = await startWorld({ orders: count, server: context.server, webhooks: true })
  try {
    const [shop, crm = ''] = [world.shops[0] as World['shops'][number], world.crms[0]]
    const hook = await hookOf(shop.url)
    const notices = await prepareNotices(shop, hook, 0, count)
    const lines = await linesPerOrder(shop)
    const before = await targetCalls(crm)
    const read = world.meter()
    const sent = await steady(hook.url, notices, LIVE_PER_SECOND)
    const used = read(count)
    await untilLinked(world, count)
    const calls = (await targetCalls(crm)) - before
    const times = await syncedAt(world)
    const waits = [...sent.acknowledged].map(([id, at]) => Math.max(0, (times.get(id) ?? Infinity) - at))
    return {
      noticesPerSecond: LIVE_PER_SECOND,
      notices: count,
      p50Ms: percentile(waits, 0.5),
      p99Ms: percentile(waits, 0.99),
      ...acks(sent),
      ...used,
      callsPerOrder: calls / count,
      ...(await lostAndDouble(crm, lines)),
    }
  } finally {
    await world.end()
  }
}

export const live: Row = {
  names: ['live'],
  stores: ['server', 'embedded'],
  about: {
    live: `${LIVE_PER_SECOND} notices a second for ${LIVE_SECONDS} seconds: time from the acknowledgement of a notice to the record that stands whole in target and books (\`p50\`, \`p99\`)`,
  },
  measure: async (context) => ({ live: await measureLive(context) }),
}
