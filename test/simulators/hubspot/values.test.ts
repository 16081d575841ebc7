import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHubSpot, type HubSpotSimulator } from './index.ts'
import { link, O, send, uniqueProperty } from './test-client.ts'

let sim: HubSpotSimulator
beforeAll(async () => {
  sim = await startHubSpot({ limits: null })
  await uniqueProperty(sim, 'orders', 'bridge_order_key')
})
afterAll(() => sim.close())

const create = (object: string, properties: Record<string, unknown>) =>
  send(sim, 'POST', O(object), { properties })

describe('refused values', () => {
  const cases: [string, string, Record<string, unknown>, string, string][] = [
    ['an unknown property', 'orders', { nope: '1' }, 'nope', 'PROPERTY_DOESNT_EXIST'],
    ['a read-only property', 'orders', { hs_object_id: '1' }, 'hs_object_id', 'READ_ONLY_VALUE'],
    ['a calculated property', 'line_items', { name: 'x', amount: '1' }, 'amount', 'READ_ONLY_VALUE'],
    ['a bad number', 'orders', { hs_total_price: '12,50' }, 'hs_total_price', 'INVALID_INTEGER'],
    ['a bad datetime', 'orders', { hs_processed_date: 'yesterday' }, 'hs_processed_date', 'INVALID_LONG'],
    [
      'a day that does not exist',
      'orders',
      { hs_processed_date: '2026-02-30' },
      'hs_processed_date',
      'INVALID_LONG',
    ],
    [
      'a date that is not midnight',
      'line_items',
      { hs_recurring_billing_start_date: '2026-01-01T10:00:00Z' },
      'hs_recurring_billing_start_date',
      'INVALID_DATE',
    ],
    [
      'an option that does not exist',
      'contacts',
      { email: 'o@example.com', lifecyclestage: 'Lead' },
      'lifecyclestage',
      'INVALID_OPTION',
    ],
    [
      'a bad boolean',
      'invoices',
      { hs_currency: 'EUR', hs_invoice_billable: 'no' },
      'hs_invoice_billable',
      'INVALID_OPTION',
    ],
    ['an unknown owner', 'orders', { hubspot_owner_id: '1' }, 'hubspot_owner_id', 'INVALID_OWNER_ID'],
    ['a bad e-mail address', 'contacts', { email: 'nobody' }, 'email', 'INVALID_EMAIL'],
    ['a negative product price', 'products', { name: 'x', price: '-1' }, 'price', 'INVALID_NUMBER'],
    ['a negative line item price', 'line_items', { name: 'x', price: '-0.01' }, 'price', 'INVALID_NUMBER'],
    [
      'a currency the account lacks',
      'deals',
      { dealname: 'd', deal_currency_code: 'JPY' },
      'deal_currency_code',
      'INVALID_OPTION',
    ],
    ['an unknown deal stage', 'deals', { dealname: 'd', dealstage: 'won' }, 'dealstage', 'INVALID_OPTION'],
    ['an unknown deal pipeline', 'deals', { dealname: 'd', pipeline: 'x' }, 'pipeline', 'INVALID_OPTION'],
    [
      'an unknown order stage',
      'orders',
      { hs_pipeline_stage: 'open' },
      'hs_pipeline_stage',
      'INVALID_OPTION',
    ],
    [
      'a text over 65,536 characters',
      'orders',
      { hs_order_name: 'x'.repeat(65_537) },
      'hs_order_name',
      'VALUE_TOO_LONG',
    ],
    ['a contact without a name or address', 'contacts', { city: 'Ghent' }, 'email', 'REQUIRED_PROPERTY'],
    ['a company without a name or domain', 'companies', { city: 'Ghent' }, 'name', 'REQUIRED_PROPERTY'],
    ['an invoice without a currency', 'invoices', { hs_comments: 'x' }, 'hs_currency', 'REQUIRED_PROPERTY'],
  ]
  it.each(cases)('refuses %s', async (_, object, properties, name, code) => {
    const { status, body } = await create(object, properties)
    expect([status, body.category]).toEqual([400, 'VALIDATION_ERROR'])
    expect(body.errors[0]).toMatchObject({ code, context: { propertyName: [name] } })
    expect(body.message).toMatch(/^Property values were not valid: /)
  })
  it('refuses values that are objects', async () => {
    expect((await create('orders', { hs_order_name: { a: 1 } })).status).toBe(400)
  })
  it('opens an invoice only with a contact and a line item, unless it is not billable', async () => {
    const { body } = await create('invoices', { hs_currency: 'EUR' })
    const open = { properties: { hs_invoice_status: 'open' } }
    const path = `${O('invoices')}/${body.id}`
    expect((await send(sim, 'PATCH', path, open)).status).toBe(400)
    const contact = sim.createRecord('contacts', { email: 'invoice@example.com' })
    sim.createRecord('line_items', { name: 'x', price: '1' }, [link(body.id, 410)])
    await send(sim, 'PUT', `${path}/associations/default/contacts/${contact.id}`)
    expect((await send(sim, 'PATCH', path, open)).status).toBe(200)
    expect((await send(sim, 'PATCH', path, { properties: { hs_invoice_status: 'paid' } })).status).toBe(400)
    const mirror = sim.createRecord('invoices', { hs_currency: 'EUR', hs_invoice_billable: 'false' })
    expect((await send(sim, 'PATCH', `${O('invoices')}/${mirror.id}`, open)).status).toBe(200)
  })
})

