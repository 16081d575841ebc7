import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findOrder } from '../../simulators/woocommerce/orders.ts'
import { disagreements } from '../checker.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'

let scene: Scene
let flow: FlowView

beforeAll(async () => {
  scene = await openScene()
  flow = await orderFlow(scene)
})
afterAll(() => scene.close())

/** The longest value that HubSpot takes, in characters. */
const LIMIT = 65_536
const FAMILY = '👩‍👩‍👧‍👦'
const noteOf = (id: number) => flow.document(id)?.properties['crosswalk_customer_note'] ?? ''
/** What HubSpot holds of all texts of an order. */
const texts = (id: number): string[] =>
  [
    flow.document(id),
    ...['contacts', 'line_items', 'companies'].flatMap((object) => flow.linked(id, object)),
  ].flatMap((record) => Object.values(record?.properties ?? {}))
/** Whole, and of what every store takes. */
async function expectSound(id: number): Promise<void> {
  await flow.synced(id)
  for (const text of texts(id)) {
    expect(text.length).toBeLessThanOrEqual(LIMIT)
    expect(text.isWellFormed()).toBe(true)
    expect(text).not.toContain('\0')
  }
  expect(disagreements(scene.world.shop, scene.world.crm, (order) => order['id'] === id)).toEqual([])
}

describe('K7 texts', () => {
  it.each([
    ['of 100,000 letters', 'n'.repeat(100_000)],
    ['of emoji that are made of many', FAMILY.repeat(10_000)],
    ['of letters with accents of their own', 'e\u0301'.repeat(50_000)],
    ['of lines and tags', 'line\n<b>bold</b> & more\n'.repeat(5_000)],
  ])('K7 a note %s is cut between two characters, with a mark', async (_, note) => {
    const id = buy(scene, 'anna@example.com', { customer_note: note })
    await expectSound(id)
    const kept = noteOf(id)
    expect(kept.length).toBeGreaterThan(60_000)
    expect(kept.endsWith('…')).toBe(true)
    const segments = [...new Intl.Segmenter('en').segment(kept.slice(0, -1))].map((one) => one.segment)
    const whole = new Set([...new Intl.Segmenter('en').segment(note)].map((one) => one.segment))
    expect(segments.filter((segment) => !whole.has(segment) && segment !== '\n')).toEqual([])
  })

  it('K7 a note as long as it may be is whole', async () => {
    const note = 'x'.repeat(60_000)
    const id = buy(scene, 'berta@example.com', { customer_note: note })
    await expectSound(id)
    expect(noteOf(id)).toBe(note)
  })

  it.each([
    ['emoji', `Zoë ${FAMILY}`],
    ['letters from right to left', 'שלום \u202eמרים\u202c عمر'],
    ['combining marks', `Z${'\u0335\u0322\u0321'.repeat(40)}algo`],
    ['letters of four bytes', '𠮷野家 𝒜'],
    ['markup', '<b onclick="x">O’Neil</b> & "Co" \\ \' ; --'],
  ])('K7 a name of %s arrives as it was typed', async (kind, name) => {
    const email = `${kind.replaceAll(' ', '.')}@example.com`
    const id = buy(scene, email, {
      billing: { first_name: name, last_name: name, email, company: name, country: 'NL' },
    })
    await expectSound(id)
    const [contact] = flow.linked(id, 'contacts')
    expect([contact?.properties['firstname'], contact?.properties['lastname']]).toEqual([name, name])
    expect(flow.linked(id, 'companies').map((one) => one.properties['name'])).toEqual([name])
  })

  it('K7 NUL and half characters in names, notes, products and numbers stop neither the order nor its neighbours', async () => {
    const odd = 'A\0B\ud83dC'
    const product = scene.world.shop.addProduct({ name: odd, sku: 'ODD', regular_price: '5.00' })
    const neighbours = [buy(scene, 'carla@example.com'), buy(scene, 'dora@example.com')]
    const id = buy(scene, 'emma@example.com', {
      customer_note: odd,
      billing: {
        first_name: odd,
        last_name: '\0',
        email: 'emma@example.com',
        company: odd,
        city: odd,
        country: 'NL',
      },
      line_items: [{ product_id: product['id'], quantity: 1 }],
    })
    findOrder(scene.world.shop.shop, id).number = odd
    for (const one of [id, ...neighbours]) await expectSound(one)
    expect(flow.linked(id, 'contacts')[0]?.properties['firstname']).toBe('AB\ufffdC')
    const { items } = await scene.service.api.records.list({ query: { search: String(id) } })
    expect(items.map((item) => item.externalId)).toEqual([String(id)])
  })

  it('K7 names too long for any field are cut with a mark', async () => {
    const id = buy(scene, 'finn@example.com', {
      billing: {
        first_name: FAMILY.repeat(9_000),
        last_name: `e${'\u0301'.repeat(90_000)}`,
        email: 'finn@example.com',
        country: 'NL',
      },
    })
    await expectSound(id)
    const { firstname, lastname } = flow.linked(id, 'contacts')[0]?.properties ?? {}
    expect(firstname?.length).toBeGreaterThan(60_000)
    expect(firstname?.endsWith(`${FAMILY}…`)).toBe(true)
    expect(lastname?.endsWith('…')).toBe(true)
    expect((await scene.service.api.failures.groups()).items).toEqual([])
  })
})
