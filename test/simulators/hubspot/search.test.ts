import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { manualClock } from '../clock.ts'
import { startHubSpot, type HubSpotSimulator } from './index.ts'
import { link, O, send } from './test-client.ts'

const clock = manualClock(Date.parse('2026-11-21T20:00:00Z'))
let sim: HubSpotSimulator
beforeAll(async () => {
  sim = await startHubSpot({ limits: null, clock })
})
afterAll(() => sim.close())

const search = (object: string, body: object) => send(sim, 'POST', `${O(object)}/search`, body)
const where = (...filters: object[]) => ({ filterGroups: [{ filters }] })
const f = (propertyName: string, operator: string, value?: unknown) =>
  Array.isArray(value) ? { propertyName, operator, values: value } : { propertyName, operator, value }
const names = async (body: object) => {
  const answer = await search('companies', { properties: ['name'], ...body })
  expect(answer.status).toBe(200)
  return answer.body.results.map((row: { properties: { name: string } }) => row.properties.name)
}

describe('index lag', () => {
  it('shows new and changed records two seconds late and archived ones never', async () => {
    const { id } = sim.createRecord('carts', { hs_cart_name: 'first' })
    const total = async (name: string) =>
      (await search('carts', where(f('hs_cart_name', 'EQ', name)))).body.total
    expect(await total('first')).toBe(0)
    clock.advance(2_000)
    expect(await total('first')).toBe(1)
    sim.updateRecord('carts', id, { hs_cart_name: 'second' })
    clock.advance(1_000)
    sim.updateRecord('carts', id, { hs_cart_name: 'third' })
    expect([await total('first'), await total('second'), await total('third')]).toEqual([1, 0, 0])
    clock.advance(1_000)
    expect([await total('first'), await total('second'), await total('third')]).toEqual([0, 1, 0])
    clock.advance(1_000)
    expect([await total('second'), await total('third')]).toEqual([0, 1])
    sim.archive('carts', id)
    expect(await total('third')).toBe(0)
  })
})

describe('operators', () => {
  beforeAll(() => {
    const rows = [
      { name: 'Acme', domain: 'acme.example', numberofemployees: '5', industry: 'RETAIL' },
      { name: 'Beta Works', domain: 'beta.example', numberofemployees: '50', industry: 'WHOLESALE' },
      { name: 'gamma', numberofemployees: '500' },
    ]
    for (const row of rows) sim.createRecord('companies', row)
    clock.advance(2_000)
  })
  const sorted = { sorts: [{ propertyName: 'name', direction: 'ASCENDING' }] }
  it.each([
    ['EQ without case', [f('name', 'EQ', 'ACME')], ['Acme']],
    ['NEQ', [f('name', 'NEQ', 'acme')], ['Beta Works', 'gamma']],
    ['LT', [f('numberofemployees', 'LT', '50')], ['Acme']],
    ['LTE', [f('numberofemployees', 'LTE', '50')], ['Acme', 'Beta Works']],
    ['GT', [f('numberofemployees', 'GT', '50')], ['gamma']],
    ['GTE', [f('numberofemployees', 'GTE', '50')], ['Beta Works', 'gamma']],
    ['BETWEEN', [{ ...f('numberofemployees', 'BETWEEN', '6'), highValue: '60' }], ['Beta Works']],
    ['IN in lower case', [f('name', 'IN', ['acme', 'gamma'])], ['Acme', 'gamma']],
    ['IN in upper case, which never matches text', [f('name', 'IN', ['Acme'])], []],
    ['NOT_IN', [f('name', 'NOT_IN', ['acme'])], ['Beta Works', 'gamma']],
    ['HAS_PROPERTY', [f('domain', 'HAS_PROPERTY')], ['Acme', 'Beta Works']],
    ['NOT_HAS_PROPERTY', [f('domain', 'NOT_HAS_PROPERTY')], ['gamma']],
    ['CONTAINS_TOKEN', [f('name', 'CONTAINS_TOKEN', 'works')], ['Beta Works']],
    ['CONTAINS_TOKEN with a wildcard', [f('name', 'CONTAINS_TOKEN', 'bet*')], ['Beta Works']],
    ['NOT_CONTAINS_TOKEN', [f('name', 'NOT_CONTAINS_TOKEN', 'works')], ['Acme', 'gamma']],
    ['an enumeration in its own case', [f('industry', 'EQ', 'RETAIL')], ['Acme']],
    ['an enumeration in another case, which never matches', [f('industry', 'EQ', 'retail')], []],
    [
      'two filters joined by AND',
      [f('domain', 'HAS_PROPERTY'), f('numberofemployees', 'GT', '5')],
      ['Beta Works'],
    ],
  ])('%s', async (_, filters, expected) => {
    expect(await names({ ...where(...filters), ...sorted })).toEqual(expected)
  })
  it('joins groups by OR, looks for words and sorts descending', async () => {
    const groups = [{ filters: [f('name', 'EQ', 'acme')] }, { filters: [f('name', 'EQ', 'gamma')] }]
    expect(await names({ filterGroups: groups, sorts: ['-name'] })).toEqual(['gamma', 'Acme'])
    expect(await names({ query: 'bet wor' })).toEqual(['Beta Works'])
  })
  it('finds records by association', async () => {
    const contact = sim.createRecord('contacts', { email: 'search@example.com' })
    const order = sim.createRecord('orders', {}, [link(contact.id, 507)])
    clock.advance(2_000)
    const { body } = await search('orders', where(f('associations.contact', 'EQ', contact.id)))
    expect(body.results.map((row: { id: string }) => row.id)).toEqual([order.id])
  })
})

describe('limits of a search', () => {
  it('pages to 200 with an offset and stops at 10,000', async () => {
    for (let index = 0; index < 3; index += 1) sim.createRecord('fees', { hs_label: `f${index}` })
    clock.advance(2_000)
    const first = await search('fees', { limit: 2 })
    expect(first.body).toMatchObject({ total: 3, paging: { next: { after: '2' } } })
    const second = await search('fees', { limit: 2, after: '2' })
    expect([second.body.results.length, second.body.paging]).toEqual([1, undefined])
    expect((await search('fees', { limit: 201 })).status).toBe(400)
    expect((await search('fees', { limit: 200, after: '9800' })).status).toBe(200)
    expect((await search('fees', { limit: 200, after: '9801' })).status).toBe(400)
  })
  const many = (count: number) => Array.from({ length: count }, () => f('name', 'HAS_PROPERTY'))
  it.each([
    ['a body over 3,000 characters', { query: 'x'.repeat(3_000) }],
    ['two sorts', { sorts: ['name', 'domain'] }],
    ['a sort by an unknown property', { sorts: ['nope'] }],
    ['an unknown property', where(f('nope', 'EQ', '1'))],
    ['an unknown operator', where(f('name', 'LIKE', 'x'))],
    ['an operator without its value', where(f('name', 'EQ'))],
    ['a bad number', where(f('numberofemployees', 'GT', 'many'))],
    ['six groups', { filterGroups: Array.from({ length: 6 }, () => ({ filters: many(1) })) }],
    ['seven filters in a group', { filterGroups: [{ filters: many(7) }] }],
    ['nineteen filters', { filterGroups: [6, 6, 6, 1].map((size) => ({ filters: many(size) })) }],
  ])('refuses %s', async (_, body) => {
    expect((await search('companies', body)).status).toBe(400)
  })
})
