import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { manualClock } from '../clock.ts'
import { startHubSpot, type HubSpotSimulator } from './index.ts'
import { link, O, send, uniqueProperty } from './test-client.ts'

const clock = manualClock(Date.parse('2026-11-21T20:00:00Z'))
let sim: HubSpotSimulator
beforeAll(async () => {
  sim = await startHubSpot({ limits: null, clock })
  await uniqueProperty(sim, 'orders', 'bridge_order_key')
})
afterAll(() => sim.close())

const create = (object: string, properties: Record<string, unknown>, associations?: unknown[]) =>
  send(sim, 'POST', O(object), { properties, associations })

describe('object names and versions', () => {
  it('takes plural, singular and type id, dated versions and the v3 alias', async () => {
    for (const path of [
      '/crm/objects/2026-09/orders',
      '/crm/objects/2026-03/order',
      '/crm/v3/objects/0-123',
    ]) {
      expect((await send(sim, 'GET', path)).status, path).toBe(200)
    }
  })
  it('answers 404 to an unknown route and 400 to an unknown object', async () => {
    for (const path of [
      '/crm/objekts/2026-09/orders',
      '/crm/objects/orders',
      '/nothing',
      '/crm/v3/objects/orders/1/2/3',
    ]) {
      expect((await send(sim, 'GET', path)).status, path).toBe(404)
    }
    const wrong = await send(sim, 'GET', O('widgets'))
    expect([wrong.status, wrong.body.message]).toEqual([400, 'Unable to infer object type from: widgets'])
  })
  it('refuses a body that is no JSON, and one that is not declared as JSON', async () => {
    const headers = { authorization: 'Bearer pat-eu1-simulator', 'content-type': 'application/json' }
    const broken = await fetch(sim.url + O('contacts'), { method: 'POST', headers, body: '{' })
    expect(broken.status).toBe(400)
    const typed = { ...headers, 'content-type': 'text/plain' }
    expect(
      (await fetch(sim.url + O('contacts'), { method: 'POST', headers: typed, body: '{}' })).status,
    ).toBe(415)
  })
})

describe('single create, read, update, delete', () => {
  it('keeps values as strings and sets id, dates and source', async () => {
    const made = await create('contacts', { email: ' New@Example.com ', firstname: 'A' })
    expect(made.status).toBe(201)
    expect(made.body.properties).toMatchObject({
      email: 'new@example.com',
      hs_object_id: made.body.id,
      createdate: '2026-11-21T20:00:00.000Z',
      lastmodifieddate: '2026-11-21T20:00:00.000Z',
      hs_object_source: 'INTEGRATION',
    })
    const order = await create('orders', { hs_order_name: '#1', hs_total_price: 12.5 })
    expect(order.body.properties.hs_total_price).toBe('12.5')
    const read = await send(
      sim,
      'GET',
      `${O('orders')}/${order.body.id}?properties=hs_tax,hs_total_price,unknown_one`,
    )
    expect(read.body.properties).toEqual({
      hs_tax: null,
      hs_total_price: '12.5',
      hs_object_id: order.body.id,
      hs_createdate: '2026-11-21T20:00:00.000Z',
      hs_lastmodifieddate: '2026-11-21T20:00:00.000Z',
    })
  })
  it('clears a value with an empty string and answers with what was written only', async () => {
    const { body } = await create('contacts', { email: 'clear@example.com', firstname: 'A', lastname: 'B' })
    const patched = await send(sim, 'PATCH', `${O('contacts')}/${body.id}`, { properties: { lastname: '' } })
    expect(patched.body.properties).toMatchObject({ lastname: null })
    expect(patched.body.properties).not.toHaveProperty('firstname')
    expect(sim.get('contacts', body.id)?.properties).not.toHaveProperty('lastname')
  })
  it('gives the history that is asked for, newest first', async () => {
    const { body } = await create('contacts', { email: 'history@example.com', firstname: 'Old' })
    clock.advance(1_000)
    await send(sim, 'PATCH', `${O('contacts')}/${body.id}`, { properties: { firstname: 'New' } })
    const read = await send(sim, 'GET', `${O('contacts')}/${body.id}?propertiesWithHistory=firstname`)
    expect(read.body.propertiesWithHistory.firstname.map((entry: { value: string }) => entry.value)).toEqual([
      'New',
      'Old',
    ])
  })
  it('pages lists by id, at most 100', async () => {
    for (let index = 0; index < 3; index += 1) await create('carts', { hs_cart_name: `c${index}` })
    const first = await send(sim, 'GET', `${O('carts')}?limit=2`)
    expect(first.body.results).toHaveLength(2)
    const next = await fetch(first.body.paging.next.link, {
      headers: { authorization: 'Bearer pat-eu1-simulator' },
    })
    const second = (await next.json()) as { results: unknown[]; paging?: unknown }
    expect([second.results.length, second.paging]).toEqual([1, undefined])
    expect((await send(sim, 'GET', `${O('carts')}?limit=101`)).status).toBe(400)
  })
  it('answers 404 for unknown and archived records and frees archived unique values', async () => {
    const { body } = await create('contacts', { email: 'gone@example.com' })
    const path = `${O('contacts')}/${body.id}`
    expect((await send(sim, 'DELETE', path)).status).toBe(204)
    const lost = await send(sim, 'GET', path)
    expect([lost.status, lost.body.category]).toEqual([404, 'OBJECT_NOT_FOUND'])
    expect((await send(sim, 'PATCH', path, { properties: { firstname: 'x' } })).status).toBe(404)
    expect((await send(sim, 'GET', `${path}?archived=true`)).body.archived).toBe(true)
    expect((await create('contacts', { email: 'gone@example.com' })).status).toBe(201)
    expect(() => sim.restore('contacts', body.id)).toThrow(/already has that value/)
  })
  it('reads and updates by a unique property and refuses others', async () => {
    const { body } = await create('orders', { bridge_order_key: 'woo:by-key' })
    const path = `${O('orders')}/woo:by-key`
    expect((await send(sim, 'GET', `${path}?idProperty=bridge_order_key`)).body.id).toBe(body.id)
    const patch = { properties: { hs_tax: '1' } }
    expect((await send(sim, 'PATCH', `${path}?idProperty=bridge_order_key`, patch)).status).toBe(200)
    expect((await send(sim, 'GET', `${path}?idProperty=hs_external_order_id`)).status).toBe(400)
  })
})

