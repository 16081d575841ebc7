import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { disagreements } from './checker.ts'
import { until } from './processes.ts'
import { makeHome, startServiceProcess, type Home, type ServiceProcess } from './service.ts'
import { connectBoth, goLive, startWorld, type World } from './shop-to-crm.ts'

const ORDERS = 150
/** The made-up shop's orders lie over two years; more than half of them within this. */
const DAYS = 400
const DAY_MS = 86_400_000

describe('a reconciliation', () => {
  let world: World
  let home: Home
  let service: ServiceProcess
  let flowId: string

  beforeAll(async () => {
    world = await startWorld({ shop: { orderCount: ORDERS, seed: 7 } })
    home = await makeHome()
    service = await startServiceProcess(home, { hosts: world.hosts })
    flowId = await goLive(service.api, await connectBoth(service.api, world))
    const run = await service.api.runs.start({
      params: { flowId },
      body: { kind: 'backfill', from: '2000-01-01T00:00:00Z' },
    })
    await ended(run.id)
  })
  afterAll(async () => {
    await service.end('SIGKILL')
    await world.close()
    await home.remove()
  })

  const ended = (runId: string) =>
    until('the end of the run', async () => {
      const run = await service.api.runs.get({ params: { runId } })
      return ['queued', 'running', 'paused'].includes(run.state) ? null : run
    })
  const reconcile = async () =>
    ended((await service.api.runs.start({ params: { flowId }, body: { kind: 'reconcile', days: DAYS } })).id)
  const days = async () =>
    (await service.api.reconcile.days({ params: { flowId }, query: { days: DAYS } })).items
  const crmCalls = () => world.crm.calls.filter((call) => call.url.startsWith('/crm/'))
  const writes = () =>
    crmCalls().filter((call) => call.method !== 'GET' && !/read|search/.test(call.url)).length
  const idOf = (order: { properties: Record<string, string> }): string =>
    String(order.properties['crosswalk_key']).split(':').at(-1) as string
  const wanted = (order: Record<string, unknown>): boolean => order['status'] !== 'checkout-draft'
  /** Orders of the target that lie within the comparison and are not of the last days, newest last. */
  const settled = () => {
    const made = (order: { properties: Record<string, string> }): number =>
      Date.parse(order.properties['hs_external_created_date'] ?? '')
    return world.crm
      .all('orders')
      .filter(
        (order) => made(order) > Date.now() - (DAYS - 30) * DAY_MS && made(order) < Date.now() - 30 * DAY_MS,
      )
      .sort((a, b) => made(a) - made(b))
  }

  it('agrees after a backfill, at two hundredths of a call per order', async () => {
    const before = crmCalls().length
    const run = await reconcile()
    expect(run).toMatchObject({ kind: 'reconcile', state: 'succeeded', reason: 'Both sides agree.' })
    expect(run.done).toBe(run.total)
    expect(run.counts.unchanged).toBeGreaterThan(ORDERS / 3)
    expect(run.counts).toMatchObject({ updated: 0, failed: 0 })
    expect(crmCalls().length - before).toBe(1)
    const items = await days()
    expect(items.length).toBeGreaterThan(20)
    expect(items.map((item) => item.day)).toEqual([...items.map((item) => item.day)].sort().reverse())
    for (const item of items) expect(item.target).toEqual(item.source)
  })

  it('brings back what is gone, whole, and shows what people changed without a write to it', async () => {
    const chosen = settled()
    const lost = [chosen[0], chosen[10], chosen[20]].flatMap((order) => order ?? [])
    const changed = [chosen[5], chosen[15]].flatMap((order) => order ?? [])
    for (const order of lost) world.crm.archive('orders', order.id)
    for (const order of changed)
      world.crm.updateRecord('orders', order.id, { hs_total_price: '1.23', hs_source_store: 'by hand' })

    const run = await reconcile()
    expect(run).toMatchObject({
      state: 'succeeded',
      counts: { updated: 3, failed: 0 },
      reason: '3 missing in the target, sent again; 2 with another amount, left alone.',
    })
    const found = (await days()).flatMap((item) => item.examples)
    const named = (what: string) =>
      found.filter((example) => example.what === what).map((example) => example.externalId)
    expect(named('missing').sort()).toEqual(lost.map(idOf).sort())
    expect(named('differing').sort()).toEqual(changed.map(idOf).sort())
    expect(found.filter((one) => one.what === 'differing').map((one) => one.target)).toEqual(['1.23', '1.23'])
    expect((await service.api.overview.get({})).flows[0]?.reconcile).toMatchObject({
      missing: 3,
      incomplete: 0,
      differing: 2,
    })

    await until('the lost orders', async () => world.crm.all('orders').length === ORDERS || null)
    await until('everything to be level', async () => {
      const [flow] = (await service.api.overview.get({})).flows
      return flow?.records.pending === 0 && disagreements(world.shop, world.crm, wanted).length === 0
    })
    for (const order of changed) {
      const { hs_total_price, hs_source_store } = world.crm.get('orders', order.id)?.properties ?? {}
      expect({ hs_total_price, hs_source_store }).toEqual({
        hs_total_price: '1.23',
        hs_source_store: 'by hand',
      })
    }
    expect(world.crm.summary({ duplicatesBy: { orders: 'crosswalk_key' } })).toMatchObject({
      orphanLineItems: 0,
    })
  })

  it('agrees then but for what is shown, and writes nothing', async () => {
    const before = writes()
    const run = await reconcile()
    expect(run).toMatchObject({ counts: { updated: 0 }, reason: '2 with another amount, left alone.' })
    const items = await days()
    const apart = items.filter((item) => item.differing > 0)
    expect(apart.reduce((sum, item) => sum + item.differing, 0)).toBe(2)
    for (const item of items) {
      expect(item.target.count).toBe(item.source.count)
      if (item.differing === 0) expect(item.target).toEqual(item.source)
      else expect(item.target.amount).not.toBe(item.source.amount)
    }
    expect(writes()).toBe(before)
  })

  it('is paused, and ends as if nothing had been when it goes on', async () => {
    // Longer than the calls to the service take that follow.
    world.crm.latencyMs = 6_000
    const { id } = await service.api.runs.start({
      params: { flowId },
      body: { kind: 'reconcile', days: DAYS },
    })
    await until('it to run', async () => (await service.api.runs.get({ params: { runId: id } })).state === 'running') // prettier-ignore
    await expect(
      service.api.runs.start({ params: { flowId }, body: { kind: 'reconcile' } }),
    ).rejects.toMatchObject({ status: 409 })
    expect((await service.api.runs.pause({ params: { runId: id } })).state).toBe('paused')
    await service.api.runs.resume({ params: { runId: id } })
    world.crm.latencyMs = 0
    const run = await ended(id)
    expect(run).toMatchObject({ state: 'succeeded', reason: '2 with another amount, left alone.' })
    expect(run.done).toBe(run.total)
  })
})
