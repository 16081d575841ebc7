import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../processes.ts'
import { dealFlow, STAGES } from '../deal-flow.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { watch } from './b-scene.ts'

let scene: Scene
let deals: FlowView
let orders: FlowView

beforeAll(async () => {
  scene = await openScene()
  deals = await dealFlow(scene)
  orders = await orderFlow(scene)
})
afterAll(() => scene.close())

const stageOf = (id: number): unknown => deals.document(id)?.properties['dealstage']
const flowOf = (flow: FlowView) => scene.service.api.flows.get({ params: { flowId: flow.id } })
const pauses = (flow: FlowView): number =>
  scene.service.lines.filter((line) => line.includes('flow paused') && line.includes(flow.id)).length
const paused = (flow: FlowView) =>
  until('the pause', async () => {
    const now = await flowOf(flow)
    return now.state === 'paused' && now
  })
const goOn = (flow: FlowView) =>
  scene.service.api.flows.move({ params: { flowId: flow.id }, body: { to: 'active' } })
const several = (count: number, name: string, more: object = {}): number[] =>
  Array.from({ length: count }, (_, i) => buy(scene, `${name}${i}@example.com`, { ...more }))

describe('B20 what a mapping names is gone in HubSpot', () => {
  it('B20 a stage: its flow pauses with one error, and what waited goes through once it is mended', async () => {
    scene.world.crm.removeStage('deals', 'default', STAGES['on-hold'])
    const waiting = several(8, 'finn', { status: 'on-hold', set_paid: false })
    const flow = await paused(deals)
    expect(flow.stateReason).toMatch(/dealstage/)
    // The other flow of the shop goes on.
    for (const id of waiting) await orders.synced(id)
    expect((await flowOf(orders)).state).toBe('active')
    const { items } = await scene.service.api.failures.groups()
    expect(items).toMatchObject([{ count: 0, cause: { key: 'stage_gone' }, standing: { flowId: deals.id } }])
    expect(pauses(deals)).toBe(1)
    const { flows } = await scene.service.api.overview.get({ query: {} })
    expect(flows.find((one) => one.id === deals.id)).toMatchObject({ health: 'bad', text: flow.stateReason })

    await deals.set({ stages: { ...STAGES, 'on-hold': STAGES.processing } })
    await goOn(deals)
    for (const id of waiting) await deals.synced(id, () => stageOf(id) === STAGES.processing)
    expect(watch(scene, deals, 'deals').wrong()).toEqual([])
  })

  it.each([
    ['orders', 'crosswalk_subtotal', 'document'],
    ['line_items', 'crosswalk_gross', 'line'],
    ['contacts', 'crosswalk_store', 'contact'],
  ])(
    'B20 a property of %s: one error, the queue waits, it works without the rule',
    async (object, property, part) => {
      // prettier-ignore
      const seen = watch(scene, orders)
      await scene.service.api.flows.move({ params: { flowId: deals.id }, body: { to: 'paused' } })
      scene.world.crm.removeProperty(object, property)
      const waiting = several(8, property)
      const flow = await paused(orders)
      expect(flow.stateReason).toContain(property)
      await seen.told()
      waiting.push(...several(4, `${property}.later`))
      await seen.told()
      expect(await seen.failures()).toEqual([])
      const before = seen.calls().length
      const pausesBefore = pauses(orders)

      const { items } = await scene.service.api.mappings.list({ params: { flowId: orders.id } })
      const version = items.find((one) => one.current)?.version ?? 0
      const { document } = await scene.service.api.mappings.get({ params: { flowId: orders.id, version } })
      const rules = document.parts[part]?.rules ?? []
      const kept = rules.filter((rule) => (rule as { target: string }).target !== property)
      expect(kept.length).toBeLessThan(rules.length)
      const parts = { ...document.parts, [part]: { ...document.parts[part], rules: kept } }
      await scene.service.api.mappings.save({
        params: { flowId: orders.id },
        body: { document: { ...document, parts } as never, note: 'without it' },
      })
      expect(seen.calls().length).toBe(before)
      await goOn(orders)
      await seen.allSynced(waiting)
      expect(pauses(orders)).toBe(pausesBefore)
      expect(await seen.failures()).toEqual([])
      const broken = seen.wrong()
      expect(broken).toEqual([])
    },
  )
})