describe('what HubSpot computes', () => {
  it('computes a line item from its product and prices', async () => {
    const product = sim.createRecord('products', { name: 'Mug', price: '10', hs_sku: 'MUG' })
    const line = sim.createRecord('line_items', { hs_product_id: product.id, quantity: '3', discount: '0.1' })
    expect(line.properties).toMatchObject({
      name: 'Mug',
      hs_sku: 'MUG',
      hs_pre_discount_amount: '30',
      amount: '29.7',
    })
  })
  it('knows closed deals and the first order stage', () => {
    const deal = sim.createRecord('deals', { dealname: 'd', dealstage: 'closedwon' })
    expect(deal.properties).toMatchObject({
      pipeline: 'default',
      hs_is_closed: 'true',
      hs_is_closed_won: 'true',
    })
    expect(sim.createRecord('orders', {}).properties['hs_pipeline_stage']).toBe(
      '4b27b500-f031-4927-9811-68a0b525cbae',
    )
  })
})

describe('merge and privacy delete', () => {
  it('lets both old ids lead to a survivor with another id', async () => {
    const [a, b] = [
      sim.createRecord('contacts', { email: 'm1@example.com' }),
      sim.createRecord('contacts', { email: 'm2@example.com', city: 'Ghent' }),
    ]
    const order = sim.createRecord('orders', {}, [link(b.id, 507)])
    const merged = await send(sim, 'POST', `${O('contacts')}/merge`, {
      primaryObjectId: a.id,
      objectIdToMerge: b.id,
    })
    expect(merged.status).toBe(200)
    expect([a.id, b.id]).not.toContain(merged.body.id)
    for (const id of [a.id, b.id]) {
      const read = await send(sim, 'GET', `${O('contacts')}/${id}?properties=email,city`)
      expect([read.body.id, read.body.properties.email, read.body.properties.city]).toEqual([
        merged.body.id,
        'm1@example.com',
        'Ghent',
      ])
    }
    expect(sim.associations('orders', order.id)).toEqual([
      { objectType: 'contacts', id: merged.body.id, typeIds: [507] },
    ])
    expect((await create('contacts', { email: 'm2@example.com' })).body.message).toContain(merged.body.id)
  })
  it('refuses to merge products', async () => {
    const [a, b] = [sim.createRecord('products', { name: 'a' }), sim.createRecord('products', { name: 'b' })]
    const body = { primaryObjectId: a.id, objectIdToMerge: b.id }
    expect((await send(sim, 'POST', `${O('products')}/merge`, body)).status).toBe(400)
  })
  it('erases a contact for good', async () => {
    const contact = sim.createRecord('contacts', { email: 'erase@example.com' })
    const body = { objectId: 'erase@example.com', idProperty: 'email' }
    expect((await send(sim, 'POST', `${O('contacts')}/gdpr-delete`, body)).status).toBe(204)
    expect(sim.get('contacts', contact.id)).toBeNull()
    expect((await send(sim, 'POST', `${O('contacts')}/gdpr-delete`, body)).status).toBe(404)
  })
})
