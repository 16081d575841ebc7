import { until } from '../../../test/e2e/processes.ts'
import { linesPerOrder, lostAndDouble, shopCalls, targetCalls } from '../check.ts'
import { FLOOR_KEY, startFloor } from '../floor/start.ts'
import { startSimulators, startWorld, steer, type Simulators, type World } from '../world.ts'
import { besideFloor, type Figures, type Row, type RowContext } from './row.ts'

const ORDERS = 10_000
const LONGEST_MS = 1_800_000

/** Calls that both simulators have answered so far. */
const callsOf = async ({ shops, crms }: Simulators): Promise<{ shop: number; target: number }> => ({
  shop: await shopCalls(shops[0]?.url ?? ''),
  target: await targetCalls(crms[0] ?? ''),
})

type Work = () => Promise<{ orders: number; seconds: number }>

/** Measures one pass over the shop's orders. `callsPerOrder` counts the target's calls, `allCallsPerOrder` the shop's too. */
export async function measurePass(
  simulators: Simulators,
  meter: () => ReturnType<World['meter']>,
  work: Work,
): Promise<Figures> {
  const before = await callsOf(simulators)
  const read = meter()
  const { orders, seconds } = await work()
  const used = read(orders)
  const after = await callsOf(simulators)
  const target = after.target - before.target
  return {
    ordersPerSecond: orders / seconds,
    ...used,
    callsPerOrder: target / orders,
    allCallsPerOrder: (target + after.shop - before.shop) / orders,
  }
}

/** A backfill through the API, from the request to the end of the run. @throws when it does not end well */
export async function runBackfill(
  world: World,
  look?: (done: number) => void,
): Promise<{ orders: number; seconds: number }> {
  return runToEnd(world, { kind: 'backfill', from: '2000-01-01T00:00:00Z' }, look)
}

/** The daily comparison of both sides, over as many days as it takes. */
const runReconcile = (world: World): Promise<{ orders: number; seconds: number }> =>
  runToEnd(world, { kind: 'reconcile', days: 400 })

type RunBody = Parameters<World['api']['runs']['start']>[0]['body']

async function runToEnd(
  world: World,
  body: RunBody,
  look?: (done: number) => void,
): Promise<{ orders: number; seconds: number }> {
  const [flowId = ''] = world.flows
  const began = performance.now()
  const { id } = await world.api.runs.start({ params: { flowId }, body })
  const run = await until('the end of the run', async () => {
    const seen = await world.api.runs.get({ params: { runId: id } })
    look?.(seen.done)
    return ['queued', 'running'].includes(seen.state) ? null : seen
  }, LONGEST_MS) // prettier-ignore
  const seconds = (performance.now() - began) / 1_000
  if (run.state !== 'succeeded') throw new Error(`the ${body.kind} ended ${run.state}: ${run.reason ?? ''}`)
  return { orders: run.done, seconds }
}

interface Options {
  orders: number
  latencyMs?: number
  /** Calls in ten seconds, for both. */
  limit?: number
  /** Measure a second run over the same orders as well, and the comparison of both sides. */
  twice?: boolean
}

async function measureService(
  context: RowContext,
  options: Options,
): Promise<{ first: Figures; second: Figures | null; compared: Figures | null }> {
  const world = await startWorld({ ...worldOf(options), server: context.server })
  try {
    const lines = await linesPerOrder(world.shops[0] as never)
    const first = await measurePass(world, world.meter, () => runBackfill(world))
    const found = await lostAndDouble(world.crms[0] ?? '', lines)
    const second = options.twice ? await measurePass(world, world.meter, () => runBackfill(world)) : null
    const compared = options.twice ? await measurePass(world, world.meter, () => runReconcile(world)) : null
    return { first: { ...first, ...found }, second, compared }
  } finally {
    await world.end()
  }
}

async function measureFloor(options: Options): Promise<{ first: Figures; second: Figures | null }> {
  const simulators = await startSimulators(worldOf(options))
  // A call takes a little longer on some days than on others: two are left out, or a window may hold one too many.
  const floor = await startFloor(simulators, options.limit ? { callsPer10Seconds: options.limit - 2 } : {})
  try {
    for (const crm of simulators.crms) await steer(crm, 'latency', { ms: options.latencyMs ?? 0 })
    const lines = await linesPerOrder(simulators.shops[0] as never)
    const first = await measurePass(simulators, floor.meter, floor.run)
    const found = await lostAndDouble(simulators.crms[0] ?? '', lines, FLOOR_KEY)
    if (found.lost > 0) throw new Error(`the floor script lost ${found.lost} orders`)
    const second = options.twice ? await measurePass(simulators, floor.meter, floor.run) : null
    return { first, second }
  } finally {
    await floor.end()
    await simulators.end()
  }
}

const worldOf = ({ orders, latencyMs = 0, limit }: Options) => ({
  orders,
  latencyMs,
  ...(limit === undefined ? {} : { limits: { burst: limit, searchPerSecond: 5 } }),
})

/** Service and floor one after the other, so that both meet the same machine. */
async function sideBySide(context: RowContext, options: Options) {
  const floor = await measureFloor(options)
  const service = await measureService(context, options)
  return {
    first: besideFloor(service.first, floor.first),
    second: service.second && floor.second ? besideFloor(service.second, floor.second) : null,
    compared: service.compared,
  }
}

export const backfill: Row = {
  names: ['backfill', 'unchanged', 'reconcile'],
  stores: ['server', 'embedded'],
  about: {
    backfill:
      '10,000 orders of 2.5 product lines, a contact each, a company on 30 %; the target answers at once',
    reconcile:
      'the daily comparison of both sides over the last 400 days of those orders: read only, nothing is missing',
    unchanged: 'the same run once more: nothing has changed. `allCallsPerOrder` are the pages of the shop',
  },
  measure: async (context) => {
    const { first, second, compared } = await sideBySide(context, {
      orders: ORDERS / context.shrink,
      twice: true,
    })
    return { backfill: first, unchanged: second as Figures, reconcile: compared as Figures }
  },
}

export const backfill50ms: Row = {
  names: ['backfill50ms'],
  stores: ['server'],
  about: { backfill50ms: 'the same backfill, the target answers after 50 ms' },
  measure: async (context) => ({
    backfill50ms: (await sideBySide(context, { orders: ORDERS / context.shrink, latencyMs: 50 })).first,
  }),
}

export const rateLimited: Row = {
  names: ['rateLimited'],
  stores: ['server'],
  about: {
    rateLimited:
      '6,000 orders under 190 calls per 10 seconds, as a private HubSpot app has them; a call above is refused',
  },
  measure: async (context) => ({
    rateLimited: (await sideBySide(context, { orders: 6_000 / context.shrink, limit: 190 })).first,
  }),
}
