import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ALL_SCOPES, DEFAULT_TOKEN } from '../../simulators/hubspot/index.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { watch, type Watch } from './b-scene.ts'

const NARROW_TOKEN = 'pat-eu1-narrow'
const withoutCompanies = ALL_SCOPES.filter((scope) => !scope.includes('companies'))

let scene: Scene
let flow: FlowView
let seen: Watch

beforeAll(async () => {
  scene = await openScene({
    world: {
      crm: {
        tokens: [
          { token: DEFAULT_TOKEN, kind: 'static' },
          { token: NARROW_TOKEN, kind: 'static', scopes: withoutCompanies },
        ],
      },
    },
  })
  flow = await orderFlow(scene)
  seen = watch(scene, flow)
})
afterEach(() => scene.world.crm.rules.clear())
afterAll(() => scene.close())

describe('B15 records that people deleted or merged in HubSpot', () => {
  it('B15 a deleted contact is made again for the next order; the earlier one has it once it changes', async () => {
    const first = buy(scene, 'anna@example.com')
    await flow.synced(first)
    scene.world.crm.archive('contacts', seen.contacts('anna@example.com')[0]?.id ?? '')
    const id = buy(scene, 'anna@example.com')
    await flow.synced(id)
    expect(seen.contacts('anna@example.com')).toHaveLength(1)
    expect(flow.linked(id, 'contacts').map((one) => one.id)).toEqual([
      seen.contacts('anna@example.com')[0]?.id,
    ])
    scene.world.shop.updateOrder(first, { status: 'completed' })
    await flow.synced(first, () => flow.linked(first, 'contacts').length === 1)
    expect(seen.wrong()).toEqual([])
  })

  it('B15 merged contacts are one for the next orders of both', async () => {
    await seen.allSynced([buy(scene, 'berta@example.com'), buy(scene, 'berta.old@example.com')])
    const [main, old] = ['berta@example.com', 'berta.old@example.com'].map((email) => seen.contacts(email)[0]?.id) // prettier-ignore
    const survivor = scene.world.crm.merge('contacts', main ?? '', old ?? '')
    const next = [buy(scene, 'berta@example.com'), buy(scene, 'berta.old@example.com')]
    await seen.allSynced(next)
    for (const id of next) expect(flow.linked(id, 'contacts').map((one) => one.id)).toEqual([survivor])
    expect(seen.contacts('berta.old@example.com')).toEqual([])
  })

  it('B15 a deleted order is made again, whole, when it changes in the shop', async () => {
    const id = buy(scene, 'carla@example.com')
    await flow.synced(id)
    for (const line of flow.linked(id, 'line_items')) scene.world.crm.archive('line_items', line.id)
    scene.world.crm.archive('orders', flow.document(id)?.id ?? '')
    scene.world.shop.updateOrder(id, { status: 'completed' })
    await flow.synced(id, (order) => order.properties['crosswalk_source_status'] === 'completed')
    expect(seen.wrong()).toEqual([])
  })

  it('B15 a deleted company and product are made again for the next order', async () => {
    const company = (): unknown[] =>
      scene.world.crm.all('companies').filter((one) => one.properties['name'] === 'Tools BV')
    const apron = (): { id: string }[] =>
      scene.world.crm.all('products').filter((one) => one.properties['hs_sku'] === 'APRON')
    await flow.synced(buy(scene, 'dora@tools.example.com', {}, { company: 'Tools BV' }))
    scene.world.crm.archive('companies', (company()[0] as { id: string }).id)
    scene.world.crm.archive('products', apron()[0]?.id ?? '')
    const id = buy(scene, 'ella@tools.example.com', {}, { company: 'Tools BV' })
    await flow.synced(id)
    expect(company()).toHaveLength(1)
    expect(flow.linked(id, 'companies')).toHaveLength(1)
    expect(seen.wrong()).toEqual([])
    expect(await seen.failures()).toEqual([])
  })
})

describe('B10 a search index that lags ten seconds and more', () => {
  it('B10 the same customer orders twice within two seconds: one contact, one company, one product', async () => {
    // So long that it cannot catch up within the test, however slow the machine is.
    scene.world.crm.searchLag(600_000)
    const product = scene.world.shop.addProduct({ name: 'New', sku: 'NEW', regular_price: '3.00' })
    const more = { line_items: [{ product_id: product['id'], quantity: 1 }] }
    const order = () => buy(scene, 'finn@finn.example.com', more, { company: 'Finn BV' })
    const first = order()
    // The second one comes in a batch of its own, when the first has been written.
    await flow.synced(first)
    await seen.allSynced([order(), order(), order()])
    expect(seen.contacts('finn@finn.example.com')).toHaveLength(1)
    expect(seen.doubles('companies', 'name')).toEqual([])
    expect(seen.doubles('products', 'hs_sku')).toEqual([])
    expect(seen.wrong()).toEqual([])
    scene.world.crm.searchLag(200)
  })
})

// The last one: the connection has a narrower key afterwards.
describe('B14 a missing scope for companies', () => {
  it('B14 orders and contacts go on; the company is left out, and the record says what is missing', async () => {
    const result = await scene.service.api.connections.reconnect({
      params: { connectionId: scene.ends.crmId },
      body: { credentials: { token: NARROW_TOKEN } },
    })
    const warnings = result.findings.filter((one) => one.state === 'warning').map((one) => one.text)
    expect(warnings.join(' ')).toMatch(/companies/)
    const id = buy(scene, 'emma@scopes.example.com', {}, { company: 'Scopes BV' })
    const record = await flow.synced(id)
    expect(JSON.stringify(record.summary['warnings'])).toMatch(/companies.*crm\.objects\.companies/)
    expect(flow.linked(id, 'companies')).toEqual([])
    expect(flow.linked(id, 'contacts')).toHaveLength(1)
    expect(seen.wrong()).toEqual([])
    expect(await seen.failures()).toEqual([])
  })
})
