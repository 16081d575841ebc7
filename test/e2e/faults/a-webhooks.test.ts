import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { signature } from '../../simulators/woocommerce/deliveries.ts'
import { startWooCommerce, type WooCommerceSimulator } from '../../simulators/woocommerce/index.ts'
import { disagreements } from '../checker.ts'
import { until } from '../processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { goLive } from '../shop-to-crm.ts'
import { isGood, senderOf, type Sender } from './sender.ts'

describe('webhooks of a shop', () => {
  let other: WooCommerceSimulator
  let scene: Scene
  let flow: FlowView
  let sender: Sender
  beforeAll(async () => {
    other = await startWooCommerce({ orderCount: 0, autoDeliver: 50, allowTargets: ['*'], seed: 2 })
    scene = await openScene({ hosts: [new URL(other.url).host] })
    flow = await orderFlow(scene)
    sender = senderOf(scene.world.shop)
  })
  afterAll(async () => {
    await scene.close()
    await other.close()
  })
  afterEach(() => sender.shopTells('active'))

  const wrong = () => disagreements(scene.world.shop, scene.world.crm)
  const writes = (): number =>
    scene.world.crm.calls.filter((call) => /\/orders\/batch\/(?:create|update)$/.test(call.url)).length
  /** Once an order bought now has gone all the way, whatever came before it has been dealt with. */
  async function marker(name: string): Promise<number> {
    const id = buy(scene, `${name}.marker@example.com`)
    expect(isGood(await sender.tell('order.created', id))).toBe(true)
    await flow.synced(id)
    return id
  }
  const shopNow = () => scene.service.api.connections.get({ params: { connectionId: scene.ends.shopId } })
  const said = (message: string): Record<string, unknown>[] =>
    scene.service.lines
      .filter((line) => line.includes(`"${message}"`))
      .map((line) => JSON.parse(line) as Record<string, unknown>)

  it('A1 the same delivery twice, one second apart: both are answered well, there is one order', async () => {
    sender.shopTells('paused')
    const id = buy(scene, 'anna@example.com')
    const body = sender.bodyOf('order.updated', id)
    const told = [await sender.post('order.updated', body)]
    await wait(1_000)
    told.push(await sender.post('order.updated', body))
    await flow.synced(id)
    told.push(await sender.post('order.updated', body))
    expect(told.every(isGood)).toBe(true)
    await marker('twice')
    expect(sender.reads(id)).toBe(1)
    expect(wrong()).toEqual([])
  })

  it('A2 the same delivery twenty times at one instant: as once', async () => {
    sender.shopTells('paused')
    const id = buy(scene, 'berta@example.com')
    const body = sender.bodyOf('order.created', id)
    const told = await Promise.all(Array.from({ length: 20 }, () => sender.post('order.created', body)))
    expect(told.filter((status) => !isGood(status))).toEqual([])
    await flow.synced(id)
    await marker('twenty')
    expect(sender.reads(id)).toBe(1)
    expect((await flow.record(id)).history).toHaveLength(1)
    expect(wrong()).toEqual([])
  })

  it('A2 thirty orders at one instant: all are answered well, and all are there', async () => {
    sender.shopTells('paused')
    const ids = Array.from({ length: 30 }, (_, i) => buy(scene, `buyer${i}@example.com`))
    const told = await Promise.all(ids.map((id) => sender.tell('order.created', id)))
    expect(told.filter((status) => !isGood(status))).toEqual([])
    for (const id of ids) await flow.synced(id)
    expect(wrong()).toEqual([])
  })

  it('A4 a signature that is wrong, missing or made over other bytes: 401, nothing stored, one warning of each kind', async () => {
    sender.shopTells('paused')
    const id = buy(scene, 'carla.forged@example.com')
    const body = sender.bodyOf('order.created', id)
    const { secret } = sender.hookOf('order.created')
    const good = signature(body, secret)
    const again = JSON.stringify(JSON.parse(body))
    expect(again).not.toBe(body)
    const before = (await shopNow()).feed.lastWebhookAt
    const forged = [
      signature(body, `${secret}x`),
      signature(again, secret),
      good.slice(0, -1),
      `${good}=`,
      good.toLowerCase(),
      `${good}, ${good}`,
      'AAAA',
    ]
    for (const header of forged) {
      const headers = { 'x-wc-webhook-signature': header }
      expect(await sender.post('order.created', body, { headers }), header).toBe(401)
    }
    expect(await sender.post('order.created', body, { headers: { 'x-wc-webhook-signature': '' } })).toBe(401)
    const bare = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
    expect((await fetch(sender.hookOf('order.created').deliveryUrl, bare)).status).toBe(401)

    expect((await shopNow()).feed.lastWebhookAt).toBe(before)
    await marker('forged')
    expect(sender.reads(id)).toBe(0)
    await expect(flow.record(id)).rejects.toMatchObject({ status: 404 })
    await until('both warnings', async () => said('webhook refused').length >= 2)
    expect(said('webhook refused').map(({ why, count, connection }) => ({ why, count, connection }))).toEqual(
      [
        { why: 'bad_signature', count: 1, connection: scene.ends.shopId },
        { why: 'unsigned', count: 1, connection: scene.ends.shopId },
      ],
    )
    expect(scene.service.lines.join('\n')).not.toMatch(/carla\.forged|line_items/)
    expect(isGood(await sender.tell('order.created', id))).toBe(true)
    await flow.synced(id)
  })

  it("A5 signed with another shop's secret: 401 at both, and both go on", async () => {
    const [key] = other.keys
    const made = await scene.service.api.connections.create({
      body: { connector: 'woocommerce', settings: { shopUrl: other.url }, credentials: { consumerKey: key?.key, consumerSecret: key?.secret } },
    }) // prettier-ignore
    const otherId = made.connection?.id as string
    const otherFlow = await goLive(scene.service.api, { shopId: otherId, crmId: scene.ends.crmId })
    const theirs = senderOf(other)
    sender.shopTells('paused')
    const id = buy(scene, 'dora@example.com')
    const body = sender.bodyOf('order.created', id)
    const [ours, foreign] = [sender.hookOf('order.created'), theirs.hookOf('order.created')]
    expect(ours.secret).not.toBe(foreign.secret)
    expect(await sender.post('order.created', body, { secret: foreign.secret })).toBe(401)
    expect(await theirs.post('order.created', body, { secret: ours.secret })).toBe(401)

    const product = other.addProduct({ name: 'Kettle', sku: 'KETTLE', regular_price: '30.00' }).id
    const placed = other.placeOrder({
      status: 'processing', set_paid: true, billing: { email: 'emma@example.com', country: 'NL' }, line_items: [{ product_id: product, quantity: 1 }],
    }).id as number // prettier-ignore
    await until('the order of the other shop', async () => {
      const params = { flowId: otherFlow, externalId: String(placed) }
      const found = await scene.service.api.records.get({ params }).catch(() => null)
      return found?.state === 'linked' && found.complete
    })
    expect(sender.reads(id)).toBe(0)
    expect(isGood(await sender.tell('order.created', id))).toBe(true)
    await flow.synced(id)
    await scene.service.api.flows.remove({ params: { flowId: otherFlow } })
  })

  it('A6 the change arrives before the creation: the newest state stands, the late word changes nothing', async () => {
    sender.shopTells('paused')
    const id = buy(scene, 'finn@example.com', { status: 'on-hold', set_paid: false })
    const created = sender.bodyOf('order.created', id)
    scene.world.shop.updateOrder(id, { status: 'completed' })
    await sender.tell('order.updated', id)
    await flow.synced(id, (order) => order.properties['crosswalk_source_status'] === 'completed')
    const before = writes()
    expect(isGood(await sender.post('order.created', created))).toBe(true)
    await until('the second reading', async () => sender.reads(id) === 2)
    await marker('late')
    expect(flow.document(id)?.properties['crosswalk_source_status']).toBe('completed')
    // The marker's create is the only write.
    expect(writes()).toBe(before + 1)
  })

  it('A8 trashed, restored and trashed again, the shop saying the same twice: it is deleted', async () => {
    const id = buy(scene, 'hans@example.com')
    await flow.synced(id)
    scene.world.shop.trashOrder(id)
    await flow.becomes(id, 'deleted')
    expect(flow.document(id)?.properties['crosswalk_source_status']).toBe('deleted')
    scene.world.shop.updateOrder(id, { status: 'processing' })
    await flow.synced(id, (order) => order.properties['crosswalk_source_status'] === 'processing')
    scene.world.shop.trashOrder(id)
    await flow.becomes(id, 'deleted')
    scene.world.shop.deleteOrder(id)
  })

  it('A8 a deletion, told by an id alone, archives where the flow says so; of an order never seen it does nothing', async () => {
    await flow.set({ deleted: 'archive' })
    const id = buy(scene, 'ida@example.com')
    await flow.synced(id)
    const target = (await flow.record(id)).target?.id as string
    sender.shopTells('paused')
    scene.world.shop.trashOrder(id)
    expect(isGood(await sender.post('order.deleted', JSON.stringify({ id })))).toBe(true)
    await flow.becomes(id, 'deleted')
    expect(scene.world.crm.get('orders', target)?.archived).toBe(true)
    scene.world.shop.deleteOrder(id)
    await flow.set({ deleted: 'mark' })

    const before = scene.world.crm.all('orders').length
    expect(isGood(await sender.post('order.deleted', '{"id":987654321}'))).toBe(true)
    await flow.becomes(987654321, 'skipped')
    await marker('never')
    expect(scene.world.crm.all('orders')).toHaveLength(before + 1)
    expect(await scene.service.api.failures.groups()).toMatchObject({ items: [] })
    expect(wrong()).toEqual([])
  })

  it('A9 the unsigned ping of a new webhook: 200 and no job', async () => {
    sender.shopTells('paused')
    const before = (await shopNow()).feed.lastWebhookAt
    const calls = scene.world.shop.calls.length
    const ping = await fetch(sender.hookOf('order.created').deliveryUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'webhook_id=1',
    })
    expect([ping.status, await ping.text()]).toEqual([200, ''])
    expect((await shopNow()).feed.lastWebhookAt).toBe(before)
    expect(scene.world.shop.calls.slice(calls).filter((call) => call.url.includes('include='))).toEqual([])
  })

  it('A17 a topic that is unknown, or that no flow carries: 2xx, ignored and counted', async () => {
    const odd = { url: sender.hookOf('order.created').deliveryUrl, secret: sender.hookOf('order.created').secret } // prettier-ignore
    const before = scene.world.crm.calls.length
    expect(await sender.post('coupon.created', '{"id":5}', odd)).toBe(200)
    expect(await sender.post('constructor', '{"id":5}', odd)).toBe(200)
    expect(await sender.post('action.woocommerce_add_to_cart', '{"action":"x","arg":"y"}', odd)).toBe(200)
    expect(await sender.post('order.created', '["not", "a", "record"]', odd)).toBe(200)
    expect(isGood(await sender.tell('product.updated', scene.apron, odd))).toBe(true)
    await until('what was ignored', async () => said('webhook ignored').length >= 4)
    expect(said('webhook ignored').map(({ why, count }) => [why, count])).toEqual([
      ['The topic coupon.created is not one of ours.', 1],
      ['The topic constructor is not one of ours.', 1],
      ['The topic action.woocommerce_add_to_cart is not one of ours.', 1],
      ['The delivery holds no record.', 1],
    ])
    expect(scene.world.crm.calls.slice(before).filter((call) => call.url.includes('/products/'))).toEqual([])
    expect(await scene.service.api.failures.groups()).toMatchObject({ items: [] })
  })
})
