import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHubSpot, type HubSpotSimulator } from './index.ts'
import { link, O, send, uniqueProperty } from './test-client.ts'

let sim: HubSpotSimulator
beforeAll(async () => {
  sim = await startHubSpot({ limits: null })
  await uniqueProperty(sim, 'orders', 'bridge_order_key')
  await uniqueProperty(sim, 'contacts', 'bridge_contact_key')
})
afterAll(() => sim.close())

const batch = (object: string, action: string, inputs: unknown[], rest: object = {}) =>
  send(sim, 'POST', `${O(object)}/batch/${action}`, { ...rest, inputs })
const traced = (objectWriteTraceId: string, properties: object, associations?: unknown[]) => ({
  objectWriteTraceId,
  properties,
  ...(associations ? { associations } : {}),
})
const count = (object: string) => sim.all(object).length

describe('batch size and sameness', () => {
  it.each(['create', 'read', 'update', 'upsert', 'archive'])(
    'refuses 101 inputs and none in batch/%s',
    async (action) => {
      const inputs = Array.from({ length: 101 }, (_, index) => ({ id: String(index), properties: {} }))
      expect((await batch('carts', action, inputs)).status).toBe(400)
      expect((await batch('carts', action, [])).status).toBe(400)
    },
  )
  it('refuses the same id or key twice', async () => {
    const { id } = sim.createRecord('carts', { hs_cart_name: 'x' })
    expect(
      (
        await batch('carts', 'update', [
          { id, properties: {} },
          { id, properties: {} },
        ])
      ).status,
    ).toBe(400)
    expect((await batch('carts', 'read', [{ id }, { id }])).status).toBe(400)
    const key = { properties: { bridge_order_key: 'same' } }
    expect((await batch('orders', 'create', [key, key])).status).toBe(400)
    const person = (id: string) => ({ id, idProperty: 'email', properties: { firstname: 'A' } })
    expect(
      (await batch('contacts', 'upsert', [person('S@example.com'), person('s@example.com')])).status,
    ).toBe(400)
  })
  it('refuses a trace id used twice', async () => {
    const { status, body } = await batch('carts', 'create', [traced('t', {}), traced('t', {})])
    expect([status, body.message]).toEqual([400, expect.stringContaining('objectWriteTraceId')])
  })
})

