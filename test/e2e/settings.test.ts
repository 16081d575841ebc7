import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { MappingDocument } from '@crosswalk/shared/mapping'
import { buy, openScene, orderFlow, type FlowView, type Scene } from './scene.ts'
import { until } from './processes.ts'

let scene: Scene
let flow: FlowView
let standard: Record<string, unknown>
let plain: MappingDocument

beforeAll(async () => {
  scene = await openScene()
  flow = await orderFlow(scene)
  standard = await flow.settings()
  plain = (await scene.service.api.mappings.get({ params: { flowId: flow.id, version: 1 } })).document
})
afterAll(() => scene.close())

/** Every test begins with the settings a new flow has. */
beforeEach(async () => {
  await scene.service.api.flows.update({ params: { flowId: flow.id }, body: { settings: standard } })
})

const contactOf = (email: string) =>
  scene.world.crm.all('contacts').find((one) => one.properties['email'] === email)
const orderTotal = (id: number): number =>
  Number(scene.world.shop.orders().find((order) => order.id === id)?.total)
const skus = (id: number) => flow.linked(id, 'line_items').map((line) => line.properties['hs_sku'] ?? '').sort() // prettier-ignore

describe('which orders go across', () => {
  it('by status: left out with the reason, there when paid, and told when cancelled afterwards', async () => {
    await flow.set({ statuses: ['processing', 'completed'] })
    const id = buy(scene, 'anna@example.com', { status: 'on-hold', set_paid: false })
    const left = await flow.becomes(id, 'skipped')
    expect(left.reason).toMatch(/Status filter.*on-hold.*processing, completed/)
    expect(flow.document(id)).toBeUndefined()
    scene.world.shop.updateOrder(id, { status: 'processing' })
    await flow.synced(id)
    scene.world.shop.updateOrder(id, { status: 'cancelled' })
    await flow.synced(id, (order) => order.properties['crosswalk_source_status'] === 'cancelled')
    const stages = standard['stages'] as Record<string, string>
    expect(flow.document(id)?.properties['hs_pipeline_stage']).toBe(stages['cancelled'])
  })

  it('by start date', async () => {
    await flow.set({ startDate: '2999-01-01' })
    const id = buy(scene, 'berta@example.com')
    expect((await flow.becomes(id, 'skipped')).reason).toMatch(/Start date.*2999-01-01/)
    await flow.set({ startDate: '2020-01-01' })
    scene.world.shop.updateOrder(id, { customer_note: 'Please ring twice.' })
    await flow.synced(id)
  })

  it('by a filter of the user', async () => {
    await flow.set({ filter: { greater: { path: ['totals', 'total'], value: '100' } } })
    const small = buy(scene, 'carla@example.com')
    const large = buy(scene, 'carla@example.com', { line_items: [{ product_id: scene.apron, quantity: 5 }] })
    await flow.synced(large)
    expect((await flow.becomes(small, 'skipped')).reason).toMatch(/^Custom filter: /)
    expect(flow.document(small)).toBeUndefined()
  })

  it('once only, where existing ones are to be left alone', async () => {
    await flow.set({ existing: 'skip' })
    const id = buy(scene, 'dora@example.com')
    await flow.synced(id)
    scene.world.shop.updateOrder(id, { status: 'completed' })
    const attempts = await until('the second look', async () => {
      const { history } = await flow.record(id)
      return history.length > 1 && history
    })
    expect(attempts[0]).toMatchObject({ outcome: 'skipped' })
    expect(attempts[0]?.summary).toMatch(/does not update/)
    expect(flow.document(id)?.properties['crosswalk_source_status']).toBe('processing')
  })
})

