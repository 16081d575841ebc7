import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reserveIds } from '../../simulators/woocommerce/state.ts'
import { disagreements } from '../checker.ts'
import { until } from '../processes.ts'
import { buy, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { openTenants, type Tenant } from './tenant.ts'

/** Orders that wait at the busy business; the catalogue's number where there is time for it. */
const WAITING = process.env['SOAK'] === '1' ? 100_000 : 3_000
/** Records per call of "sync now". */
const PER_CALL = 200

let ours: Scene
let theirs: Tenant
let flow: FlowView
let other: FlowView

beforeAll(async () => {
  ;({ ours, theirs } = await openTenants({ world: { shop: { orderCount: WAITING, seed: 3 } } }))
  flow = await orderFlow(ours)
  other = await orderFlow(theirs)
})
afterAll(async () => {
  await theirs.close()
  await ours.close()
})

describe('G2 two businesses with the same numbers and the same customer', () => {
  const wrong = (scene: Scene, ids: readonly number[]) =>
    disagreements(scene.world.shop, scene.world.crm, (order) => ids.includes(order['id'] as number))
  const contacts = (scene: Scene, email: string) =>
    scene.world.crm.all('contacts').filter((one) => one.properties['email'] === email)
  /** An order of the same number in both shops. */
  function buyBoth(email: string): number {
    const number = Math.max(...[ours, theirs].map((scene) => buy(scene, 'first@example.com')))
    for (const { world } of [ours, theirs]) reserveIds(world.shop.shop, 'post', number)
    const id = buy(ours, email, {}, { first_name: 'Anna' })
    expect(buy(theirs, email, { status: 'on-hold', set_paid: false }, { first_name: 'Berta' })).toBe(id)
    return id
  }

  it('G2 have two orders and two contacts, each in its own HubSpot', async () => {
    const id = buyBoth('jansen@example.com')
    for (const view of [flow, other]) await view.synced(id)
    expect([...wrong(ours, [id]), ...wrong(theirs, [id])]).toEqual([])
    const names = [ours, theirs].map((scene) => contacts(scene, 'jansen@example.com').map((one) => one.properties['firstname'])) // prettier-ignore
    expect(names).toEqual([['Anna'], ['Berta']])
    const records = await Promise.all([ours, theirs].map(({ service }) => service.api.records.list({ query: { search: String(id) } }))) // prettier-ignore
    expect(records.map(({ items }) => items.map((item) => item.flowId))).toEqual([[flow.id], [other.id]])
  })

  it('G2 what one changes, takes back or cannot send is nothing to the other', async () => {
    const id = buyBoth('kim@example.com')
    for (const view of [flow, other]) await view.synced(id)
    const before = other.document(id)
    const settings = await flow.settings()
    const { completed: _, ...stages } = settings['stages'] as Record<string, string>
    ours.world.shop.updateOrder(id, { customer_note: 'Ring twice.' })
    await flow.synced(id, (order) => order.properties['crosswalk_customer_note'] === 'Ring twice.')
    await flow.set({ stages })
    ours.world.shop.updateOrder(id, { status: 'completed' })
    await flow.becomes(id, 'failed')
    expect((await theirs.service.api.failures.groups()).items).toEqual([])
    expect((await other.record(id)).history).toHaveLength(1)
    await flow.set({ stages: settings['stages'] })
    ours.world.shop.trashOrder(id)
    await flow.becomes(id, 'deleted')
    const marker = buy(theirs, 'lena@example.com')
    await other.synced(marker)
    expect(other.document(id)).toEqual(before)
    expect((await other.record(id)).state).toBe('linked')
  })

  it('G2 an account that one has ended goes on for the other', async () => {
    await ours.service.api.flows.move({ params: { flowId: flow.id }, body: { to: 'paused' } })
    const id = buyBoth('mona@example.com')
    await other.synced(id)
    expect(flow.document(id)).toBeUndefined()
    await ours.service.api.flows.move({ params: { flowId: flow.id }, body: { to: 'active' } })
    await flow.synced(id)
    expect([...wrong(ours, [id]), ...wrong(theirs, [id])]).toEqual([])
  })
})

describe('G3 a business with much to do', () => {
  it('G3 does not keep another one’s order waiting', { timeout: WAITING * 100 }, async () => {
    const { world, service } = ours
    const ids = world.shop.shop.orders.sorted('id').map((entry) => String(entry.id))
    expect(ids.length).toBeGreaterThanOrEqual(WAITING)
    // So slow that next to nothing gets done while it all waits.
    world.crm.latencyMs = 3_000
    for (let at = 0; at < ids.length; at += PER_CALL) {
      const externalIds = ids.slice(at, at + PER_CALL)
      await service.api.records.sync({ params: { flowId: flow.id }, body: { externalIds } })
    }
    const left = async (): Promise<number> => {
      const [of] = (await service.api.overview.get({ query: {} })).flows
      return ids.length - Object.values(of?.records ?? {}).reduce((sum, count) => sum + count, 0)
    }
    const id = buy(theirs, 'nora@example.com')
    await other.synced(id, () => true, 30_000)
    expect(await left()).toBeGreaterThan(WAITING / 2)
    expect(disagreements(theirs.world.shop, theirs.world.crm, (order) => order['id'] === id)).toEqual([])

    world.crm.latencyMs = 0
    for (let rest = await left(); rest > 0; rest = await left()) {
      await until(`progress with ${rest} orders`, async () => (await left()) < rest)
    }
    expect((await service.api.failures.groups()).items).toEqual([])
    const drafts = world.shop.shop.orders.sorted('id').filter((entry) => entry.status === 'checkout-draft')
    const trashed = world.shop.shop.orders.sorted('id').filter((entry) => entry.status === 'trash')
    expect(world.crm.all('orders').length).toBe(ids.length - drafts.length)
    expect(trashed).toHaveLength(1)
  })
})
