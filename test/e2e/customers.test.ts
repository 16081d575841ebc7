import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buyer, flowView, openScene, type FlowView, type Scene } from './scene.ts'
import { goLive } from './shop-to-crm.ts'

let scene: Scene
let customers: FlowView

beforeAll(async () => {
  scene = await openScene()
  const id = await goLive(scene.service.api, scene.ends, { entity: 'customer', document: 'contact' })
  customers = flowView(scene, id, 'contacts')
})
afterAll(() => scene.close())

const contacts = (email: string) =>
  scene.world.crm.all('contacts').filter((one) => one.properties['email'] === email)
const register = (email: string, billing: object = {}): number =>
  scene.world.shop.addCustomer({ email, first_name: 'Anna', last_name: 'Jansen', billing: buyer(email, billing) })['id'] as number // prettier-ignore
const companiesOf = (email: string) =>
  scene.world.crm
    .associations('contacts', contacts(email)[0]?.id ?? '')
    .filter((entry) => entry.objectType === 'companies')
    .map((entry) => scene.world.crm.get('companies', entry.id)?.properties['name'])

describe('a customer of the shop', () => {
  it('becomes a contact, with the company it buys for', async () => {
    const id = register('Anna@looms.example.com', { city: 'Ghent', company: 'Looms BV' })
    const record = await customers.synced(id)
    expect(record.target?.object).toBe('contacts')
    expect(contacts('anna@looms.example.com')).toHaveLength(1)
    expect(contacts('anna@looms.example.com')[0]?.properties).toMatchObject({
      firstname: 'Anna',
      lastname: 'Jansen',
      city: 'Ghent',
      crosswalk_customer_id: String(id),
    })
    expect(companiesOf('anna@looms.example.com')).toEqual(['Looms BV'])
  })

  it('without a company becomes a contact alone', async () => {
    const before = scene.world.crm.all('companies').length
    await customers.synced(register('berta@example.com'))
    expect(companiesOf('berta@example.com')).toEqual([])
    expect(scene.world.crm.all('companies')).toHaveLength(before)
  })

  it('who moves has the new address; a name corrected in HubSpot stays', async () => {
    const id = register('carla@example.com', { city: 'Mons' })
    await customers.synced(id)
    scene.world.crm.updateRecord('contacts', contacts('carla@example.com')[0]?.id ?? '', { firstname: 'Karla' }) // prettier-ignore
    scene.world.shop.updateCustomer(id, { billing: { city: 'Metz' } })
    await customers.synced(id, (contact) => contact.properties['city'] === 'Metz')
    expect(contacts('carla@example.com')[0]?.properties['firstname']).toBe('Karla')
  })

  it('who later gives a company gets it', async () => {
    const id = register('dora@example.com')
    await customers.synced(id)
    scene.world.shop.updateCustomer(id, { billing: { company: 'Dora Ltd' } })
    await customers.synced(id, () => companiesOf('dora@example.com').length > 0)
    expect(companiesOf('dora@example.com')).toEqual(['Dora Ltd'])
  })

  it('and a contact that sales made before are one', async () => {
    const made = scene.world.crm.createRecord('contacts', { email: 'gina@example.com', firstname: 'Gina' })
    const record = await customers.synced(register('gina@example.com', { city: 'Ghent' }))
    expect(record.target?.id).toBe(made.id)
    expect(contacts('gina@example.com')[0]?.properties).toMatchObject({ firstname: 'Gina', city: 'Ghent' })
  })
})

describe('what a flow of customers leaves out', () => {
  it('changes of contacts that exist, where customers are only made', async () => {
    await customers.set({ customers: 'create' })
    const id = register('hans@example.com', { city: 'Hasselt' })
    await customers.synced(id)
    scene.world.shop.updateCustomer(id, { billing: { city: 'Hoorn' } })
    const last = register('hugo@example.com')
    await customers.synced(last)
    expect(contacts('hans@example.com')[0]?.properties['city']).toBe('Hasselt')
    await customers.set({ customers: 'create_and_update' })
  })

  it('people HubSpot does not know, where customers are only updated', async () => {
    await customers.set({ customers: 'update' })
    const id = register('ida@example.com')
    expect((await customers.becomes(id, 'skipped')).reason).toMatch(/not in the target/)
    expect(contacts('ida@example.com')).toEqual([])
    await customers.set({ customers: 'create_and_update' })
  })

  it('customers whom a filter keeps out', async () => {
    await customers.set({ filter: { equals: { path: ['billing', 'country'], value: 'BE' } } })
    const dutch = register('jan@example.com')
    const belgian = register('kim@example.com', { country: 'BE' })
    await customers.synced(belgian)
    expect((await customers.becomes(dutch, 'skipped')).reason).toMatch(/^Custom filter: /)
  })
})
