import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findOrder } from '../../simulators/woocommerce/orders.ts'
import { disagreements } from '../checker.ts'
import { buy, buyer, flowView, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { goLive } from '../shop-to-crm.ts'

let scene: Scene
let orders: FlowView
let customers: FlowView

beforeAll(async () => {
  scene = await openScene()
  orders = await orderFlow(scene)
  const id = await goLive(scene.service.api, scene.ends, { entity: 'customer', document: 'contact' })
  customers = flowView(scene, id, 'contacts')
})
afterAll(() => scene.close())

const contacts = (email: string) =>
  scene.world.crm.all('contacts').filter((one) => one.properties['email'] === email)
const contactsOf = (order: number) => orders.linked(order, 'contacts').map((one) => one.id)
/** An order whose address is spelt as imports and tills write it, past what the checkout checks. */
const buySpelt = (email: string, more: object = {}): number => {
  const id = buy(scene, 'typed@example.com', {}, more)
  findOrder(scene.world.shop.shop, id).billing.email = email
  return id
}
const allSynced = async (ids: readonly number[]): Promise<void> => {
  for (const id of ids) await orders.synced(id)
}
/** One contact for all of these orders. @returns its address */
async function expectOne(ids: readonly number[]): Promise<unknown> {
  await allSynced(ids)
  const found = new Set(ids.flatMap(contactsOf))
  expect(found.size).toBe(1)
  for (const id of ids) expect(contactsOf(id)).toHaveLength(1)
  return scene.world.crm.get('contacts', [...found][0] ?? '')?.properties['email']
}

describe('K1 spellings of an address', () => {
  it('K1 in capitals, and with spaces around it, are one contact', async () => {
    const email = await expectOne(
      ['Anna@Example.com', ' anna@example.com ', 'ANNA@EXAMPLE.COM'].map((one) => buySpelt(one)),
    )
    expect(email).toBe('anna@example.com')
    expect(contacts('anna@example.com')).toHaveLength(1)
  })

  it('K1 with an international domain, in letters and in code, are one contact, also one that sales made', async () => {
    const email = await expectOne(
      ['jo@Bücher.example', 'jo@xn--bcher-kva.example'].map((one) => buySpelt(one)),
    )
    expect(email).toBe('jo@xn--bcher-kva.example')
    const made = scene.world.crm.createRecord('contacts', { email: 'al@xn--mller-kva.example' })
    const id = buySpelt('al@MÜLLER.example')
    await orders.synced(id)
    expect(contactsOf(id)).toEqual([made.id])
  })

  it('K1 with a plus are contacts of their own', async () => {
    const ids = [buySpelt('berta@example.com'), buySpelt('berta+shop@example.com')]
    await allSynced(ids)
    expect(new Set(ids.flatMap(contactsOf)).size).toBe(2)
    expect(contacts('berta+shop@example.com')).toHaveLength(1)
  })

  it.each([
    ['none, as at a till', ''],
    ['no address', 'carla at example'],
    ['two addresses', 'a@example.com, b@example.com'],
  ])('K1 where there is %s the order goes across, without a contact', async (_, email) => {
    const before = scene.world.crm.all('contacts').length
    const id = buySpelt(email)
    await orders.synced(id)
    expect(orders.linked(id, 'line_items')).toHaveLength(2)
    expect(contactsOf(id)).toEqual([])
    expect(scene.world.crm.all('contacts')).toHaveLength(before)
  })

  it('K1 without an address take the default contact where one is set', async () => {
    await orders.set({ guests: 'default_contact', defaultContact: 'till@example.com' })
    expect(await expectOne([buySpelt(''), buySpelt('dora at example')])).toBe('till@example.com')
    await orders.set({ guests: 'as_customers', defaultContact: null })
  })
})

describe('K10 a guest and an account', () => {
  const register = (email: string, billing: object = {}): number =>
    scene.world.shop.addCustomer({ email, first_name: 'Anna', last_name: 'Jansen', billing: buyer(email, billing) })['id'] as number // prettier-ignore

  it('K10 who bought as a guest before and makes an account is the contact that the order made', async () => {
    const order = buy(scene, 'finn@example.com')
    await orders.synced(order)
    const id = register('finn@example.com', { city: 'Fulda' })
    const record = await customers.synced(id, (contact) => contact.properties['city'] === 'Fulda')
    const next = buy(scene, 'finn@example.com', { customer_id: id })
    await orders.synced(next)
    expect(contacts('finn@example.com')).toHaveLength(1)
    expect([...contactsOf(order), ...contactsOf(next)]).toEqual([record.target?.id, record.target?.id])
  })

  it('K10 who has an account and orders as a guest, spelt differently, is the same contact', async () => {
    const record = await customers.synced(register('emma@example.com'))
    expect(await expectOne([buySpelt('EMMA@Example.com')])).toBe('emma@example.com')
    expect(contacts('emma@example.com').map((one) => one.id)).toEqual([record.target?.id])
  })
})

describe('K11 companies', () => {
  // What sales made is long in the index.
  beforeAll(() => scene.world.crm.searchLag(0))

  const companies = () => scene.world.crm.all('companies')
  const companiesOf = (order: number) => orders.linked(order, 'companies').map((one) => one.id)

  it('K11 spelt in several ways are one company, with each buyer under it; a private person has none', async () => {
    const before = companies().length
    const spellings = ['Tools B.V.', 'TOOLS BV', ' tools  b.v. ', 'Tools']
    const ids = spellings.map((company, i) => buy(scene, `buyer${i}@tools${i}.example.com`, {}, { company }))
    const alone = buy(scene, 'hans@tools0.example.com')
    await allSynced([...ids, alone])
    expect(companies().length - before).toBe(1)
    expect(new Set(ids.flatMap(companiesOf)).size).toBe(1)
    expect(companiesOf(alone)).toEqual([])
    const [company] = companiesOf(ids[0] ?? 0)
    const linked = scene.world.crm.associations('companies', company ?? '').map((entry) => entry.objectType)
    expect(linked.filter((type) => type === 'contacts')).toHaveLength(spellings.length)
    expect(linked.filter((type) => type === 'orders')).toHaveLength(spellings.length)
  })

  it('K11 of one name in two countries are two', async () => {
    const ids = ['NL', 'BE'].map((country) => buy(scene, `ida@${country}.example.com`, {}, { company: 'Twins BV', country })) // prettier-ignore
    await allSynced(ids)
    expect(new Set(ids.flatMap(companiesOf)).size).toBe(2)
  })

  it('K11 are found by the domain that sales gave them, whatever the buyer typed', async () => {
    const made = scene.world.crm.createRecord('companies', {
      name: 'Looms International',
      domain: 'looms.example.com',
    })
    const id = buy(scene, 'jan@looms.example.com', {}, { company: 'Looms' })
    await orders.synced(id)
    expect(companiesOf(id)).toEqual([made.id])
  })

  it('K11 never come from a mail provider: not its domain, and not the company somebody else gave it', async () => {
    const made = scene.world.crm.createRecord('companies', { name: 'Google', domain: 'gmail.com' })
    const private_ = buy(scene, 'kim@gmail.com')
    const named = buy(scene, 'lena@gmail.com', {}, { company: 'Lena Knits' })
    const other = buy(scene, 'mona@gmail.com', {}, { company: 'Mona Prints' })
    await allSynced([private_, named, other])
    expect(companiesOf(private_)).toEqual([])
    const [first, second] = [named, other].flatMap(companiesOf)
    expect(new Set([made.id, first, second]).size).toBe(3)
    const google = companies().filter((one) => one.properties['domain'] === 'gmail.com')
    expect(google.map((one) => one.id)).toEqual([made.id])
    expect(disagreements(scene.world.shop, scene.world.crm, (order) => [private_, named, other].includes(order['id'] as number))).toEqual([]) // prettier-ignore
  })
})