describe('who bought', () => {
  it('guests: the order is skipped, a customer’s is not', async () => {
    await flow.set({ guests: 'skip_order' })
    const customer = scene.world.shop.addCustomer({ email: 'emma@example.com' })
    const guest = buy(scene, 'emil@example.com')
    const known = buy(scene, 'emma@example.com', { customer_id: customer['id'] })
    await flow.synced(known)
    expect((await flow.becomes(guest, 'skipped')).reason).toMatch(/^Guests: /)
    expect(contactOf('emil@example.com')).toBeUndefined()
  })

  it('guests: the order goes without a contact', async () => {
    await flow.set({ guests: 'without_contact' })
    const id = buy(scene, 'finn@example.com', {}, { company: 'Finn Ltd' })
    await flow.synced(id)
    expect(contactOf('finn@example.com')).toBeUndefined()
    expect([...flow.linked(id, 'contacts'), ...flow.linked(id, 'companies')]).toEqual([])
    expect(flow.linked(id, 'line_items')).toHaveLength(2)
  })

  it('guests: one contact stands in for all, and takes nothing of theirs', async () => {
    await flow.set({ guests: 'default_contact', defaultContact: 'walk-in@example.com' })
    const first = buy(scene, 'gina@example.com', {}, { city: 'Ghent' })
    const second = buy(scene, 'gus@example.com', {}, { city: 'Gouda' })
    for (const id of [first, second]) {
      await flow.synced(id)
      expect(flow.linked(id, 'contacts').map((one) => one.properties['email'])).toEqual([
        'walk-in@example.com',
      ])
    }
    expect(contactOf('gina@example.com')).toBeUndefined()
    const { firstname, lastname, city } = contactOf('walk-in@example.com')?.properties ?? {}
    expect([firstname, lastname, city].filter(Boolean)).toEqual([])
  })

  it('companies: never, or when one is named', async () => {
    await flow.set({ company: 'never' })
    const without = buy(scene, 'hans@looms.example.com', {}, { company: 'Looms BV' })
    await flow.synced(without)
    expect(scene.world.crm.all('companies').map((one) => one.properties['name'])).not.toContain('Looms BV')
    await flow.set({ company: 'when_named' })
    const named = buy(scene, 'hans@looms.example.com', {}, { company: 'Looms BV' })
    const unnamed = buy(scene, 'hugo@looms.example.com')
    for (const id of [named, unnamed]) await flow.synced(id)
    expect(flow.linked(named, 'companies').map((one) => one.properties['name'])).toEqual(['Looms BV'])
    expect(flow.linked(unnamed, 'companies')).toEqual([])
  })
})

describe('what was bought', () => {
  const buyNew = (sku: string): number => {
    const product = scene.world.shop.addProduct({ name: `Thing ${sku}`, sku, regular_price: '9.00' })
    return buy(scene, 'ida@example.com', { line_items: [{ product_id: product['id'], quantity: 1 }] })
  }
  const products = () => scene.world.crm.all('products').map((one) => one.properties['hs_sku'])

  it('an unknown product fails its order, which names it, and nothing of the order is begun', async () => {
    await flow.set({ missingProducts: 'fail' })
    const id = buyNew('THING-1')
    const failed = await flow.becomes(id, 'failed')
    expect(failed.error?.message).toContain('THING-1')
    expect(flow.document(id)).toBeUndefined()
    expect(contactOf('ida@example.com')).toBeUndefined()
    scene.world.crm.createRecord('products', { name: 'Made by hand', hs_sku: 'THING-1' })
    // The index of a search that finds it lags behind.
    await until('a try that finds it', async () => {
      await scene.service.api.failures.retry({ body: { flowId: flow.id, externalIds: [String(id)] } })
      const found = await flow.record(id)
      return found.state === 'linked'
    })
    const handmade = scene.world.crm.all('products').find((one) => one.properties['hs_sku'] === 'THING-1')
    expect(flow.linked(id, 'line_items')[0]?.properties['hs_product_id']).toBe(handmade?.id)
  })

  it('an unknown product becomes a line without a product', async () => {
    await flow.set({ missingProducts: 'free_line' })
    const id = buyNew('THING-2')
    await flow.synced(id)
    expect(skus(id)).toEqual(['THING-2'])
    expect(flow.linked(id, 'line_items')[0]?.properties['hs_product_id'] ?? '').toBe('')
    expect(products()).not.toContain('THING-2')
  })

  it('an unknown product is made', async () => {
    await flow.set({ missingProducts: 'create' })
    const id = buyNew('THING-3')
    await flow.synced(id)
    expect(products().filter((sku) => sku === 'THING-3')).toHaveLength(1)
  })

  it('shipping is a line of its own, and the lines still add up', async () => {
    await flow.set({ shippingAs: 'line' })
    const id = buy(scene, 'jan@example.com', {
      shipping_lines: [{ method_id: 'flat_rate', method_title: 'Parcel post', total: '6.95' }],
    })
    await flow.synced(id)
    const lines = flow.linked(id, 'line_items')
    expect(lines.map((line) => line.properties['crosswalk_kind']).sort()).toEqual(['product', 'product', 'shipping']) // prettier-ignore
    const cents = lines.map((line) => Math.round(Number(line.properties['crosswalk_gross']) * 100))
    expect(cents.reduce((sum, one) => sum + one, 0)).toBe(Math.round(orderTotal(id) * 100))
  })

  it('a fixed value is on every order, and wins over the mapping', async () => {
    await flow.set({ constants: [{ part: 'document', target: 'crosswalk_store', value: 'Antwerp' }] })
    const id = buy(scene, 'kim@example.com')
    await flow.synced(id)
    expect(flow.document(id)?.properties['crosswalk_store']).toBe('Antwerp')
  })
})

