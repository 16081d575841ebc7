import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buy, flowView, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { goLive } from '../shop-to-crm.ts'

let scene: Scene
let flow: FlowView
let orders: FlowView

beforeAll(async () => {
  scene = await openScene()
  const id = await goLive(scene.service.api, scene.ends, { entity: 'product', document: 'product' })
  flow = flowView(scene, id, 'products')
  orders = await orderFlow(scene)
})
afterAll(() => scene.close())

const inCrm = (sku: string) =>
  scene.world.crm.all('products').filter((one) => one.properties['hs_sku'] === sku)
const add = (input: Record<string, unknown>): number => scene.world.shop.addProduct(input)['id'] as number
const option = (value: string) => [{ name: 'Colour', option: value }]
const variable = (more: Record<string, unknown>): number =>
  add({
    type: 'variable',
    attributes: [{ name: 'Colour', options: ['Red', 'Blue'], variation: true, visible: true }],
    ...more,
  })
/** Imports and plugins write SKUs and stock past WooCommerce's own checks; saving says that something changed. */
function write(id: number, change: { sku?: string; stock?: number }): void {
  Object.assign(scene.world.shop.shop.products.get(id) ?? {}, change)
  scene.world.shop.updateProduct(id, { short_description: JSON.stringify(change) })
}
/** Id of the product that each line of an order points at, by SKU. */
const pointed = (order: number): Record<string, unknown> =>
  Object.fromEntries(
    orders
      .linked(order, 'line_items')
      .map((line) => [line.properties['hs_sku'], line.properties['hs_product_id']]),
  )

describe('K4 SKUs', () => {
  it('K4 two products with one SKU: the second is a visible conflict, and neither takes the other’s place', async () => {
    const first = add({ name: 'Pan', sku: 'PAN', regular_price: '15.00' })
    const own = await flow.synced(first)
    const other = add({ name: 'Third pan', sku: '', regular_price: '18.00' })
    await flow.becomes(other, 'skipped')
    write(other, { sku: 'PAN' })
    const failed = await flow.becomes(other, 'failed')
    expect(failed.error).toMatchObject({ code: 'conflict' })
    expect(failed.error?.message).toContain(String(first))
    expect(inCrm('PAN').map((one) => one.id)).toEqual([own.target?.id])
    expect(Number(inCrm('PAN')[0]?.properties['price'])).toBe(15)
  })

  it('K4 a product with the SKU of a variation is a conflict as well', async () => {
    const hat = variable({
      name: 'Hat',
      variations: [
        { sku: 'HAT-R', regular_price: '14.00', attributes: option('Red') },
        { sku: 'HAT-B', regular_price: '14.00', attributes: option('Blue') },
      ],
    })
    await flow.synced(hat, () => inCrm('HAT-B').length === 1)
    const copy = add({ name: 'Copied hat', sku: '', regular_price: '99.00' })
    await flow.becomes(copy, 'skipped')
    write(copy, { sku: 'HAT-B' })
    expect((await flow.becomes(copy, 'failed')).error).toMatchObject({ code: 'conflict' })
    expect(inCrm('HAT-B').map((one) => Number(one.properties['price']))).toEqual([14])
  })

  it('K4 a product without a SKU is left out with the reason, and comes once it has one', async () => {
    const id = add({ name: 'Loose thread', regular_price: '1.00' })
    expect((await flow.becomes(id, 'skipped')).reason).toMatch(/no SKU/)
    expect(scene.world.crm.all('products').some((one) => one.properties['name'] === 'Loose thread')).toBe(false) // prettier-ignore
    scene.world.shop.updateProduct(id, { sku: 'THREAD' })
    await flow.synced(id)
    expect(inCrm('THREAD')).toHaveLength(1)
  })

  it('K4 a line of an order without a SKU is a line without a product', async () => {
    const id = add({ name: 'Remnant', regular_price: '2.00' })
    const order = buy(scene, 'anna@example.com', { line_items: [{ product_id: id, quantity: 1 }] })
    await orders.synced(order)
    expect(orders.linked(order, 'line_items').map((line) => line.properties['name'])).toEqual(['Remnant'])
    expect(Object.values(pointed(order)).filter(Boolean)).toEqual([])
  })

  it('K4 spaces around a SKU mean nothing, for a product and for lines of orders', async () => {
    const id = add({ name: 'Pot', sku: 'POT 1', regular_price: '9.00' })
    write(id, { sku: ' POT 1 ' })
    const record = await flow.synced(id)
    const order = buy(scene, 'berta@example.com', { line_items: [{ product_id: id, quantity: 1 }] })
    await orders.synced(order)
    expect(inCrm('POT 1').map((one) => one.id)).toEqual([record.target?.id])
    expect(pointed(order)).toEqual({ 'POT 1': record.target?.id })
  })

  it('K4 SKUs in other capitals are products of their own, whichever comes first in an order', async () => {
    scene.world.crm.searchLag(0)
    const made = ['JAR', 'jug'].map((sku) =>
      scene.world.crm.createRecord('products', { name: 'By sales', hs_sku: sku }),
    )
    await scene.service.api.flows.move({ params: { flowId: flow.id }, body: { to: 'paused' } })
    const ids = ['JAR', 'jar', 'JUG', 'jug'].map((sku) => add({ name: sku, sku, regular_price: '3.00' }))
    const lines = ids.map((product_id) => ({ product_id, quantity: 1 }))
    const first = buy(scene, 'carla@example.com', { line_items: lines })
    await orders.synced(first)
    const second = buy(scene, 'carla@example.com', { line_items: lines.toReversed() })
    await orders.synced(second)
    await scene.service.api.flows.move({ params: { flowId: flow.id }, body: { to: 'active' } })
    expect(['JAR', 'jar', 'JUG', 'jug'].map((sku) => inCrm(sku).length)).toEqual([1, 1, 1, 1])
    const own = Object.fromEntries(['JAR', 'jar', 'JUG', 'jug'].map((sku) => [sku, inCrm(sku)[0]?.id]))
    expect([own['JAR'], own['jug']]).toEqual(made.map((one) => one.id))
    expect(pointed(first)).toEqual(own)
    expect(pointed(second)).toEqual(own)
  })

  it('K4 the SKU of a product that was deleted may be used again: it takes over what was in HubSpot', async () => {
    const old = add({ name: 'Lamp', sku: 'LAMP', regular_price: '30.00' })
    const record = await flow.synced(old)
    scene.world.shop.trashProduct(old)
    await flow.becomes(old, 'deleted')
    const next = add({ name: 'New lamp', sku: '', regular_price: '35.00' })
    write(next, { sku: 'LAMP' })
    const taken = await flow.synced(next, (product) => Number(product.properties['price']) === 35)
    expect(taken.target?.id).toBe(record.target?.id)
    expect(inCrm('LAMP')).toHaveLength(1)
    // Out of the trash again, the old one does not take it back.
    scene.world.shop.updateProduct(old, { status: 'publish', regular_price: '31.00' })
    expect((await flow.becomes(old, 'failed')).error).toMatchObject({ code: 'conflict' })
    expect(Number(inCrm('LAMP')[0]?.properties['price'])).toBe(35)
  })

  it('K4 a product out of the trash goes on with what it had', async () => {
    const id = add({ name: 'Tray', sku: 'TRAY', regular_price: '12.00' })
    const record = await flow.synced(id)
    scene.world.shop.trashProduct(id)
    await flow.becomes(id, 'deleted')
    scene.world.shop.updateProduct(id, { status: 'publish', regular_price: '13.00' })
    const again = await flow.synced(id, (product) => Number(product.properties['price']) === 13)
    expect(again.target?.id).toBe(record.target?.id)
    expect(inCrm('TRAY')).toHaveLength(1)
  })
})

