import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_TOKEN } from '../simulators/hubspot/index.ts'
import { disagreements } from './checker.ts'
import { until } from './processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from './scene.ts'

const OTHER_KEY = { MASTER_KEY: randomBytes(32).toString('hex') }

let scene: Scene
let flow: FlowView
let first: number[]

beforeAll(async () => {
  scene = await openScene()
  flow = await orderFlow(scene)
  first = [buy(scene, 'anna@example.com', {}, { company: 'Bakery BV' }), buy(scene, 'berta@example.com')]
  for (const id of first) await flow.synced(id)
})
afterAll(() => scene.close())

const restart = async (env: Record<string, string> = {}): Promise<void> => {
  await scene.service.end()
  await scene.start(env)
}
const states = async () => {
  const { items } = await scene.service.api.connections.list()
  return items.map(({ state, stateReason }) => [state, stateReason])
}
const counted = () =>
  ['orders', 'line_items', 'contacts', 'companies', 'products'].map((name) => scene.world.crm.all(name).length) // prettier-ignore
const wrong = () => disagreements(scene.world.shop, scene.world.crm)
const logged = (text: string): boolean => scene.service.lines.some((line) => line.includes(text))

describe('a service started with another master key', () => {
  it('says in its log and on both connections what to do, and works again with the key that belongs to it', async () => {
    await restart(OTHER_KEY)
    expect(logged('The master key does not open 2 of 2 connections. Put the former key back')).toBe(true)
    const reason = expect.stringMatching(/connect this account again: its links are kept/)
    expect(await states()).toEqual([
      ['unauthorized', reason],
      ['unauthorized', reason],
    ])
    const { connections } = await scene.service.api.overview.get({ query: {} })
    expect(connections.map(({ health }) => health)).toEqual(['bad', 'bad'])

    await restart()
    expect(await states()).toEqual([
      ['active', null],
      ['active', null],
    ])
    const id = buy(scene, 'carla@example.com')
    await flow.synced(id)
    expect(wrong()).toEqual([])
  })

  it('needs its accounts connected again when the key is lost; links survive, nothing is made twice, webhooks work', async () => {
    const before = counted()
    await restart(OTHER_KEY)
    // It cannot tell a webhook's sender now, and does not hold it against the shop for good.
    const meanwhile = buy(scene, 'anna@example.com', {}, { company: 'Bakery BV' })
    scene.world.shop.updateOrder(first[0] ?? 0, { status: 'completed' })
    await until('the shop has told', async () => scene.world.shop.pendingDeliveries() === 0)
    expect(counted()).toEqual(before)

    const [key] = scene.world.shop.keys
    const credentials = { consumerKey: key?.key, consumerSecret: key?.secret }
    await scene.service.api.connections.reconnect({ params: { connectionId: scene.ends.crmId }, body: { credentials: { token: DEFAULT_TOKEN } } }) // prettier-ignore
    await scene.service.api.connections.reconnect({ params: { connectionId: scene.ends.shopId }, body: { credentials } }) // prettier-ignore
    expect(await states()).toEqual([
      ['active', null],
      ['active', null],
    ])
    await flow.synced(meanwhile)
    await until('all as the shop has it', async () => wrong().length === 0)
    const [orders, lines, contacts, companies, products] = before as [number, number, number, number, number]
    expect(counted()).toEqual([orders + 1, lines + 2, contacts, companies, products])

    const topics = scene.world.shop.webhooks().map(({ topic }) => topic)
    expect(new Set(topics).size).toBe(topics.length)
    const { items } = await scene.service.api.connections.list()
    expect(items.find((item) => item.connector === 'woocommerce')?.feed.mode).toBe('webhooks')
    const refused = scene.service.lines.filter((line) => line.includes('webhook refused')).length
    const next = buy(scene, 'berta@example.com')
    await flow.synced(next)
    scene.world.shop.updateOrder(first[1] ?? 0, { status: 'completed' })
    await until('a known order has changed', async () => wrong().length === 0)
    expect(counted()).toEqual([orders + 2, lines + 4, contacts, companies, products])
    expect(scene.service.lines.filter((line) => line.includes('webhook refused'))).toHaveLength(refused)
  })
})
