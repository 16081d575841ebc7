import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { disagreements } from '../checker.ts'
import { until } from '../processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'

const ORDERS = 330
const LISTS = '/wp-json/wc/v3/orders\\?.*orderby='

let scene: Scene
let flow: FlowView

beforeAll(async () => {
  scene = await openScene({
    webhooks: false,
    world: { shop: { orderCount: ORDERS, seed: 18, generateUntil: Date.now() - 3_600_000 } },
  })
  flow = await orderFlow(scene)
})
afterEach(() => scene.world.shop.rules.clear())
afterAll(() => scene.close())

const start = (kind: 'backfill' | 'sweep' = 'backfill') =>
  scene.service.api.runs.start({
    params: { flowId: flow.id },
    body: kind === 'sweep' ? { kind } : { kind, from: '2000-01-01T00:00:00Z' },
  })
const ended = (runId: string) =>
  until('the end of the run', async () => {
    const now = await scene.service.api.runs.get({ params: { runId } })
    return !['queued', 'running'].includes(now.state) && now
  })
/** Calls of the shop's list of orders since the first `from` calls. */
const lists = (from: number) =>
  scene.world.shop.calls.slice(from).filter((call) => new RegExp(LISTS).test(call.url))
const live = () => scene.world.shop.orders().filter((order) => order['status'] !== 'trash')
const wrong = () =>
  disagreements(
    scene.world.shop,
    scene.world.crm,
    (order) => !['trash', 'checkout-draft'].includes(String(order['status'])),
  )
const pageOf = (count: number) => live().slice(0, count)

describe('B18 orders come and go while the pages of a backfill are read', () => {
  it('B18 none is skipped: neither those behind deleted ones, nor new ones, nor changed ones', async () => {
    const { shop } = scene.world
    shop.rules.add({ name: 'slow', path: LISTS, action: { kind: 'delay', ms: 400 } })
    const from = shop.calls.length
    const run = await start()
    await until('the first page', async () => lists(from).length >= 1)
    // From pages read already, from the page that is being read, and from pages to come.
    const ids = live().map((order) => order.id as number)
    for (const id of ids.slice(0, 45)) shop.deleteOrder(id)
    for (const id of ids.slice(150, 160)) shop.trashOrder(id)
    const added = Array.from({ length: 8 }, (_, i) => buy(scene, `amid${i}@example.com`))
    for (const id of ids.slice(60, 66)) shop.updateOrder(id, { status: 'completed' })
    await until('another page', async () => lists(from).length >= 2)
    for (const id of ids.slice(46, 58)) shop.deleteOrder(id)
    expect((await ended(run.id)).state).toBe('succeeded')
    // What was made or changed behind the reader is the next sweep's.
    await ended((await start('sweep')).id)
    for (const id of added) await flow.synced(id)
    await until('all level', async () => wrong().length === 0)
    expect(lists(from).length).toBeGreaterThanOrEqual(3)
  })
})

describe('B19 a shop whose lists cannot be trusted', () => {
  const withTotals = (headers: Record<string, string | null>) =>
    scene.world.shop.rules.add({ name: 'totals', path: LISTS, action: { kind: 'headers', headers } })

  it.each([
    ['missing', { 'x-wp-total': null, 'x-wp-totalpages': null }],
    ['too small', { 'x-wp-total': '3', 'x-wp-totalpages': '1' }],
    ['too large', { 'x-wp-total': '99999', 'x-wp-totalpages': '1000' }],
  ])('B19 totals that are %s: every order is read, and the run ends', async (_name, headers) => {
    withTotals(headers)
    const from = scene.world.shop.calls.length
    const run = await ended((await start()).id)
    expect(run.state).toBe('succeeded')
    expect(run.done).toBe(live().length)
    expect(lists(from).length).toBeLessThan(20)
    expect(wrong()).toEqual([])
  })

  it('B19 the same page for ever: the run stops and says why, and goes on once the shop is put right', async () => {
    const { shop } = scene.world
    const first = pageOf(100)
    const total = { 'x-wp-total': String(live().length), 'x-wp-totalpages': '4' }
    shop.rules.add({
      name: 'same',
      path: LISTS,
      action: { kind: 'status', status: 200, body: first, headers: total },
    })
    const from = shop.calls.length
    const run = await ended((await start()).id)
    expect(run.state).toBe('paused')
    expect(run.reason).toMatch(/same page|not in the order asked for/)
    expect(lists(from).length).toBeLessThan(30)
    shop.rules.clear()
    await scene.service.api.runs.resume({ params: { runId: run.id } })
    expect((await ended(run.id)).state).toBe('succeeded')
    expect(wrong()).toEqual([])
  })

  it('B19 the same page for ever to a sweep: the flow says so until it reads again', async () => {
    const { shop } = scene.world
    const overview = async () => {
      const { flows } = await scene.service.api.overview.get({ query: {} })
      return flows.find((one) => one.id === flow.id)
    }
    const first = pageOf(100)
    shop.rules.add({ name: 'same', path: LISTS, action: { kind: 'status', status: 200, body: first } })
    const from = shop.calls.length
    await start('sweep')
    const bad = await until('the word', async () => {
      const now = await overview()
      return now?.health === 'bad' && now
    })
    expect(bad.text).toMatch(/same page|not in the order asked for/)
    expect(lists(from).length).toBeLessThan(30)
    shop.rules.clear()
    await start('sweep')
    await until('its end', async () => (await overview())?.health === 'good')
  })
})