describe('unique values', () => {
  it('answers 409 with the holder for a contact that is there, whatever the case', async () => {
    const { body } = await create('contacts', { email: 'twice@example.com' })
    const again = await create('contacts', { email: 'Twice@Example.com' })
    expect(again.status).toBe(409)
    expect(again.body).toMatchObject({
      status: 'error',
      category: 'CONFLICT',
      message: `Contact already exists. Existing ID: ${body.id}`,
    })
  })
  it('answers 400 naming the holder second for other unique values', async () => {
    const { body } = await create('orders', { bridge_order_key: 'woo:1' })
    const again = await create('orders', { bridge_order_key: 'woo:1' })
    expect(again.status).toBe(400)
    expect(again.body.message).toMatch(
      new RegExp(
        String.raw`^Cannot set PropertyValueCoordinates\{portalId=42, objectTypeId=ObjectTypeId\{legacyObjectType=ORDER\}, ` +
          String.raw`propertyName=bridge_order_key, value=woo:1\} on \d+\. ${body.id} already has that value\.$`,
      ),
    )
  })
  it('takes that form for an address moved to another contact', async () => {
    const first = await create('contacts', { email: 'holder@example.com' })
    const second = await create('contacts', { email: 'mover@example.com' })
    const patch = await send(sim, 'PATCH', `${O('contacts')}/${second.body.id}`, {
      properties: { email: 'holder@example.com' },
    })
    expect([patch.status, patch.body.message]).toEqual([
      400,
      expect.stringContaining(`. ${first.body.id} already has`),
    ])
  })
  it('keeps product SKUs unique, line item SKUs and external order ids not', async () => {
    const product = { name: 'P', hs_sku: 'SKU-1' }
    expect((await create('products', product)).status).toBe(201)
    expect((await create('products', product)).status).toBe(400)
    for (const object of ['line_items', 'line_items'])
      expect((await create(object, product)).status).toBe(201)
    for (const object of ['orders', 'orders']) {
      expect((await create(object, { hs_external_order_id: '7' })).status).toBe(201)
    }
  })
  it('makes external order ids unique where the account is so', async () => {
    const strict = await startHubSpot({ limits: null, uniqueExternalOrderId: true })
    const order = { properties: { hs_external_order_id: '7' } }
    const statuses = [
      await send(strict, 'POST', O('orders'), order),
      await send(strict, 'POST', O('orders'), order),
    ]
    const property = await send(strict, 'GET', '/crm/properties/2026-09/orders/hs_external_order_id')
    await strict.close()
    expect(statuses.map((answer) => answer.status)).toEqual([201, 400])
    expect(property.body.hasUniqueValue).toBe(true)
  })
})