describe('batch/create', () => {
  it('writes all and answers 201 with the trace ids', async () => {
    const { status, body } = await batch('orders', 'create', [
      traced('a', { hs_order_name: '#1' }),
      traced('b', { hs_order_name: '#2' }),
    ])
    expect([status, body.status, body.results.length, body.errors]).toEqual([201, 'COMPLETE', 2, undefined])
    expect(body.results.map((row: { objectWriteTraceId: string }) => row.objectWriteTraceId)).toEqual([
      'a',
      'b',
    ])
  })
  it('writes nothing when one row is bad and there are no trace ids', async () => {
    const before = count('orders')
    const { status } = await batch('orders', 'create', [
      { properties: { hs_order_name: 'ok' } },
      { properties: { hs_tax: 'x' } },
    ])
    expect([status, count('orders')]).toEqual([400, before])
    sim.createRecord('contacts', { email: 'batch@example.com' })
    const clash = await batch('contacts', 'create', [
      { properties: { email: 'fresh@example.com' } },
      { properties: { email: 'batch@example.com' } },
    ])
    expect([clash.status, clash.body.category]).toEqual([409, 'CONFLICT'])
    expect(sim.all('contacts').map((contact) => contact.properties['email'])).not.toContain(
      'fresh@example.com',
    )
  })
  it('answers 207 naming the bad rows by trace id', async () => {
    const holder = sim.createRecord('orders', { bridge_order_key: 'taken' })
    const before = count('orders')
    const { status, body } = await batch('orders', 'create', [
      traced('good', { bridge_order_key: 'free' }),
      traced('bad', { bridge_order_key: 'taken' }),
      traced('worse', { nope: '1' }),
    ])
    expect([status, body.numErrors, count('orders')]).toEqual([207, 2, before + 1])
    expect(body.results).toHaveLength(1)
    expect(body.errors[0]).toMatchObject({
      category: 'VALIDATION_ERROR',
      context: { objectWriteTraceId: ['bad'] },
    })
    expect(body.errors[0].message).toContain(`${holder.id} already has that value.`)
    expect(body.errors[1]).toMatchObject({ context: { objectWriteTraceId: ['worse'] }, links: {} })
  })
  it('writes inline associations in both directions', async () => {
    const contact = sim.createRecord('contacts', { email: 'inline@example.com' })
    const company = sim.createRecord('companies', { name: 'Inline' })
    const { body } = await batch('orders', 'create', [
      traced('x', {}, [link(contact.id, 507), link(company.id, 509)]),
    ])
    const [{ id }] = body.results
    expect(sim.associations('contacts', contact.id)).toEqual([{ objectType: 'orders', id, typeIds: [508] }])
    expect(sim.associations('companies', company.id)).toEqual([
      { objectType: 'orders', id, typeIds: [510, 935] },
    ])
  })
  it.each([
    ['a record that is not there', () => link('999', 507)],
    ['a type id that does not exist', () => link('1', 424_242)],
    ['a type id of another direction', () => link('1', 508)],
    ['a record of another object', () => link(sim.createRecord('companies', { name: 'C' }).id, 507)],
    ['no type', () => ({ to: { id: '1' }, types: [] })],
    [
      'a wrong category',
      () => ({
        to: { id: sim.createRecord('contacts', { firstname: 'x' }).id },
        types: [{ associationCategory: 'USER_DEFINED', associationTypeId: 507 }],
      }),
    ],
  ])('refuses the row with an association to %s', async (_, association) => {
    const { status, body } = await batch('orders', 'create', [
      traced('ok', {}),
      traced('bad', {}, [association()]),
    ])
    expect([status, body.results.length, body.errors[0].context.objectWriteTraceId]).toEqual([
      207,
      1,
      ['bad'],
    ])
  })
  it('gives a line item one parent', async () => {
    const order = sim.createRecord('orders', {})
    const deal = sim.createRecord('deals', { dealname: 'd' })
    const both = traced('both', { name: 'x' }, [link(order.id, 514), link(deal.id, 20)])
    const { status, body } = await batch('line_items', 'create', [
      traced('one', { name: 'x' }, [link(order.id, 514)]),
      both,
    ])
    expect([status, body.errors[0].message]).toEqual([207, expect.stringContaining('one parent')])
    const [{ id }] = body.results
    expect(
      (await batch('deals', 'create', [{ properties: { dealname: 'e' }, associations: [link(id, 19)] }]))
        .status,
    ).toBe(400)
    const shared = sim.createRecord('line_items', { name: 'y' })
    const claims = [traced('p', {}, [link(shared.id, 513)]), traced('q', {}, [link(shared.id, 513)])]
    expect((await batch('orders', 'create', claims)).body.errors[0].context.objectWriteTraceId).toEqual(['q'])
  })
})

describe('batch/read', () => {
  it('reads by id or unique property and lists the missing ones', async () => {
    const { id } = sim.createRecord('orders', { bridge_order_key: 'read:1', hs_tax: '2' })
    const inputs = [{ id: 'read:1' }, { id: 'read:2' }, { id: 'read:3' }]
    const { status, body } = await batch('orders', 'read', inputs, {
      idProperty: 'bridge_order_key',
      properties: ['hs_tax'],
    })
    expect([status, body.results[0].id, body.results[0].properties.hs_tax]).toEqual([207, id, '2'])
    expect(body.errors).toMatchObject([
      { category: 'OBJECT_NOT_FOUND', context: { ids: ['read:2', 'read:3'] } },
    ])
    expect((await batch('orders', 'read', [{ id }])).status).toBe(200)
  })
  it('cannot read by a property that is not unique, nor with associations', async () => {
    expect((await batch('orders', 'read', [{ id: '1' }], { idProperty: 'hs_order_name' })).status).toBe(400)
    expect((await batch('orders', 'read', [{ id: '1' }], { associations: ['contacts'] })).status).toBe(400)
  })
})

