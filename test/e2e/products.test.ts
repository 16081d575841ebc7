import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MappingDocument } from '@crosswalk/shared/mapping'
import { buy, flowView, openScene, orderFlow, type FlowView, type Scene } from './scene.ts'
import { goLive } from './shop-to-crm.ts'

let scene: Scene
let flow: FlowView
let standard: Record<string, unknown>

beforeAll(async () => {
  scene = await openScene()
  const id = await goLive(scene.service.api, scene.ends, { entity: 'product', document: 'product' })
  flow = flowView(scene, id, 'products')
  standard = await flow.settings()
})
afterAll(() => scene.close())

const inCrm = (sku: string) =>
  scene.world.crm.all('products').filter((one) => one.properties['hs_sku'] === sku)
const add = (input: Record<string, unknown>): number => scene.world.shop.addProduct(input).id as number
const option = (value: string) => [{ name: 'Colour', option: value }]
const shirt = (more: Record<string, unknown>): number =>
  add({
    name: 'Shirt',
    type: 'variable',
    attributes: [{ name: 'Colour', options: ['Red', 'Blue', 'Green'], variation: true, visible: true }],
    ...more,
  })

describe('a product of the shop', () => {
  it('becomes a product of HubSpot with its SKU, price and text', async () => {
    const id = add({ name: 'Apron & bib', sku: 'BIB', regular_price: '12.50', description: '<p>Of <b>linen</b></p>' }) // prettier-ignore
    const record = await flow.synced(id)
    expect(record.target?.object).toBe('products')
    expect(inCrm('BIB')).toHaveLength(1)
    expect(inCrm('BIB')[0]?.properties).toMatchObject({ name: 'Apron & bib', description: 'Of linen' })
    expect(Number(inCrm('BIB')[0]?.properties['price'])).toBe(12.5)
  })

  it('with variations becomes one product each, and none for itself', async () => {
    const id = shirt({
      sku: 'SHIRT',
      variations: [
        { sku: 'SHIRT-R', regular_price: '20.00', attributes: option('Red') },
        { sku: 'SHIRT-B', regular_price: '22.00', attributes: option('Blue') },
      ],
    })
    await flow.synced(id, () => inCrm('SHIRT-R').length + inCrm('SHIRT-B').length === 2)
    expect(['SHIRT-R', 'SHIRT-B', 'SHIRT'].map((sku) => inCrm(sku).length)).toEqual([1, 1, 0])
    expect(Number(inCrm('SHIRT-B')[0]?.properties['price'])).toBe(22)
    const { parts } = await flow.record(id)
    expect(parts.filter((part) => part.done)).toHaveLength(2)

    scene.world.shop.addVariation(id, { sku: 'SHIRT-G', regular_price: '25.00', attributes: option('Green') })
    await flow.synced(id, () => inCrm('SHIRT-G').length === 1)
    expect([inCrm('SHIRT-R').length, inCrm('SHIRT-B').length]).toEqual([1, 1])
  })

  it('that sales made in HubSpot before is taken over by its SKU; its texts stay, its price follows', async () => {
    const made = scene.world.crm.createRecord('products', { name: 'The good mug', hs_sku: 'MUG', price: '1' })
    const id = add({ name: 'Mug', sku: 'MUG', regular_price: '8.00', description: 'A mug.' })
    await flow.synced(id, (product) => Number(product.properties['price']) === 8)
    expect(inCrm('MUG').map((one) => one.id)).toEqual([made.id])
    expect(inCrm('MUG')[0]?.properties['name']).toBe('The good mug')
  })

  it('is the one that lines of orders point at', async () => {
    const orders = await orderFlow(scene)
    const id = add({ name: 'Bowl', sku: 'BOWL', regular_price: '9.00' })
    await flow.synced(id)
    const order = buy(scene, 'anna@example.com', { line_items: [{ product_id: id, quantity: 2 }] })
    await orders.synced(order)
    expect(inCrm('BOWL')).toHaveLength(1)
    expect(orders.linked(order, 'line_items')[0]?.properties['hs_product_id']).toBe(inCrm('BOWL')[0]?.id)
  })
})

describe('a change of a product', () => {
  it('of its price travels', async () => {
    const id = add({ name: 'Jug', sku: 'JUG', regular_price: '10.00' })
    await flow.synced(id)
    scene.world.shop.updateProduct(id, { regular_price: '11.00' })
    await flow.synced(id, (product) => Number(product.properties['price']) === 11)
  })

  it('of its name travels only where the rule writes it on updates too', async () => {
    const id = add({ name: 'Lamp', sku: 'LAMP', regular_price: '30.00' })
    await flow.synced(id)
    scene.world.shop.updateProduct(id, { name: 'Desk lamp', regular_price: '31.00' })
    await flow.synced(id, (product) => Number(product.properties['price']) === 31)
    expect(inCrm('LAMP')[0]?.properties['name']).toBe('Lamp')
    const { document } = await scene.service.api.mappings.get({ params: { flowId: flow.id, version: 1 } })
    const part = document.parts['document'] as MappingDocument['parts'][string]
    const rules = part.rules.map((rule) => (rule.target === 'name' ? { ...rule, on: 'both' as const } : rule))
    await scene.service.api.mappings.save({
      params: { flowId: flow.id },
      body: { document: { parts: { ...document.parts, document: { ...part, rules } } } },
    })
    scene.world.shop.updateProduct(id, { name: 'Reading lamp' })
    await flow.synced(id, (product) => product.properties['name'] === 'Reading lamp')
  })

  it('leaves fields alone that the flow does not update', async () => {
    await flow.set({ updateFields: ['price'] })
    const id = add({ name: 'Vase', sku: 'VASE', regular_price: '5.00' })
    await flow.synced(id)
    scene.world.shop.updateProduct(id, { name: 'Tall vase', regular_price: '6.00' })
    await flow.synced(id, (product) => Number(product.properties['price']) === 6)
    expect(inCrm('VASE')[0]?.properties['name']).toBe('Vase')
    await flow.set(standard)
  })
})

describe('a product that cannot be told apart', () => {
  it('as a variation without a SKU is left out; the others go', async () => {
    const id = shirt({
      name: 'Sock',
      variations: [
        { sku: 'SOCK-R', regular_price: '4.00', attributes: option('Red') },
        { regular_price: '4.00', attributes: option('Blue') },
      ],
    })
    const record = await flow.synced(id, () => inCrm('SOCK-R').length === 1)
    const { parts, summary } = await flow.record(id)
    expect(parts).toHaveLength(1)
    expect(JSON.stringify(summary['warnings'])).toMatch(/no SKU/)
    expect(record.complete).toBe(true)
  })

  it('by its kind or state is left out', async () => {
    const draft = add({ name: 'Draft', sku: 'DRAFT', regular_price: '3.00', status: 'draft' })
    expect((await flow.becomes(draft, 'skipped')).reason).toMatch(/States: .*draft/)
    scene.world.shop.updateProduct(draft, { status: 'publish' })
    await flow.synced(draft)
    const grouped = add({ name: 'Group', sku: 'GROUP', type: 'grouped' })
    expect((await flow.becomes(grouped, 'skipped')).reason).toMatch(/Kinds of product/)
  })
})
