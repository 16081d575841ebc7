import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signature } from '../../simulators/woocommerce/deliveries.ts'
import { disagreements } from '../checker.ts'
import { until } from '../processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { countInside, lookInside } from './inside.ts'

/** Where the process is ended besides the points of the catalogue, in the order a record passes. */
const FURTHER_POINTS = [
  'before-receive-commit',
  'after-claim',
  'after-read',
  'after-intent',
  'before-call:create:contacts',
  'after-call:create:contacts',
  'after-call:create:companies',
  'after-document',
  'after-call:create:line_items',
  'before-link',
  'after-link',
]

/** A process that takes webhooks and does no work: its own first sweep finds nothing before the webhook is told. */
const DOOR_ONLY = { WORK: 'false' }

describe('an order whose process is killed', () => {
  let scene: Scene
  let flow: FlowView
  let orders = 0
  beforeAll(async () => {
    scene = await openScene()
    flow = await orderFlow(scene)
  })
  afterAll(() => scene.close())

  /** Starts the service so that it ends at a point, and lets somebody buy. @returns the order, once the process is gone */
  async function buyAndDieAt(
    point: string,
    more: Record<string, unknown> = {},
    env: Record<string, string> = {},
  ): Promise<number> {
    await scene.service.end('SIGTERM')
    await scene.start({ CROSSWALK_KILL_AT: point, ...env })
    const id = buyNext(more)
    await scene.service.exited
    expect(scene.service.child.signalCode).toBe('SIGKILL')
    return id
  }
  function buyNext(more: Record<string, unknown> = {}): number {
    orders += 1
    return buy(scene, emailOf(orders), more, { company: `Firm ${orders}` })
  }
  const emailOf = (order: number): string => `buyer${order}@example.com`
  /** What the shop was answered for an order's deliveries, once it has made them. */
  const answers = (id: number): Promise<number[]> =>
    until(`the deliveries of order ${id}`, async () => {
      if (scene.world.shop.pendingDeliveries() > 0) return null
      const made = scene.world.shop.deliveries().filter((one) => one.resourceId === id)
      return made.length > 0 && made.map((one) => one.status)
    })
  const contacts = (): number =>
    scene.world.crm.all('contacts').filter((one) => one.properties['email'] === emailOf(orders)).length

  /** Starts the service again and waits until the order is in HubSpot, and everything there is once and whole. */
  async function recovers(id: number): Promise<void> {
    await scene.start()
    await flow.synced(id)
    expect(disagreements(scene.world.shop, scene.world.crm)).toEqual([])
  }

  it('C1 after its body was read, before it is stored: the shop hears no 2xx, nothing is stored, the sweep finds it', async () => {
    const id = await buyAndDieAt('after-verify', {}, DOOR_ONLY)
    expect((await answers(id)).every((status) => status === 0)).toBe(true)
    expect(
      await countInside(
        scene.home,
        `select (select count(*) from delivery where external_id = $1)::int
              + (select count(*) from record where external_id = $1)::int as n`,
        [String(id)],
      ),
    ).toBe(0)
    await recovers(id)
  })

  it('C2 after it was stored, before the answer: once, also when the shop tells it again', async () => {
    const id = await buyAndDieAt('after-receive-commit', {}, DOOR_ONLY)
    expect((await answers(id)).every((status) => status === 0)).toBe(true)
    expect(
      await countInside(scene.home, 'select count(*)::int as n from delivery where external_id = $1', [
        String(id),
      ]),
    ).toBeGreaterThan(0)
    await scene.start()
    const told = scene.world.shop.deliveries().filter((one) => one.resourceId === id)
    for (const { webhookId, topic, body } of told) {
      const hook = scene.world.shop.webhooks().find((one) => one.id === webhookId)
      const answer = await fetch(String(hook?.deliveryUrl), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-wc-webhook-topic': topic,
          'x-wc-webhook-signature': signature(body, String(hook?.secret)),
        },
        body,
      })
      expect(answer.status).toBe(202)
    }
    await flow.synced(id)
    expect(disagreements(scene.world.shop, scene.world.crm)).toEqual([])
  })

  it('C3 after the answer, before its job is taken: the job is there and runs', async () => {
    await scene.service.end('SIGTERM')
    await scene.start(DOOR_ONLY)
    const id = buyNext()
    expect((await answers(id)).every((status) => status === 202)).toBe(true)
    expect(flow.document(id)).toBeUndefined()
    await scene.service.end('SIGKILL')
    const waiting = await lookInside(scene.home, (store) =>
      store.raw<{ state: string }>(`select state from ${store.schema}_jobs.job where singleton_key = $1`, [
        `${flow.id}:order:${id}`,
      ]),
    )
    expect(waiting).toEqual([{ state: 'created' }])
    await recovers(id)
  })

  it('C4 after its contact was written, before the order: one contact', async () => {
    const id = await buyAndDieAt('after-contact')
    expect([contacts(), flow.document(id)]).toEqual([1, undefined])
    await recovers(id)
    expect(contacts()).toBe(1)
  })

  it('C5 after the order was written, before its id is stored: one order with all its lines', async () => {
    const id = await buyAndDieAt('after-call:create:orders')
    expect(flow.document(id)).toBeDefined()
    expect(flow.linked(id, 'line_items')).toEqual([])
    const stored = await lookInside(scene.home, async (store) => ({
      links: await store.raw('select target_id from link where external_id = $1', [String(id)]),
      intents: await store.raw('select external_ids from intent where $1 = any(external_ids)', [String(id)]),
    }))
    expect(stored).toEqual({ links: [], intents: [{ external_ids: [String(id)] }] })
    await recovers(id)
    expect(flow.linked(id, 'line_items')).toHaveLength(2)
  })

  it('C6 after the first of three batches of its line items: all of them, once', async () => {
    const before = scene.world.crm.all('line_items').length
    const batches = /line_items\/batch\/create/
    // The other two are on their way and never arrive.
    scene.world.crm.rules.add({ name: 'lost', path: batches.source, skip: 1, action: { kind: 'hang' } })
    const id = await buyAndDieAt('after-call:create:line_items', {
      line_items: Array.from({ length: 250 }, (_, i) => ({ product_id: scene.apron, quantity: 1 + (i % 5) })),
    })
    scene.world.crm.rules.remove('lost')
    expect(scene.world.crm.all('line_items').length - before).toBe(100)
    await recovers(id)
    expect(flow.linked(id, 'line_items')).toHaveLength(250)
    expect(scene.world.crm.all('line_items').length - before).toBe(250)
  })

  it.each(FURTHER_POINTS)(
    '(C) at %s is in HubSpot afterwards: once, whole, with all its lines',
    async (point) => {
      await recovers(await buyAndDieAt(point))
    },
  )

  it('leaves nothing double or hanging behind', () => {
    const { counts, orphanLineItems } = scene.world.crm.summary({}) as {
      counts: Record<string, number>
      orphanLineItems: number
    }
    expect(orphanLineItems).toBe(0)
    expect(counts).toMatchObject({ orders, contacts: orders, companies: orders, products: 2 })
  })
})