describe('batch/update', () => {
  it('answers 207 for unknown ids and writes the others', async () => {
    const { id } = sim.createRecord('orders', {})
    const { status, body } = await batch('orders', 'update', [
      { id, properties: { hs_tax: '3' }, objectWriteTraceId: 'known' },
      { id: '1', properties: { hs_tax: '3' }, objectWriteTraceId: 'unknown' },
    ])
    expect([status, body.results[0].objectWriteTraceId]).toEqual([207, 'known'])
    expect(body.errors[0]).toMatchObject({
      category: 'OBJECT_NOT_FOUND',
      context: { objectWriteTraceId: ['unknown'], ids: ['1'] },
    })
  })
  it('refuses the batch for one bad value without trace ids', async () => {
    const [a, b] = [sim.createRecord('orders', {}), sim.createRecord('orders', {})]
    const inputs = [
      { id: a.id, properties: { hs_tax: '5' } },
      { id: b.id, properties: { hs_tax: 'five' } },
    ]
    expect((await batch('orders', 'update', inputs)).status).toBe(400)
    expect(sim.get('orders', a.id)?.properties).not.toHaveProperty('hs_tax')
  })
})

describe('batch/upsert', () => {
  const row = (id: string, properties: object, idProperty = 'bridge_order_key') => ({
    id,
    idProperty,
    properties,
    objectWriteTraceId: id,
  })
  it('creates and updates and says which', async () => {
    sim.createRecord('orders', { bridge_order_key: 'up:1', hs_tax: '1' })
    const { status, body } = await batch('orders', 'upsert', [
      row('up:1', { hs_tax: '2' }),
      row('up:2', { hs_tax: '2' }),
    ])
    expect([status, body.results.map((one: { new: boolean }) => one.new)]).toEqual([200, [false, true]])
    const keys = sim.all('orders').map((order) => order.properties['bridge_order_key'])
    expect(keys.filter((key) => key?.startsWith('up:'))).toEqual(['up:1', 'up:2'])
  })
  it('takes no associations, no mixed and no plain idProperty', async () => {
    expect((await batch('orders', 'upsert', [{ ...row('u', {}), associations: [] }])).status).toBe(400)
    expect((await batch('orders', 'upsert', [row('u', {}), row('1', {}, 'hs_object_id')])).status).toBe(400)
    expect((await batch('orders', 'upsert', [row('u', {}, 'hs_order_name')])).status).toBe(400)
  })
  it('answers row by row with an own key, never with email', async () => {
    const own = await batch('contacts', 'upsert', [
      row('c:1', { firstname: 'A' }, 'bridge_contact_key'),
      row('c:2', { firstname: 'A', email: 'bad' }, 'bridge_contact_key'),
    ])
    expect([own.status, own.body.errors[0].context.objectWriteTraceId]).toEqual([207, ['c:2']])
    const byMail = await batch('contacts', 'upsert', [
      row('p1@example.com', { firstname: 'A' }, 'email'),
      row('p2@example.com', { lifecyclestage: 'x' }, 'email'),
    ])
    expect(byMail.status).toBe(400)
    expect(sim.all('contacts').map((contact) => contact.properties['email'])).not.toContain('p1@example.com')
  })
})

describe('batch/archive', () => {
  it('archives what is there', async () => {
    const { id } = sim.createRecord('orders', {})
    const { status, body } = await batch('orders', 'archive', [{ id }, { id: '1' }])
    expect([status, body, sim.get('orders', id)?.archived]).toEqual([204, undefined, true])
  })
})
