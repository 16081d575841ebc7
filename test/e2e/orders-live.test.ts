import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buy, openScene, orderFlow, type FlowView, type Scene } from './scene.ts'

let scene: Scene
let flow: FlowView

beforeAll(async () => {
  scene = await openScene()
  flow = await orderFlow(scene)
})
afterAll(() => scene.close())

const linesOf = (id: number) => flow.linked(id, 'line_items')

describe('live, by webhook', () => {
  it('the shop has our webhooks, one per topic, and the connection says so', async () => {
    const topics = scene.world.shop.webhooks().map((webhook) => webhook.topic)
    expect(topics).toEqual(
      expect.arrayContaining(['order.created', 'order.updated', 'order.deleted', 'order.restored']),
    )
    expect(new Set(topics).size).toBe(topics.length)
    const { items } = await scene.service.api.connections.list()
    expect(items.find((item) => item.connector === 'woocommerce')?.feed.mode).toBe('webhooks')
  })

  it('an order becomes a whole order: contact, products, lines, all associated, sums to the cent', async () => {
    const id = buy(scene, 'Anna@Example.com')
    const found = await flow.synced(id)
    expect(found.target?.object).toBe('orders')
    const order = flow.document(id)
    const total = Number(scene.world.shop.orders().find((entry) => entry.id === id)?.total)
    expect(Number(order?.properties['crosswalk_total'])).toBe(total)
    const linked = scene.world.crm.associations('orders', order?.id ?? '')
    expect(linked.map((entry) => entry.objectType).sort()).toEqual(['contacts', 'line_items', 'line_items'])
    expect(scene.world.crm.all('contacts').map((contact) => contact.properties['email'])).toEqual([
      'anna@example.com',
    ])
    expect(linesOf(id).map((line) => line.properties['hs_sku']).sort()).toEqual(['APRON', 'MITT']) // prettier-ignore
    const sum = linesOf(id).reduce(
      (cents, line) => cents + Math.round(Number(line.properties['crosswalk_gross']) * 100),
      0,
    )
    expect(sum).toBe(Math.round(total * 100))
  })

  it('every product line points at its product, made by SKU', () => {
    const products = new Map(
      scene.world.crm.all('products').map((entry) => [entry.id, entry.properties['hs_sku']]),
    )
    for (const line of scene.world.crm.all('line_items')) {
      expect(products.get(String(line.properties['hs_product_id']))).toBe(line.properties['hs_sku'])
    }
  })

  it('a changed order is changed there: status and stage move', async () => {
    const id = buy(scene, 'berta@example.com')
    await flow.synced(id)
    const stage = flow.document(id)?.properties['hs_pipeline_stage']
    scene.world.shop.updateOrder(id, { status: 'completed' })
    await flow.synced(id, (order) => order.properties['crosswalk_source_status'] === 'completed')
    expect(flow.document(id)?.properties['hs_pipeline_stage']).not.toBe(stage)
  })

  it('an order in the trash is marked, and comes back when it is restored', async () => {
    const id = buy(scene, 'ida@example.com')
    await flow.synced(id)
    scene.world.shop.trashOrder(id)
    await flow.becomes(id, 'deleted')
    expect(flow.document(id)?.properties['crosswalk_source_status']).toBe('deleted')
    scene.world.shop.updateOrder(id, { status: 'processing' })
    await flow.synced(id, (order) => order.properties['crosswalk_source_status'] === 'processing')
  })

  it('an order that cannot be mapped is a failed record with rule and value; the rest goes on', async () => {
    const stages = (await flow.settings())['stages'] as Record<string, string>
    const { 'on-hold': _, ...fewer } = stages
    await flow.set({ stages: fewer })
    const bad = buy(scene, 'jan@example.com', { status: 'on-hold', set_paid: false })
    const good = buy(scene, 'kim@example.com')
    await flow.synced(good)
    const failed = await flow.becomes(bad, 'failed')
    expect(failed.error?.message).toContain('on-hold')
    const groups = await scene.service.api.failures.groups()
    expect(groups.items.reduce((sum, group) => sum + group.count, 0)).toBe(1)
    await flow.set({ stages })
    await scene.service.api.failures.retry({ body: { flowId: flow.id, externalIds: [String(bad)] } })
    await flow.synced(bad)
  })
})

describe('the log', () => {
  it('holds no person, no address and no key', () => {
    const said = scene.service.lines.join('\n')
    expect(said).not.toMatch(/@example\.com|Jansen|cs_1|pat-eu1|Anna/i)
  })
})
