import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buy, openScene, type FlowView, type Scene } from './scene.ts'
import { dealFlow, STAGES } from './deal-flow.ts'
import { until } from './processes.ts'

let scene: Scene
let flow: FlowView

beforeAll(async () => {
  scene = await openScene()
  flow = await dealFlow(scene)
})
afterAll(() => scene.close())

const failures = () => scene.service.api.failures
const groups = async () => (await failures().groups({})).items
const counts = async () => (await failures().groups({})).counts
const amountOf = (id: number) => Number(flow.document(id)?.properties['amount'])
/** An order of a status that has no stage. A sweep looks at earlier orders again, so each test has a status of its own. */
const buyWithout = async (status: 'on-hold' | 'pending' | 'failed', name: string): Promise<number> => {
  const { [status]: _, ...fewer } = STAGES
  await flow.set({ stages: fewer })
  return buy(scene, `${name}@example.com`, { status, set_paid: false })
}

describe('the desk of failures', () => {
  it('a stage is missing: one cause with its remedy, and all are sent once it is chosen', async () => {
    const bad = [await buyWithout('on-hold', 'anna'), await buyWithout('on-hold', 'berta'), await buyWithout('on-hold', 'carla')] // prettier-ignore
    for (const id of bad) await flow.becomes(id, 'failed')
    const [group, ...others] = await groups()
    expect(others).toEqual([])
    expect(group).toMatchObject({
      count: 3,
      cause: {
        key: 'stage_missing',
        title: 'HubSpot has no stage for the status “on-hold”.',
        action: 'Choose a stage',
        target: { screen: 'flow-settings', field: 'stages' },
      },
      flows: [{ id: flow.id, entity: 'order', count: 3 }],
    })
    expect(group?.sums).toHaveLength(1)
    await flow.set({ stages: STAGES })
    const { accepted, runs } = await failures().retry({ body: { group: group?.id ?? '' } })
    expect([accepted, runs.length]).toEqual([3, 1])
    const run = await until('the end of the retry', async () => {
      const now = await scene.service.api.runs.get({ params: { runId: runs[0]?.id ?? '' } })
      return now.finishedAt === null ? null : now
    })
    expect(run).toMatchObject({
      kind: 'replay',
      state: 'succeeded',
      done: 3,
      counts: { failed: 0 },
    })
    for (const id of bad) await flow.synced(id)
    expect(await groups()).toEqual([])
    expect(await counts()).toMatchObject({ open: 0, solved: 3 })
  })

  it('a refused value is corrected and goes out once; the next change goes by the rules', async () => {
    const ofFlow = { flowId: flow.id }
    const { document } = await scene.service.api.mappings.get({ params: { ...ofFlow, version: 1 } })
    const { rules = [], ...rest } = document.parts['document'] ?? {}
    const others = rules.filter(({ target }) => target !== 'dealtype')
    const asked = { target: 'dealtype', value: { kind: 'field' as const, path: ['customerNote'] } }
    const parts = { ...document.parts, document: { ...rest, rules: [...others, asked] } }
    await scene.service.api.mappings.save({ params: ofFlow, body: { document: { ...document, parts } as never, note: 'test' } }) // prettier-ignore
    const id = buy(scene, 'dora@example.com', { customer_note: 'a regular' })
    const failed = await flow.becomes(id, 'failed')
    expect(failed.failure).toMatchObject({
      state: 'open',
      cause: { key: 'choice_unknown', params: { field: 'dealtype' } },
    })
    const params = { flowId: flow.id, externalId: String(id) }
    const { items } = await failures().editable({ params })
    expect(items[0]).toMatchObject({ part: 'document', field: { name: 'dealtype' }, failed: true })
    const values = [
      { part: 'document', field: 'dealtype', value: 'newbusiness' },
      { part: 'document', field: 'amount', value: '12.50' },
    ]
    expect(await failures().edit({ params, body: { values } })).toEqual({ accepted: 1 })
    await flow.synced(id)
    expect(amountOf(id)).toBe(12.5)
    const { items: solved } = await failures().list({ query: { state: 'ended', flowId: flow.id } })
    expect(solved.find((one) => one.externalId === String(id))).toMatchObject({ ended: 'edited' })
    scene.world.shop.updateOrder(id, { customer_note: 'existingbusiness' })
    await flow.synced(id, (deal) => Number(deal.properties['amount']) !== 12.5)
  })

  it('one is ignored with a note, and taken back', async () => {
    const id = await buyWithout('pending', 'emma')
    await flow.becomes(id, 'failed')
    const records = { flowId: flow.id, externalIds: [String(id)] }
    expect(await failures().ignore({ body: { ...records, note: 'A test order' } })).toEqual({ ignored: 1 })
    expect(await groups()).toEqual([])
    expect((await flow.record(id)).state).toBe('skipped')
    const { items } = await failures().list({ query: { state: 'ignored' } })
    expect(items).toMatchObject([{ externalId: String(id), note: 'A test order' }])
    expect(await failures().restore({ body: records })).toEqual({ restored: 1 })
    expect((await groups()).map(({ count }) => count)).toEqual([1])
    await flow.set({ stages: STAGES })
    await failures().retry({ body: records })
    await flow.synced(id)
    expect(await counts()).toMatchObject({ open: 0, ignored: 0 })
  })

  it('one is over by itself when a later change of its record goes through', async () => {
    const before = (await counts()).solvedByItself
    const id = await buyWithout('failed', 'fay')
    await flow.becomes(id, 'failed')
    scene.world.shop.updateOrder(id, { status: 'processing' })
    await flow.synced(id)
    expect(await counts()).toMatchObject({ open: 0, solvedByItself: before + 1 })
  })
})

it('a HubSpot that is silent is one cause that waits, and goes by itself', async () => {
  await flow.set({ stages: STAGES })
  scene.world.crm.rules.add({ name: 'down', path: '^/crm/', action: { kind: 'status', status: 503 } })
  const id = buy(scene, 'gina@example.com')
  const waiting = await until('a cause that waits', async () => {
    const { items } = await failures().groups({ query: { state: 'waiting' } })
    return items.find(({ cause }) => cause.key === 'system_silent')
  })
  expect(waiting.cause.title).toMatch(/^HubSpot does not answer/)
  expect(await groups()).toEqual([])
  scene.world.crm.rules.clear()
  await flow.synced(id)
  await until('the end of the waiting', async () => (await counts()).waiting === 0)
})
