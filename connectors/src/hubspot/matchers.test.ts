import { describe, expect, it } from 'vitest'
import type { Call } from '../sdk/index.ts'
import { objects } from './objects.ts'
import { searchBatches } from './search.ts'
import { lead, reply, testContext } from './test-replies.ts'

const found = (id: string, properties: object) => ({ id, properties })
const fact = { label: 'x', type: 'string', group: '' }

describe('finding by a unique key', () => {
  const context = testContext({ unique: { orders: true, products: true } })

  it('reads a batch by the key property; missing ones are simply not there', () => {
    const matcher = objects.orders.byKey(context)
    const { result, calls } = lead(matcher.find(['woo:1', 'woo:2', 'woo:1'], ['hs_tax'], context), () =>
      reply(207, {
        results: [found('9', { crosswalk_key: 'woo:2', hs_tax: '1.50' })],
        errors: [{ status: 'error', category: 'OBJECT_NOT_FOUND', context: { ids: ['woo:1'] } }],
      }),
    )
    expect(matcher).toMatchObject({ max: 100, lagMs: 0 })
    expect(calls).toEqual([
      {
        method: 'POST',
        path: '/crm/objects/2026-09/orders/batch/read',
        body: {
          idProperty: 'crosswalk_key',
          inputs: [{ id: 'woo:1' }, { id: 'woo:2' }],
          properties: ['crosswalk_key', 'hs_tax'],
        },
        accept: [404],
        repeatable: true,
      },
    ])
    expect(result).toEqual([{ key: 'woo:2', id: '9', values: { hs_tax: '1.50' } }])
  })

  it('finds nothing where all are missing', () => {
    const read = lead(objects.orders.byKey(context).find(['woo:1'], [], context), () => reply(404, {}))
    expect(read.result).toEqual([])
  })

  it('knows a contact by an address it got in a merge', () => {
    const merged = testContext({ properties: { contacts: { email: fact, hs_additional_emails: fact } } })
    const { result } = lead(
      objects.contacts.byKey(merged).find(['old@example.com', 'no@example.com'], [], merged),
      () =>
        reply(207, {
          results: [
            found('7', { email: 'New@example.com', hs_additional_emails: 'Old@example.com;x@example.com' }),
          ],
        }),
    )
    expect(result).toEqual([{ key: 'old@example.com', id: '7', values: {} }])
  })
})

describe('finding by search', () => {
  it('serves keys that are not unique, with the lag it has', () => {
    const context = testContext({ unique: { products: false } })
    expect(objects.products.byKey(context)).toMatchObject({ id: 'hs_sku', lagMs: 5000 })
    expect(objects.products.keyIs(context)).toEqual({ unique: false, ours: false })
  })

  it('asks in lower case, keeps only the same SKU, and tells of several all, the oldest first', () => {
    const context = testContext({ unique: { products: false } })
    const { result, calls } = lead(objects.products.byKey(context).find(['Tea-1'], [], context), () =>
      reply(200, {
        total: 3,
        results: [
          found('12', { hs_sku: 'Tea-1' }),
          found('9', { hs_sku: 'Tea-1' }),
          found('3', { hs_sku: 'TEA-1' }),
        ],
      }),
    )
    expect(calls[0]).toMatchObject({
      path: '/crm/objects/2026-09/products/search',
      window: 'search',
      body: { filterGroups: [{ filters: [{ propertyName: 'hs_sku', operator: 'IN', values: ['tea-1'] }] }] },
    })
    expect(result.map(({ key, id }) => [key, id])).toEqual([
      ['Tea-1', '9'],
      ['Tea-1', '12'],
    ])
  })

  it('matches a domain in any case, follows pages, and reads other fields by id', () => {
    const context = testContext()
    const domain = objects.companies.matchers['domain']
    const answer = (call: Call) => {
      if (call.path.endsWith('/batch/read')) return reply(200, { results: [found('5', { name: 'Acme' })] })
      const after = (call.body as { after?: string }).after
      return after === undefined
        ? reply(200, { results: [], paging: { next: { after: '200' } } })
        : reply(200, { results: [found('5', { domain: 'Acme.example.com' })] })
    }
    const { result, calls } = lead(domain!.find(['acme.example.com'], ['name'], context), answer)
    expect(calls.map(({ path }) => path.split('/').pop())).toEqual(['search', 'search', 'read'])
    expect(result).toEqual([{ key: 'acme.example.com', id: '5', values: { name: 'Acme' } }])
  })

  it('keeps every body within 3,000 characters and loses no value', () => {
    const values = Array.from(
      { length: 100 },
      (_, i) => `woocommerce:shop-with-a-long-name.example.com:${i}:"é`,
    )
    const batches = searchBatches('crosswalk_key', values)
    expect(batches.flat()).toEqual(values)
    expect(batches.length).toBeGreaterThan(1)
    const { calls } = lead(
      objects.orders.byKey(testContext({ unique: {} })).find(values, [], testContext()),
      () => reply(200, { results: [] }),
    )
    for (const call of calls) expect(JSON.stringify(call.body).length).toBeLessThanOrEqual(3000)
    expect(searchBatches('name', ['x'.repeat(4000)])).toEqual([])
  })
})

describe('finding by phone number', () => {
  const context = testContext()
  const phone = objects.contacts.matchers['phone']

  it('only proposes, and knows a number in the spellings people use', () => {
    expect(phone?.hint).toBe(true)
    const { result, calls } = lead(phone!.find(['+31 20 123 45 67', '12'], [], context), () =>
      reply(200, {
        results: [
          found('7', { phone: '020-1234567' }),
          found('8', { phone: '0031201234567' }),
          found('9', { phone: '+31 20 765 43 21' }),
        ],
      }),
    )
    expect(calls[0]?.body).toMatchObject({
      filterGroups: [
        { filters: [{ propertyName: 'phone', values: ['+31 20 123 45 67', '+31201234567', '31201234567'] }] },
      ],
    })
    expect(result.map(({ key, id }) => [key, id])).toEqual([
      ['+31 20 123 45 67', '7'],
      ['+31 20 123 45 67', '8'],
    ])
    expect(lead(phone!.find(['12'], [], context), () => reply(500, {})).calls).toEqual([])
  })
})

describe('a record shown to people who choose', () => {
  it('is one line of what it has', () => {
    const { fields, label } = objects.contacts.shown!
    expect(fields).toContain('email')
    expect(label({ firstname: 'Anna', lastname: 'Jansen', email: 'anna@example.com', phone: null })).toBe(
      'Anna Jansen · anna@example.com',
    )
    expect(label({})).toBe('')
    expect(
      objects.companies.shown?.url('5', testContext({ portalId: 42, uiDomain: 'app.hubspot.com' })),
    ).toBe('https://app.hubspot.com/contacts/42/record/0-2/5')
  })
})

describe('keys of an account that lacks the property', () => {
  const context = testContext({ properties: { orders: { hs_order_name: fact } } })
  it('are none', () => {
    expect(objects.orders.keyField(context)).toBeNull()
    const { result, calls } = lead(objects.orders.byKey(context).find(['woo:1'], [], context), () =>
      reply(500, {}),
    )
    expect([result, calls]).toEqual([[], []])
  })
})