describe('K5 variations that go by their product’s SKU', () => {
  it('K5 are told apart on the lines of an order', async () => {
    const id = variable({ name: 'Cap', sku: 'CAP' })
    const [red, blue] = ['Red', 'Blue'].map((colour, i) =>
      scene.world.shop.addVariation(id, { regular_price: `${10 + i}.00`, attributes: option(colour) }),
    )
    const order = buy(scene, 'dora@example.com', {
      line_items: [
        { product_id: id, variation_id: red?.['id'], quantity: 1 },
        { product_id: id, variation_id: blue?.['id'], quantity: 2 },
      ],
    })
    await orders.synced(order)
    const seen = orders.linked(order, 'line_items').map(({ properties }) => [properties['hs_sku'], properties['crosswalk_options'], properties['quantity']]) // prettier-ignore
    expect(seen.sort()).toEqual([
      ['CAP', 'Blue', '2'],
      ['CAP', 'Red', '1'],
    ])
    expect(orders.linked(order, 'line_items').every((line) => /Red|Blue/.test(String(line.properties['name'])))).toBe(true) // prettier-ignore
    expect(inCrm('CAP')).toHaveLength(1)
    expect(new Set(Object.values(pointed(order)))).toEqual(new Set([inCrm('CAP')[0]?.id]))
  })

  it('K5 are one product, the first, and the record says so', async () => {
    const id = variable({ name: 'Scarf', sku: 'SCARF' })
    for (const [i, colour] of ['Red', 'Blue'].entries()) {
      scene.world.shop.addVariation(id, { regular_price: `${7 + i}.00`, attributes: option(colour) })
    }
    await flow.synced(id, (product) => Number(product.properties['price']) === 7)
    const { summary } = await flow.record(id)
    expect(inCrm('SCARF').map((one) => Number(one.properties['price']))).toEqual([7])
    expect(JSON.stringify(summary['warnings'])).toMatch(/same SKU/)
  })
})

describe('K8 stock', () => {
  const stock = (sku: string) => inCrm(sku)[0]?.properties['crosswalk_stock']

  it.each([
    ['below zero', 'BELOW', { manage_stock: true, backorders: 'yes', stock_quantity: -3 }, '-3'],
    ['of none', 'NONE', { manage_stock: true, stock_quantity: 0 }, '0'],
    ['that nobody counts', 'UNCOUNTED', { manage_stock: false }, undefined],
  ])('K8 a stock %s is told as it is', async (_, sku, input, expected) => {
    await flow.synced(add({ name: sku, sku, regular_price: '1.00', ...input }))
    expect(inCrm(sku)).toHaveLength(1)
    expect(stock(sku)).toBe(expected)
  })

  it('K8 a stock in parts of one is told as it is', async () => {
    const id = add({
      name: 'Rope',
      sku: 'ROPE',
      regular_price: '1.00',
      manage_stock: true,
      stock_quantity: 2,
    })
    write(id, { stock: 2.625 })
    await flow.synced(id, () => stock('ROPE') === '2.625')
  })

  it('K8 a stock that is no longer counted is no longer told, and never as 0', async () => {
    const id = add({
      name: 'Bell',
      sku: 'BELL',
      regular_price: '1.00',
      manage_stock: true,
      stock_quantity: 5,
    })
    await flow.synced(id, () => stock('BELL') === '5')
    scene.world.shop.updateProduct(id, { manage_stock: false, regular_price: '2.00' })
    await flow.synced(id, (product) => Number(product.properties['price']) === 2)
    expect(stock('BELL')).toBeUndefined()
  })
})
