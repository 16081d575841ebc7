import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { disagreements } from '../checker.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'

let scene: Scene
let flow: FlowView
let things: number[]

beforeAll(async () => {
  scene = await openScene()
  things = Array.from({ length: 40 }, (_, i) => {
    const thing = { name: `Thing ${i}`, sku: `THING-${i}`, regular_price: `${i + 1}.15` }
    return scene.world.shop.addProduct(thing)['id'] as number
  })
  flow = await orderFlow(scene)
})
afterAll(() => scene.close())

const lineOf = (i: number) => ({ product_id: things[i % things.length], quantity: 1 + (i % 3) })
const linesOf = (id: number) => flow.linked(id, 'line_items')
const wrong = (id: number) => disagreements(scene.world.shop, scene.world.crm, (order) => order['id'] === id)
/** How many inputs each call had that makes line items, since `from`. */
const creates = (from: number): number[] =>
  scene.world.crm.calls
    .slice(from)
    .filter((call) => call.url.includes('/line_items/batch/create'))
    .map((call) => (call.body as { inputs: unknown[] }).inputs.length)

describe('K6 orders of any length', () => {
  it.each([0, 101, 500, 3_000])(
    'K6 an order with %i lines has all of them, once, made a hundred at a time',
    async (count) => {
      const from = scene.world.crm.calls.length
      const id = buy(scene, `lines${count}@example.com`, {
        line_items: Array.from({ length: count }, (_, i) => lineOf(i)),
      })
      await flow.synced(id, () => linesOf(id).length === count, 90_000)
      expect(wrong(id)).toEqual([])
      const keys = linesOf(id).map((line) => line.properties['crosswalk_key'])
      expect(new Set(keys).size).toBe(count)
      const made = creates(from)
      expect(made.reduce((sum, one) => sum + one, 0)).toBe(count)
      expect(made).toHaveLength(Math.ceil(count / 100))
      expect(scene.world.crm.summary({}).orphanLineItems).toBe(0)
    },
  )

  it('K6 a change of one line among 3,000 writes that line, and none twice', async () => {
    const order = scene.world.shop.orders().find((one) => (one['line_items'] as unknown[]).length === 3_000)
    const id = order?.['id'] as number
    const [first] = order?.['line_items'] as { id: number; quantity: number }[]
    const before = new Map(linesOf(id).map((line) => [line.id, line.properties['hs_lastmodifieddate']]))
    scene.world.shop.updateOrder(id, { line_items: [{ id: first?.id, quantity: 9 }] })
    await flow.synced(id, () => linesOf(id).some((line) => line.properties['quantity'] === '9'), 90_000)
    expect(wrong(id)).toEqual([])
    const moved = linesOf(id).filter((line) => before.get(line.id) !== line.properties['hs_lastmodifieddate'])
    expect(moved.map((line) => line.properties['quantity'])).toEqual(['9'])
  })
})

describe('K9 an order that is edited afterwards', () => {
  const shopLines = (id: number) =>
    scene.world.shop.orders().find((order) => order['id'] === id)?.['line_items'] as {
      id: number
      sku: string
    }[]

  it('K9 a line taken out goes, a changed quantity changes, a new line comes, none is left over', async () => {
    const id = buy(scene, 'carla@example.com')
    await flow.synced(id)
    const lineId = (sku: string) => shopLines(id).find((line) => line.sku === sku)?.id
    scene.world.shop.updateOrder(id, {
      line_items: [{ id: lineId('MITT'), quantity: 0 }, { id: lineId('APRON'), quantity: 3 }, lineOf(4)],
    })
    await flow.synced(id, () => linesOf(id).length === 2 && !linesOf(id).some((line) => line.properties['hs_sku'] === 'MITT')) // prettier-ignore
    const seen = linesOf(id).map((line) => `${line.properties['quantity']} × ${line.properties['hs_sku']}`)
    expect(seen.sort()).toEqual(['2 × THING-4', '3 × APRON'])
    expect(wrong(id)).toEqual([])
    expect(scene.world.crm.summary({}).orphanLineItems).toBe(0)
  })

  it('K9 all lines exchanged for others are exchanged', async () => {
    const id = buy(scene, 'dora@example.com')
    await flow.synced(id)
    const old = linesOf(id).map((line) => line.id)
    scene.world.shop.updateOrder(id, {
      line_items: [...shopLines(id).map((line) => ({ id: line.id, quantity: 0 })), lineOf(7)],
    })
    await flow.synced(id, () => linesOf(id).length === 1)
    expect(linesOf(id).map((line) => line.properties['hs_sku'])).toEqual(['THING-7'])
    for (const line of old) expect(scene.world.crm.get('line_items', line)?.archived).toBe(true)
    expect(wrong(id)).toEqual([])
  })
})
