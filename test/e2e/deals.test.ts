import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { disagreements } from './checker.ts'
import { dealFlow, STAGES } from './deal-flow.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from './scene.ts'

let scene: Scene
let deals: FlowView
let orders: FlowView

beforeAll(async () => {
  scene = await openScene()
  deals = await dealFlow(scene)
})
afterAll(() => scene.close())

const stageOf = (id: number): unknown => deals.document(id)?.properties['dealstage']
const orderOf = (id: number) => scene.world.shop.orders().find((order) => order.id === id)

describe('an order as a deal', () => {
  it('is whole: lines, contact, company, pipeline, stage, amount, currency', async () => {
    const id = buy(scene, 'anna@tools.example.com', {}, { company: 'Tools B.V.' })
    const record = await deals.synced(id)
    expect(record.target?.object).toBe('deals')
    expect(deals.document(id)?.properties).toMatchObject({
      dealname: `Order ${id}`,
      pipeline: 'default',
      dealstage: STAGES.processing,
      deal_currency_code: 'EUR',
    })
    const total = Number(orderOf(id)?.total)
    expect(Number(deals.document(id)?.properties['amount'])).toBe(total)
    expect(deals.linked(id, 'contacts').map((one) => one.properties['email'])).toEqual([
      'anna@tools.example.com',
    ])
    expect(deals.linked(id, 'companies').map((one) => one.properties['name'])).toEqual(['Tools B.V.'])
    const [company] = scene.world.crm
      .associations('deals', deals.document(id)?.id ?? '')
      .filter((entry) => entry.objectType === 'companies')
    // 5 is HubSpot's type deal → primary company.
    expect(company?.typeIds).toContain(5)
    const lines = deals.linked(id, 'line_items')
    expect(lines.map((line) => line.properties['hs_sku']).sort()).toEqual(['APRON', 'MITT'])
    const cents = lines.map((line) => Math.round(Number(line.properties['crosswalk_gross']) * 100))
    expect(cents.reduce((sum, one) => sum + one, 0)).toBe(Math.round(total * 100))
  })

  it('moves to the stage of its new status', async () => {
    const id = buy(scene, 'berta@example.com', { status: 'on-hold', set_paid: false })
    await deals.synced(id)
    expect(stageOf(id)).toBe(STAGES['on-hold'])
    scene.world.shop.updateOrder(id, { status: 'processing' })
    await deals.synced(id, () => stageOf(id) === STAGES.processing)
    scene.world.shop.updateOrder(id, { status: 'completed' })
    await deals.synced(id, () => stageOf(id) === STAGES.completed)
    expect(scene.world.crm.all('deals').filter((deal) => deal.properties['dealname'] === `Order ${id}`)).toHaveLength(1) // prettier-ignore
  })

  it('cancelled has the stage of cancelled, and stays', async () => {
    const id = buy(scene, 'dora@example.com')
    await deals.synced(id)
    scene.world.shop.updateOrder(id, { status: 'cancelled' })
    await deals.synced(id, () => stageOf(id) === STAGES.cancelled)
    expect(deals.linked(id, 'line_items')).toHaveLength(2)
  })

  it('agrees with the shop in all that was placed', () => {
    expect(disagreements(scene.world.shop, scene.world.crm, () => true, 'deals')).toEqual([])
  })
})

describe('orders and deals of one shop at once', () => {
  it('are two documents with lines of their own, and one contact', async () => {
    orders = await orderFlow(scene)
    const id = buy(scene, 'emma@example.com')
    await deals.synced(id)
    await orders.synced(id)
    const own = (flow: FlowView) => flow.linked(id, 'line_items').map((line) => line.id)
    expect(own(deals)).toHaveLength(2)
    expect(own(orders)).toHaveLength(2)
    expect(own(deals).filter((line) => own(orders).includes(line))).toEqual([])
    const contacts = scene.world.crm.all('contacts').filter((one) => one.properties['email'] === 'emma@example.com') // prettier-ignore
    expect(contacts).toHaveLength(1)
    expect(deals.linked(id, 'contacts')[0]?.id).toBe(orders.linked(id, 'contacts')[0]?.id)
  })
})
