import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reserveIds } from '../../simulators/woocommerce/state.ts'
import { startWooCommerce, type WooCommerceSimulator } from '../../simulators/woocommerce/index.ts'
import { disagreements } from '../checker.ts'
import { besideShop, buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'

let first: Scene
let second: Scene
let shop: WooCommerceSimulator
let flows: [FlowView, FlowView]

beforeAll(async () => {
  shop = await startWooCommerce({ orderCount: 0, autoDeliver: 50, allowTargets: ['*'] })
  first = await openScene({ hosts: [new URL(shop.url).host] })
  const pan = shop.addProduct({ name: 'Steel pan', sku: 'PAN', regular_price: '25.00' })['id'] as number
  second = { ...(await besideShop(first, shop)), apron: pan }
  flows = [await orderFlow(first, { store: 'North' }), await orderFlow(second, { store: 'South' })]
})
afterAll(async () => {
  await first.close()
  await second.close()
})

/** Documents in HubSpot of an order's id, whichever shop they are of. */
const documents = (id: number) =>
  first.world.crm.all('orders').filter((one) => String(one.properties['crosswalk_key']).endsWith(`:${id}`))
const documentOf = (store: string, id: number) =>
  documents(id).find((one) => one.properties['crosswalk_store'] === store)
let number = 1_000
/** Orders of the same number in both shops. */
function buyBoth(emails: readonly [string, string]): number {
  number += 100
  for (const { world } of [first, second]) reserveIds(world.shop.shop, 'post', number)
  const id = buy(first, emails[0])
  expect(buy(second, emails[1])).toBe(id)
  return id
}
const wrong = () => [first, second].flatMap(({ world }) => disagreements(world.shop, world.crm))

describe('K12 two shops on one portal', () => {
  it('K12 orders of one number are two documents, each with its own lines and buyer', async () => {
    const id = buyBoth(['anna@example.com', 'berta@example.com'])
    for (const flow of flows) await flow.synced(id)
    expect(documents(id)).toHaveLength(2)
    const [north, south] = [documentOf('North', id), documentOf('South', id)]
    const skus = [north, south].map((document) =>
      first.world.crm
        .associations('orders', document?.id ?? '')
        .filter((entry) => entry.objectType === 'line_items')
        .map((entry) => first.world.crm.get('line_items', entry.id)?.properties['hs_sku'])
        .sort(),
    )
    expect(skus).toEqual([
      ['APRON', 'MITT'],
      ['MITT', 'PAN'],
    ])
    const external = [north, south].map((document) => document?.properties['hs_external_order_id'])
    expect(new Set(external).size).toBe(2)
    expect(wrong()).toEqual([])
  })

  it('K12 a change, a refund or a deletion in one shop is none in the other', async () => {
    const id = buyBoth(['carla@example.com', 'dora@example.com'])
    for (const flow of flows) await flow.synced(id)
    const before = documentOf('South', id)
    first.world.shop.updateOrder(id, { status: 'completed' })
    await flows[0].synced(id, (order) => order.properties['crosswalk_source_status'] === 'completed')
    first.world.shop.refund(id, { amount: '5.00' })
    await flows[0].synced(id, (order) => Number(order.properties['crosswalk_refunded']) === 5)
    first.world.shop.trashOrder(id)
    await flows[0].becomes(id, 'deleted')
    expect(documentOf('North', id)?.properties['crosswalk_source_status']).toBe('deleted')
    expect((await flows[1].record(id)).state).toBe('linked')
    expect(documentOf('South', id)).toEqual(before)
    first.world.shop.deleteOrder(id)
  })

  it('K12 who buys in both is one contact, and what both sell by one SKU is one product', async () => {
    const id = buyBoth(['emma@example.com', 'Emma@Example.com'])
    for (const flow of flows) await flow.synced(id)
    const buyers = documents(id).flatMap((document) =>
      first.world.crm.associations('orders', document.id).filter((entry) => entry.objectType === 'contacts'),
    )
    expect(buyers).toHaveLength(2)
    expect(new Set(buyers.map((entry) => entry.id)).size).toBe(1)
    expect(first.world.crm.all('products').filter((one) => one.properties['hs_sku'] === 'MITT')).toHaveLength(
      1,
    )
    expect(wrong()).toEqual([])
  })
})