describe('what stays as people left it in HubSpot', () => {
  it('a name that sales corrected, after the order changed and after another order', async () => {
    const id = buy(scene, 'lena@example.com', {}, { city: 'Leuven' })
    await flow.synced(id)
    const contact = contactOf('lena@example.com')?.id as string
    scene.world.crm.updateRecord('contacts', contact, { firstname: 'Magdalena' })
    scene.world.shop.updateOrder(id, { status: 'completed' })
    await flow.synced(id, (order) => order.properties['crosswalk_source_status'] === 'completed')
    const second = buy(scene, 'lena@example.com', {}, { city: 'Liège' })
    await flow.synced(second)
    const { firstname, city } = contactOf('lena@example.com')?.properties ?? {}
    expect({ firstname, city }).toEqual({ firstname: 'Magdalena', city: 'Liège' })
  })

  it('nobody is changed where customers are only made', async () => {
    await flow.set({ customers: 'create' })
    const first = buy(scene, 'mona@example.com', {}, { city: 'Mons' })
    await flow.synced(first)
    const second = buy(scene, 'mona@example.com', {}, { city: 'Metz' })
    await flow.synced(second)
    expect(contactOf('mona@example.com')?.properties['city']).toBe('Mons')
  })

  it('a field whose rule writes on create only', async () => {
    const part = plain.parts['document']
    if (!part) throw new Error('no document part')
    const rules = part.rules.map((rule) =>
      rule.target === 'hs_order_name' ? { ...rule, on: 'create' as const } : rule,
    )
    const document = { parts: { ...plain.parts, document: { ...part, rules } } }
    await scene.service.api.mappings.save({ params: { flowId: flow.id }, body: { document, note: 'Names stay' } }) // prettier-ignore
    const id = buy(scene, 'nora@example.com')
    await flow.synced(id)
    scene.world.crm.updateRecord('orders', flow.document(id)?.id as string, { hs_order_name: 'Birthday' })
    scene.world.shop.updateOrder(id, { status: 'completed' })
    await flow.synced(id, (order) => order.properties['crosswalk_source_status'] === 'completed')
    expect(flow.document(id)?.properties['hs_order_name']).toBe('Birthday')
  })
})

describe('settings that make no sense', () => {
  it.each([
    ['guests', { guests: 'sometimes' }],
    ['startDate', { startDate: 'last Tuesday' }],
    ['defaultContact', { guests: 'default_contact', defaultContact: null }],
    ['constants', { constants: [{ part: 'banana', target: 'x', value: 1 }] }],
    ['sweepSeconds', { sweepSeconds: 1 }],
    ['filter', { filter: { roughly: 3 } }],
  ])('are refused with the field named: %s', async (field, change) => {
    const refused = await scene.service.api.flows
      .update({ params: { flowId: flow.id }, body: { settings: { ...standard, ...change } } })
      .then(() => null, (error: unknown) => error as { status: number; issues?: unknown; body?: unknown }) // prettier-ignore
    expect(refused?.status).toBe(400)
    expect(JSON.stringify(refused)).toContain(`"${field}"`)
    expect(await flow.settings()).toEqual(standard)
  })

  it('an unknown setting is refused by its name', async () => {
    await expect(flow.set({ shipingAs: 'line' })).rejects.toMatchObject({ status: 400, message: expect.stringContaining('shipingAs') }) // prettier-ignore
  })
})
