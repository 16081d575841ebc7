import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signature } from '../simulators/woocommerce/deliveries.ts'
import { disagreements } from './checker.ts'
import { until } from './processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from './scene.ts'
import { startWorld } from './shop-to-crm.ts'

/** Where a copy of the shop says it is. Nobody answers there. */
const TEST_SITE = 'https://test-site.example.test'

let scene: Scene
let flow: FlowView
let home: string
/** Where the shop is in the end. */
let newHome: string

beforeAll(async () => {
  const ready = await startWorld()
  home = ready.shop.url
  newHome = home.replace('127.0.0.1', 'localhost')
  scene = await openScene({ ready, hosts: [host(newHome)] })
  flow = await orderFlow(scene)
})
afterAll(() => scene.close())

const host = (url: string): string => new URL(url).host
const params = () => ({ connectionId: scene.ends.shopId })
const shopNow = () => scene.service.api.connections.get({ params: params() })
const asked = (to: string) =>
  until(`the question about ${to}`, async () => {
    const shop = await shopNow()
    return shop.state === 'paused' && shop.moved?.to === to && shop
  })
/** Over http calls are signed for the shop's own address: one that is under way would be refused. */
const atRest = () =>
  until('the shop is left alone', async () => {
    const before = scene.world.shop.calls.length
    await new Promise((done) => setTimeout(done, 700))
    return scene.world.shop.pendingDeliveries() === 0 && scene.world.shop.calls.length === before
  })
const answer = (as: 'moved' | 'copy') =>
  scene.service.api.connections.moved({ params: params(), body: { as } })
const wrong = () => disagreements(scene.world.shop, scene.world.crm)

describe('a shop that calls itself by another address', () => {
  it('is paused by the first message that says so, before its order is read', async () => {
    await flow.synced(buy(scene, 'anna@example.com'))
    await atRest()
    scene.world.shop.moveTo(TEST_SITE)
    const test = buy(scene, 'nobody@example.com')
    const shop = await asked(host(TEST_SITE))
    expect(shop).toMatchObject({
      moved: { from: host(home), answer: null },
      stateReason: `This account calls itself ${host(TEST_SITE)} now; it was connected as ${host(home)}. Say whether it has moved or is a copy.`,
    })
    await atRest()
    expect(flow.document(test)).toBeUndefined()
    const emails = scene.world.crm.all('contacts').map((one) => one.properties['email'])
    expect(emails).toEqual(['anna@example.com'])
  })

  it('stays paused as a copy, and goes on by a check when it is itself again', async () => {
    const { connection } = await answer('copy')
    expect(connection).toMatchObject({ state: 'paused', moved: { answer: 'copy' } })
    scene.world.shop.moveTo(home)
    const back = await scene.service.api.connections.check({ params: params() })
    expect(back.connection).toMatchObject({ state: 'active', moved: null })
    await flow.synced(buy(scene, 'berta@example.com'))
    await until('all as the shop has it', async () => wrong().length === 0)
  })

  it('that has moved goes on there, with what came meanwhile, and makes nothing twice', async () => {
    const old = buy(scene, 'carla@example.com')
    await flow.synced(old)
    await atRest()
    scene.world.shop.moveTo(newHome)
    scene.world.shop.updateOrder(old, { status: 'completed' })
    await asked(host(newHome))
    const meanwhile = buy(scene, 'dora@example.com')
    await atRest()
    const { connection } = await answer('moved')
    expect(connection).toMatchObject({
      state: 'active',
      moved: null,
      origin: host(home),
      settings: { shopUrl: newHome },
    })
    await flow.synced(meanwhile)
    await flow.synced(old, (order) => order.properties['crosswalk_source_status'] === 'completed')
    expect(wrong()).toEqual([])
  })

  it('goes on by itself after a message of a copy, whose messages are put aside from then on', async () => {
    await atRest()
    const hook = scene.world.shop.webhooks().find(({ topic }) => topic === 'order.updated')
    const body = JSON.stringify({ id: 999_999 })
    const told = () =>
      fetch(hook?.deliveryUrl ?? '', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-wc-webhook-source': `${TEST_SITE}/`,
          'x-wc-webhook-topic': 'order.updated',
          'x-wc-webhook-signature': signature(body, hook?.secret ?? ''),
        },
        body,
      })
    expect((await told()).status).toBe(202)
    const shop = await until('the copy is known', async () => {
      const now = await shopNow()
      return now.state === 'active' && now.copies.length > 0 && now
    })
    expect(shop).toMatchObject({ moved: null, copies: [host(TEST_SITE)] })
    expect((await told()).status).toBe(200)
    expect((await shopNow()).state).toBe('active')
    await flow.synced(buy(scene, 'erna@example.com'))
  })
})
