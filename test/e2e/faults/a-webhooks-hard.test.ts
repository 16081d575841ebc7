import { gzipSync } from 'node:zlib'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { signature } from '../../simulators/woocommerce/deliveries.ts'
import { disagreements } from '../checker.ts'
import { until } from '../processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { watchMemory } from './memory.ts'
import { headOf, openRaw, statusIn } from './raw-client.ts'
import { isGood, senderOf, type Sender } from './sender.ts'

/** Orders told of while HubSpot is down; `SOAK=1` takes as many as the catalogue names. */
const BURST = process.env['SOAK'] === '1' ? 2_000 : 600
const BURST_MS = 10_000
/** Connections that dribble; and how long the service may keep one of them. */
const DRIBBLERS = 200
const FREED_MS = 40_000
const MIB = 1024 * 1024
const SECOND_KEY = { key: `ck_${'7'.repeat(40)}`, secret: `cs_${'7'.repeat(40)}`, permissions: 'read_write' } as const // prettier-ignore
const ALL_TOPICS = ['order.created', 'order.deleted', 'order.restored', 'order.updated']

describe('webhooks in hard times', () => {
  let scene: Scene
  let flow: FlowView
  let sender: Sender
  beforeAll(async () => {
    scene = await openScene()
    scene.world.shop.shop.keys.push(SECOND_KEY)
    flow = await orderFlow(scene)
    sender = senderOf(scene.world.shop)
  })
  afterAll(() => scene.close())
  afterEach(() => {
    sender.shopTells('active')
    scene.world.crm.rules.clear()
  })

  const wrong = () => disagreements(scene.world.shop, scene.world.crm)
  const shopNow = () => scene.service.api.connections.get({ params: { connectionId: scene.ends.shopId } })
  const health = async () => {
    const { connections } = await scene.service.api.overview.get({ query: {} })
    return connections.find((one) => one.id === scene.ends.shopId)
  }
  const hookUrl = (): string => sender.hookOf('order.created').deliveryUrl
  const signed = (body: string | Buffer, length = Buffer.byteLength(body)): Record<string, string> => ({
    'content-type': 'application/json',
    'content-length': String(length),
    'x-wc-webhook-topic': 'order.created',
    'x-wc-webhook-signature': signature(body.toString(), sender.hookOf('order.created').secret),
  })

  it('A11 a body cut off half way, and a connection that drops: no 2xx, nothing stored', async () => {
    sender.shopTells('paused')
    const id = buy(scene, 'anna@example.com')
    const body = sender.bodyOf('order.created', id)
    const before = (await shopNow()).feed.lastWebhookAt
    const cut = await openRaw(hookUrl())
    cut.socket.end(headOf(hookUrl(), signed(body)) + body.slice(0, body.length / 2))
    expect([0, 400, 408]).toContain(statusIn(await cut.closed))
    const dropped = await openRaw(hookUrl())
    dropped.socket.write(headOf(hookUrl(), signed(body)) + body.slice(0, body.length / 2))
    await wait(100)
    dropped.socket.resetAndDestroy()
    expect(await dropped.closed).toBe('')
    // Half of the bytes, said to be all: signed for the whole.
    const half = await openRaw(hookUrl())
    half.socket.write(headOf(hookUrl(), { ...signed(body, 500), connection: 'close' }) + body.slice(0, 500))
    expect(statusIn(await half.closed)).toBe(401)

    expect((await shopNow()).feed.lastWebhookAt).toBe(before)
    await expect(flow.record(id)).rejects.toMatchObject({ status: 404 })
    expect(isGood(await sender.tell('order.created', id))).toBe(true)
    await flow.synced(id)
    expect(wrong()).toEqual([])
  })

  it('A11 senders that dribble are cut off in time, and meanwhile all others are answered', async () => {
    sender.shopTells('paused')
    const dribblers = await Promise.all(Array.from({ length: DRIBBLERS }, () => openRaw(hookUrl())))
    const bytes = headOf(hookUrl(), signed('x'.repeat(1_000)))
    // Half of them never finish their headers, half never finish their body.
    dribblers.forEach(({ socket }, i) => socket.write(i % 2 === 0 ? bytes.slice(0, 60) : bytes))
    const drip = setInterval(() => dribblers.forEach(({ socket }) => socket.writable && socket.write('y')), 1_000) // prettier-ignore
    const began = Date.now()
    const answers = Promise.all(dribblers.map((one) => one.closed))
    const id = buy(scene, 'berta@example.com')
    expect(isGood(await sender.tell('order.created', id))).toBe(true)
    await flow.synced(id)
    try {
      const statuses = (await answers).map(statusIn)
      expect(statuses.filter((status) => status !== 408 && status !== 0)).toEqual([])
    } finally {
      clearInterval(drip)
    }
    expect(Date.now() - began).toBeLessThan(FREED_MS)
  })

  it('A12 an order of 3,000 lines in five megabytes is taken, and every line is there once', async () => {
    sender.shopTells('paused')
    const line_items = Array.from({ length: 3_000 }, (_, i) => ({ product_id: i % 2 ? scene.apron : scene.mitt, quantity: 1 })) // prettier-ignore
    const id = buy(scene, 'carla@example.com', { line_items })
    const told = sender.bodyOf('order.created', id)
    expect(told.length).toBeLessThan(5_000_000)
    const body = `${told.slice(0, -1)},"pad":"${'x'.repeat(5_000_000 - told.length - 9)}"}`
    expect(body).toHaveLength(5_000_000)
    expect(isGood(await sender.post('order.created', body))).toBe(true)
    await flow.synced(id, () => true, 90_000)
    expect(flow.linked(id, 'line_items')).toHaveLength(3_000)
    expect(wrong()).toEqual([])
  })

  it('A12 a body above the limit is 413, a bomb is refused unopened, and memory stays flat', async () => {
    const big = Buffer.alloc(5 * MIB + 1, '1')
    const bomb = gzipSync(Buffer.alloc(256 * MIB))
    const memory = watchMemory(scene.service.pid)
    const declared = await openRaw(hookUrl())
    declared.socket.write(headOf(hookUrl(), { ...signed('1'), 'content-length': String(big.length), connection: 'close' })) // prettier-ignore
    expect(statusIn(await declared.closed)).toBe(413)
    const chunked = await openRaw(hookUrl())
    chunked.socket.write(headOf(hookUrl(), { 'transfer-encoding': 'chunked', connection: 'close' }))
    chunked.socket.write(`${big.length.toString(16)}\r\n`)
    chunked.socket.write(Buffer.concat([big, Buffer.from('\r\n0\r\n\r\n')]))
    expect(statusIn(await chunked.closed)).toBe(413)
    for (let i = 0; i < 20; i++) {
      const headers = { 'content-encoding': 'gzip' }
      expect(await sender.post('order.created', bomb, { headers })).toBe(415)
    }
    expect(memory.stop()).toBeLessThan(100)
  })

  it(`A13 ${BURST} orders in ten seconds while HubSpot is down: each is answered well, and all are there afterwards`, async () => {
    sender.shopTells('paused')
    scene.world.crm.rules.add({ name: 'down', path: '^/crm/', action: { kind: 'status', status: 503 } })
    const ids = Array.from({ length: BURST }, (_, i) => buy(scene, `burst${i}@example.com`))
    const bodies = ids.map((id) => sender.bodyOf('order.created', id))
    const memory = watchMemory(scene.service.pid)
    const told: Promise<number>[] = []
    const began = Date.now()
    for (const [i, body] of bodies.entries()) {
      const early = (i / BURST) * BURST_MS - (Date.now() - began)
      if (early > 5) await wait(early)
      told.push(sender.post('order.created', body))
    }
    expect((await Promise.all(told)).filter((status) => !isGood(status))).toEqual([])
    expect(scene.world.crm.rules.hits('down')).toBeLessThan(200)
    scene.world.crm.rules.clear()
    await until('all of them', async () => flow.document(ids.at(-1) as number) && wrong().length === 0, 110_000) // prettier-ignore
    expect(memory.stop()).toBeLessThan(400)
    expect(await scene.service.api.failures.groups()).toMatchObject({ items: [] })
    const [now] = (await scene.service.api.overview.get({ query: {} })).flows
    expect(now?.records).toMatchObject({ failed: 0, pending: 0, linked: scene.world.shop.orders().length })
  }, 200_000)

  it('A14 deleted by hand in the shop: made again, and the gap is read', async () => {
    for (const { id } of scene.world.shop.webhooks()) scene.world.shop.deleteWebhook(id)
    const missed = buy(scene, 'jan@example.com')
    expect(scene.world.shop.pendingDeliveries()).toBe(0)
    const reconnected = await scene.service.api.connections.reconnect({
      params: { connectionId: scene.ends.shopId },
      body: { credentials: { consumerKey: SECOND_KEY.key, consumerSecret: SECOND_KEY.secret } },
    })
    expect(reconnected.connection?.state).toBe('active')
    expect(scene.world.shop.webhooks().map((one) => one.topic).sort()).toEqual(ALL_TOPICS) // prettier-ignore
    await flow.synced(missed)
    await flow.synced(buy(scene, 'kees@example.com'))
    expect(wrong()).toEqual([])
  })

  it('A10 a signed error instead of an order: 2xx, no order, and it is said that the webhooks lack rights', async () => {
    const first = scene.world.shop.keys[0]?.key as string
    for (const webhook of scene.world.shop.shop.webhooks.values()) webhook.owner = first
    scene.world.shop.takeRights(first)
    const id = buy(scene, 'lena@example.com')
    const warned = await until('the warning', async () => {
      const now = await health()
      return now?.health === 'warning' && now
    })
    expect(warned.text).toMatch(/lost rights.*Connect again/)
    expect((await shopNow()).feed.reason).toBe(warned.text)
    const told = await until('both deliveries', async () => {
      const made = scene.world.shop.deliveries().filter((one) => one.resourceId === id)
      return made.length === 2 && made
    })
    expect(told.map((one) => [one.topic, one.status])).toEqual([['order.created', 200], ['order.updated', 200]]) // prettier-ignore
    expect(told[0]?.body).toContain('woocommerce_rest_cannot_view')
    expect(sender.reads(id)).toBe(0)
    expect(flow.document(id)).toBeUndefined()
    // A deletion comes without any right to read, and says nothing of it.
    expect(isGood(await sender.post('order.deleted', '{"id":987654322}'))).toBe(true)
    expect((await health())?.health).toBe('warning')

    // The webhooks are made anew with the keys in use, and what was told in vain is read.
    await scene.service.end()
    await scene.start()
    await flow.synced(id)
    await until('webhooks of a user with rights', async () =>
      scene.world.shop.webhooks().every((one) => one.owner === SECOND_KEY.key),
    )
    await flow.synced(buy(scene, 'mies@example.com'))
    expect(await health()).toMatchObject({ health: 'good', text: '' })
    expect(wrong()).toEqual([])
  })

  it('A14 switched off by the shop while the bridge was down: on again after the start, and the gap is read', async () => {
    await scene.service.end()
    const ids = Array.from({ length: 10 }, (_, i) => buy(scene, `missed${i}@example.com`))
    const off = () => scene.world.shop.webhooks().filter((one) => one.status === 'disabled').map((one) => one.topic) // prettier-ignore
    await until('webhooks that are off', async () => off().length === 2)
    expect(off().sort()).toEqual(['order.created', 'order.updated'])
    await scene.start()
    for (const id of ids) await flow.synced(id)
    // The orders may come by the first sweep, before the last of the old webhooks is gone.
    await until('webhooks that are on', async () => off().length === 0)
    const active = scene.world.shop.webhooks().filter((one) => one.status === 'active')
    expect(active.map((one) => one.topic).sort()).toEqual(ALL_TOPICS)
    await flow.synced(buy(scene, 'nora@example.com'))
    expect(wrong()).toEqual([])
  })
})
