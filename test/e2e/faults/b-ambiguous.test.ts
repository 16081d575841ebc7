import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FailureRule } from '../../simulators/failure-rules.ts'
import { until } from '../processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { watch, type Watch } from './b-scene.ts'

let scene: Scene
let flow: FlowView
let seen: Watch

beforeAll(async () => {
  scene = await openScene()
  flow = await orderFlow(scene)
  seen = watch(scene, flow)
})
afterEach(() => scene.world.crm.rules.clear())
afterAll(() => scene.close())

/** Every kind of part that an order is written as, in the order of need. */
const OBJECTS = ['companies', 'contacts', 'products', 'orders', 'line_items']

/** Three orders with a company, a contact and a product nobody has bought before. */
function newcomers(name: string): number[] {
  const product = scene.world.shop.addProduct({ name: `Thing ${name}`, sku: `THING-${name}`, regular_price: '3.00' }) // prettier-ignore
  return Array.from({ length: 3 }, (_, i) =>
    buy(
      scene,
      `${name}${i}@example.com`,
      { line_items: [{ product_id: product['id'], quantity: i + 1 }] },
      { company: `${name} ${i}` },
    ),
  )
}

/** The answer to one create of that object is lost in the given way although it was carried out. */
async function doublesNothing(object: string, how: string, action: FailureRule['action']): Promise<void> {
  const hits = seen.fail({ path: `/${object}/batch/create`, times: 1, action })
  await seen.allSynced(newcomers(`${object.replace('_', '')}.${how}`), 90_000)
  expect(hits()).toBe(1)
  expect(seen.wrong()).toEqual([])
  expect(seen.orphans()).toBe(0)
  expect(seen.doubles('products', 'hs_sku')).toEqual([])
  expect(seen.doubles('companies', 'name')).toEqual([])
  expect(seen.doubles('line_items', 'crosswalk_key')).toEqual([])
  expect(await seen.failures()).toEqual([])
}

describe('B4 a create that was applied, then cut', () => {
  it.each(OBJECTS)('B4 of %s doubles nothing, and every order is whole', (object) =>
    doublesNothing(object, 'cut', { kind: 'apply_then_cut' }),
  )

  it('B4 of a line that leaves its order before the next try: the line goes too', async () => {
    const id = buy(scene, 'changes@example.com')
    await flow.synced(id)
    const order = scene.world.shop.orders().find((one) => one.id === id)
    const extra = { product_id: scene.apron, quantity: 7 }
    const hits = seen.fail({ path: '/line_items/batch/create', times: 1, action: { kind: 'apply_then_cut' } })
    // What the shop says while the answer is on its way counts for the next try.
    scene.world.crm.latencyMs = 300
    scene.world.shop.updateOrder(id, { line_items: [extra] })
    await until('the lost answer', async () => hits() === 1)
    const added = scene.world.shop.orders().find((one) => one.id === id)?.['line_items'] as { id: number }[]
    const known = new Set((order?.['line_items'] as { id: number }[]).map((line) => line.id))
    const line = added.find((one) => !known.has(one.id))
    scene.world.shop.updateOrder(id, { line_items: [{ id: line?.id, quantity: 0 }] })
    scene.world.crm.latencyMs = 0
    await until('the line gone', async () => flow.linked(id, 'line_items').length === 2)
    await flow.synced(id)
    expect(seen.wrong()).toEqual([])
    expect(seen.orphans()).toBe(0)
    const { archived } = scene.world.crm.summary({})
    expect(archived['line_items']).toBe(1)
  })
})

describe('B5 a create that was applied and answered 502', () => {
  it.each(OBJECTS)('B5 of %s doubles nothing, and every order is whole', (object) =>
    doublesNothing(object, 'bad', { kind: 'apply_then_status', status: 502, afterMs: 100 }),
  )

  it('B5 after 29 seconds, by a gateway that gave up', () =>
    doublesNothing('orders', 'late', { kind: 'apply_then_status', status: 502, afterMs: 29_000 }))
})
