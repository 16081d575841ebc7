import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHubSpot, type HubSpotSimulator } from './index.ts'
import { link, O, send } from './test-client.ts'

let sim: HubSpotSimulator
beforeAll(async () => {
  sim = await startHubSpot({ limits: null })
})
afterAll(() => sim.close())

const contact = () => sim.createRecord('contacts', { firstname: 'A' }).id
const company = () => sim.createRecord('companies', { name: 'C' }).id
const order = () => sim.createRecord('orders', {}).id
const types = (...ids: number[]) => link('', ...ids).types
const A = '/crm/associations/2026-09'

describe('one association', () => {
  it('is written with the default type in both directions and removed again', async () => {
    const [from, to] = [order(), contact()]
    const put = await send(sim, 'PUT', `${O('orders')}/${from}/associations/default/contacts/${to}`)
    expect(put.status).toBe(200)
    expect(put.body.results.map((row: { associationSpec: object }) => row.associationSpec)).toEqual(
      types(507, 508),
    )
    const list = await send(sim, 'GET', `${O('contacts')}/${to}/associations/orders`)
    expect(list.body.results).toEqual([
      { toObjectId: from, associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 508 }] },
    ])
    expect((await send(sim, 'DELETE', `${O('orders')}/${from}/associations/contacts/${to}`)).status).toBe(204)
    expect(sim.associations('contacts', to)).toEqual([])
  })
  it('is refused for records and types that do not exist', async () => {
    const id = order()
    expect((await send(sim, 'PUT', `${O('orders')}/${id}/associations/default/contacts/1`)).status).toBe(404)
    expect(
      (await send(sim, 'PUT', `${O('orders')}/${id}/associations/contacts/${contact()}`, types(3))).status,
    ).toBe(400)
    const product = sim.createRecord('products', { name: 'p' }).id
    expect(
      (await send(sim, 'PUT', `${O('orders')}/${id}/associations/default/products/${product}`)).status,
    ).toBe(400)
  })
  it('keeps one primary company', async () => {
    const [person, first, second] = [contact(), company(), company()]
    for (const id of [first, second]) {
      const path = `${O('contacts')}/${person}/associations/companies/${id}`
      const put = await send(sim, 'PUT', path, types(1))
      expect([put.status, put.body.labels]).toEqual([201, ['Primary']])
    }
    expect(sim.associations('contacts', person)).toEqual([
      { objectType: 'companies', id: first, typeIds: [279] },
      { objectType: 'companies', id: second, typeIds: [1, 279] },
    ])
    expect(sim.associations('companies', first)).toEqual([
      { objectType: 'contacts', id: person, typeIds: [280] },
    ])
  })
  it('keeps one parent of a line item', async () => {
    const line = sim.createRecord('line_items', { name: 'x' }, [link(order(), 514)]).id
    const deal = sim.createRecord('deals', { dealname: 'd' }).id
    const put = await send(sim, 'PUT', `${O('deals')}/${deal}/associations/default/line_items/${line}`)
    expect([put.status, put.body.message]).toEqual([400, expect.stringContaining('one parent')])
  })
  it("comes with reads that ask for it, under HubSpot's key", async () => {
    const [id, firm] = [order(), company()]
    await send(sim, 'PUT', `${O('orders')}/${id}/associations/companies/${firm}`, types(509))
    const line = sim.createRecord('line_items', { name: 'x' }, [link(id, 514)]).id
    const { body } = await send(sim, 'GET', `${O('orders')}/${id}?associations=line_items,companies,contacts`)
    expect(body.associations).toEqual({
      'line items': { results: [{ id: line, type: 'order_to_line_item' }] },
      companies: {
        results: [
          { id: firm, type: 'order_to_company' },
          { id: firm, type: 'order_to_company_unlabeled' },
        ],
      },
    })
  })
  it('goes with an archived record and returns with a restored one', () => {
    const person = contact()
    const id = sim.createRecord('orders', {}, [link(person, 507)]).id
    sim.archive('orders', id)
    expect(sim.associations('contacts', person)).toEqual([])
    sim.restore('orders', id)
    expect(sim.associations('contacts', person)).toEqual([{ objectType: 'orders', id, typeIds: [508] }])
  })
  it("takes a quote's line items along, not an order's", () => {
    const quote = sim.createRecord('quotes', { hs_title: 'q' }).id
    const [ofQuote, ofOrder] = [link(quote, 68), link(order(), 514)].map(
      (parent) => sim.createRecord('line_items', { name: 'x' }, [parent]).id,
    )
    sim.archive('quotes', quote)
    expect(sim.get('line_items', ofQuote ?? '')?.archived).toBe(true)
    expect(sim.get('line_items', ofOrder ?? '')?.archived).toBe(false)
  })
})

describe('many associations', () => {
  it('are created, read and archived in batches', async () => {
    const [from, to] = [order(), contact()]
    const row = { from: { id: from }, to: { id: to }, types: types(507) }
    const made = await send(sim, 'POST', `${A}/orders/contacts/batch/create`, {
      inputs: [row, { ...row, to: { id: '1' } }],
    })
    expect([made.status, made.body.results.length]).toEqual([207, 1])
    expect(made.body.errors[0].context).toMatchObject({ fromObjectId: [from], toObjectId: ['1'] })
    const inputs = [{ id: from }, { id: order() }]
    const read = await send(sim, 'POST', `${A}/orders/contacts/batch/read`, { inputs })
    expect([read.status, read.body.results[0].to[0].toObjectId]).toEqual([207, to])
    const gone = await send(sim, 'POST', `${A}/orders/contacts/batch/archive`, {
      inputs: [{ from: { id: from }, to: [{ id: to }] }],
    })
    expect([gone.status, sim.associations('orders', from)]).toEqual([200, []])
    const plain = await send(sim, 'POST', '/crm/v4/associations/orders/contacts/batch/associate/default', {
      inputs: [{ from: { id: from }, to: { id: to } }],
    })
    expect([plain.status, plain.body.results.length]).toEqual([200, 2])
    const labels = await send(sim, 'POST', '/crm/v4/associations/orders/contacts/batch/labels/archive', {
      inputs: [row],
    })
    expect([labels.status, sim.associations('orders', from)]).toEqual([204, []])
  })
  it.each([
    ['create', 2_001],
    ['read', 1_001],
    ['archive', 101],
  ])('are refused over the limit of batch/%s', async (action, size) => {
    const inputs = Array.from({ length: size }, () => ({ id: '1' }))
    expect((await send(sim, 'POST', `${A}/orders/contacts/batch/${action}`, { inputs })).status).toBe(400)
  })
  it('can carry labels of a user', async () => {
    const labels = `${A}/orders/contacts/labels`
    const made = await send(sim, 'POST', labels, { name: 'buyer', label: 'Buyer', inverseLabel: 'Bought' })
    expect(made.body.results).toMatchObject([
      { category: 'USER_DEFINED', label: 'Buyer' },
      { label: 'Bought' },
    ])
    const all = await send(sim, 'GET', labels)
    expect(all.body.results.map((type: { typeId: number }) => type.typeId)).toContain(507)
    const id = made.body.results[0].typeId
    expect((await send(sim, 'DELETE', `${labels}/${id}`)).status).toBe(204)
    expect((await send(sim, 'DELETE', `${labels}/507`)).status).toBe(404)
  })
})
