import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { disagreements } from './checker.ts'
import { until } from './processes.ts'
import { buy, flowView, openScene, type FlowView, type Scene } from './scene.ts'

const ORDERS = 60
const DAY_MS = 86_400_000

let scene: Scene
let flow: FlowView
/** Orders are spread over two years: those from here on are to be brought over. */
const from = new Date(Date.now() - 400 * DAY_MS).toISOString()

/** Orders that were there before. */
let earlier: Set<number>

beforeAll(async () => {
  scene = await openScene({ world: { shop: { orderCount: ORDERS, seed: 3 } } })
  const { id } = await api().flows.create({
    body: { sourceConnectionId: scene.ends.shopId, targetConnectionId: scene.ends.crmId, entity: 'order', document: 'order' },
  }) // prettier-ignore
  flow = flowView(scene, id, 'orders')
  earlier = new Set(shopOrders().map((order) => order.id))
})
afterAll(() => scene.close())

const api = () => scene.service.api
const params = () => ({ flowId: flow.id })
const ended = (runId: string) =>
  until('the end of the run', async () => {
    const run = await api().runs.get({ params: { runId } })
    return ['queued', 'running'].includes(run.state) ? null : run
  })
const shopOrders = () =>
  scene.world.shop.orders() as { id: number; status: string; date_created_gmt: string }[]
const isEarlier = ({ date_created_gmt }: { date_created_gmt: string }): boolean =>
  Date.parse(`${date_created_gmt}Z`) < Date.parse(from)
const documents = () => scene.world.crm.all('orders')

describe('before anything is written', () => {
  it('the numbers of records are told by the shop itself', async () => {
    const all = await api().connections.volume({ params: { connectionId: scene.ends.shopId }, query: { entity: 'order' } }) // prettier-ignore
    expect(all).toEqual({ count: ORDERS, atMost: false, warning: null })
    const since = await api().flows.volume({ params: params(), query: { from } })
    expect(since.count).toBe(shopOrders().filter((order) => !isEarlier(order)).length)
    await flow.set({ statuses: ['completed'] })
    const completed = shopOrders().filter(({ status }) => status === 'completed').length
    expect((await api().flows.volume({ params: params() })).count).toBe(completed)
    await flow.set({ statuses: [] })
  })

  it('a preview of the newest shows what the rules make of them, whatever the start date', async () => {
    const { counts, records } = await api().mappings.preview({ params: params(), body: { limit: 10 } })
    expect(records).toHaveLength(10)
    expect(counts.create).toBeGreaterThan(0)
    expect(records.every(({ reason }) => !reason?.includes('Start date'))).toBe(true)
    expect(documents()).toEqual([])
  })

  it('a match report asks about buyers who may be known, and what is decided is kept', async () => {
    await flow.set({ matchBy: ['email', 'phone'] })
    const phone = '+31 20 555 0147'
    const known = scene.world.crm.createRecord('contacts', { email: 'a.jansen@office.example.com', phone })
    const id = buy(scene, 'anna@example.com', {}, { phone })
    const run = await until('the search knows the contact', async () => {
      const started = await api().runs.start({
        params: params(),
        body: { kind: 'match', scope: { last: 20 } },
      })
      const { state } = await ended(started.id)
      const report = await api().matches.report({ params: { runId: started.id } })
      return state === 'succeeded' && report.rows.some(({ ambiguous }) => ambiguous > 0) && report
    })
    for (const row of run.rows) {
      const { matched, create, ambiguous, noKey, absent, unknown } = row
      expect(matched + create + ambiguous + noKey + absent + unknown, row.role).toBe(row.total)
    }
    const { items } = await api().matches.list({ params: params(), query: { state: 'open' } })
    expect(items).toMatchObject([
      { objectLabel: expect.any(String) as string, candidates: [{ id: known.id }] },
    ])
    expect(scene.world.crm.all('contacts')).toHaveLength(1)

    // It waits when the flow is live, the rest goes on.
    await api().flows.move({ params: params(), body: { to: 'previewed' } })
    await api().flows.move({ params: params(), body: { to: 'active', history: { from } } })
    const waits = await flow.becomes(id, 'failed')
    expect(waits.error?.message).toContain('Choose one')
    const other = buy(scene, 'berta@example.com')
    await flow.synced(other)
    const [open] = (await api().matches.list({ params: params(), query: { state: 'open' } })).items
    const decided = await api().matches.decide({
      params: params(),
      body: { ids: [open?.id ?? ''], as: 'candidate', targetId: known.id },
    })
    expect(decided.decided).toBe(1)
    await flow.synced(id)
    expect(flow.linked(id, 'contacts').map((contact) => contact.id)).toEqual([known.id])
  })
})

describe('a flow that went live with earlier records', () => {
  it('has brought those of the chosen time and no others, marked as imported', async () => {
    const [run] = (await api().runs.list({ query: { flowId: flow.id } })).items.filter(({ kind }) => kind === 'backfill') // prettier-ignore
    expect(await ended(run?.id ?? '')).toMatchObject({ counts: { failed: expect.any(Number) as number } })
    expect((await flow.settings())['startDate']).toBe(from)
    const wanted = (order: Record<string, unknown>): boolean => order['status'] !== 'checkout-draft' && !isEarlier(order as never) // prettier-ignore
    await until('all that is wanted is there', async () => disagreements(scene.world.shop, scene.world.crm, wanted).length === 0) // prettier-ignore
    expect(documents()).toHaveLength(shopOrders().filter((order) => wanted(order as never)).length)
    const marks = new Set(
      shopOrders()
        .filter((order) => wanted(order as never) && earlier.has(order.id))
        .map(({ id }) => flow.document(id)?.properties['crosswalk_imported']),
    )
    expect([...marks]).toEqual(['true'])
  })

  it('marks what comes live as new, and people too', async () => {
    const id = buy(scene, 'carla@example.com')
    await flow.synced(id)
    expect(flow.document(id)?.properties['crosswalk_imported']).toBe('false')
    const of = (email: string) =>
      scene.world.crm.all('contacts').find((one) => one.properties['email'] === email)
    expect(of('carla@example.com')?.properties['crosswalk_imported']).toBe('false')
    const brought = scene.world.crm
      .all('contacts')
      .filter((one) => one.properties['crosswalk_imported'] === 'true')
    expect(brought.length).toBeGreaterThan(0)
    // A change of what was brought over does not make it news.
    const old = shopOrders().find(
      (order) => flow.document(order.id)?.properties['crosswalk_imported'] === 'true',
    )
    scene.world.shop.updateOrder(old?.id ?? 0, { customer_note: 'Please ring twice.' })
    await flow.synced(
      old?.id ?? 0,
      (order) => order.properties['crosswalk_customer_note'] === 'Please ring twice.',
    )
    expect(flow.document(old?.id ?? 0)?.properties['crosswalk_imported']).toBe('true')
  })
})
