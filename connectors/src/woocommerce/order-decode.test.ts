import { describe, expect, it } from 'vitest'
import { Order, totalsAgree } from '@crosswalk/shared/model'
import { NativeOrder } from './native.ts'
import { decodeOrder } from './order-decode.ts'
import { orders } from './orders.ts'
import { isObject } from './rest.ts'
import { contextOf, drive, recordings, recordedDeliveries, reply } from './test-drive.ts'

const context = contextOf({ hpos: true, currency: 'EUR', adminUrl: 'https://shop.example.test/wp-admin' })

const isOrder = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && typeof value['order_key'] === 'string' && Array.isArray(value['line_items'])

/** Every whole order in the recordings: single answers, lists, batches and deliveries. */
const recorded = [
  ...recordings().flatMap(({ file, note, response: { body } }) => {
    const batch = isObject(body)
      ? [body['create'], body['update']].flatMap((list) => (Array.isArray(list) ? list : []))
      : []
    const list: unknown[] = Array.isArray(body) ? body : [body, ...batch]
    return list
      .filter(isOrder)
      .map((order) => ({ name: `${file} ${note ?? ''} #${String(order['id'])}`, order }))
  }),
  ...recordedDeliveries()
    .filter((one) => one.bodyText.startsWith('{'))
    .map((one) => ({ name: one.file, order: JSON.parse(one.bodyText) as unknown }))
    .filter((one): one is { name: string; order: Record<string, unknown> } => isOrder(one.order)),
]

const named = (file: string, index = 0) => {
  const order = recorded.filter((one) => one.name.startsWith(file))[index]?.order
  return decodeOrder(NativeOrder.parse(order), context)
}

describe('every recorded order', () => {
  it('is among the cases', () => expect(recorded.length).toBeGreaterThan(15))
  it.each(recorded)('$name decodes to a canonical order whose totals agree', ({ order }) => {
    const decoded = decodeOrder(NativeOrder.parse(order), context)
    expect(Order.safeParse(decoded).error).toBeUndefined()
    expect(totalsAgree(decoded)).toBe(true)
    expect(decoded.totals.total).toBe(order['total'])
    expect(Math.abs(Number(decoded.totals.rounding))).toBeLessThanOrEqual(0.02)
    expect(JSON.stringify(decoded)).not.toContain('customer_ip_address')
  })
})

describe('the full order', () => {
  const order = named('order-full')
  it('has lines before and after discount, with rates from the tax lines', () => {
    expect(
      order.lines.map((line) => [line.sku, line.quantity, line.net, line.discount, line.tax, line.taxRate]),
    ).toEqual([
      ['BEAN-ESP-1KG', '2', '27.99', '3.11', '2.52', '9'],
      ['BEAN-HOUSE-250-W', '1', '5.74', '0.64', '0.52', '9'],
      ['PAPER-100', '3', '7.81', '0.87', '1.64', '21'],
    ])
    expect(order.lines[0]).toMatchObject({
      unitNet: '15.55',
      unitGross: '16.95',
      gross: '30.51',
      variantId: null,
    })
    expect(order.lines[1]).toMatchObject({ productId: '13', variantId: '14', taxClass: 'reduced-rate' })
  })
  it('shows the chosen options and hides internal meta', () => {
    expect(order.lines[1]?.options).toEqual([
      { name: 'Size', value: '250 g' },
      { name: 'Grind', value: 'Whole bean' },
      { name: 'Gift wrap', value: 'yes' },
    ])
    expect(order.lines[0]?.options).toEqual([])
  })
  it('keeps sums exact and names what rounding left', () => {
    expect(order.totals).toEqual({
      lines: '46.16', shipping: '4.95', shippingTax: '1.04', fees: '2.5', discount: '4.62', discountTax: '0.52',
      tax: '6.24', rounding: '0', total: '55.23', refunded: '0', remaining: '55.23',
    }) // prettier-ignore
    expect(order.taxes).toEqual([
      { rate: '9', name: 'BTW 9%', code: 'NL-BTW 9%-1', amount: '3.04', base: '33.73' },
      { rate: '21', name: 'BTW 21%', code: 'NL-BTW 21%-1', amount: '3.2', base: '15.26' },
    ])
  })
  it('has UTC times, the buyer, the payment and custom fields by name', () => {
    expect(order).toMatchObject({
      createdAt: '2026-11-21T20:43:03Z',
      url: 'https://shop.example.test/wp-admin/admin.php?page=wc-orders&action=edit&id=26',
      status: { canonical: 'processing', source: 'processing', name: 'Processing' },
      payment: {
        status: 'paid',
        method: 'bacs',
        methodName: 'Bank transfer',
        paidAt: '2026-11-21T20:43:03Z',
      },
      customer: {
        customerId: '2',
        guest: false,
        company: 'Proefbedrijf BV',
        email: 'noor.testman@example.test',
      },
      billing: { streetName: 'Kerkstraat', houseNumber: '12', country: 'NL' },
      discounts: [{ code: 'welcome10', amount: '4.61', tax: '0.52' }],
      shippingLines: [{ kind: 'shipping', code: 'flat_rate', name: 'PostNL', net: '4.95', taxRate: '21' }],
      native: { meta: { bridge_external_id: 'POS-7001' } },
    })
  })
})

describe('refunds', () => {
  const parent = recorded.find(
    (one) => one.name.startsWith('order-refunds') && one.name.includes('Parent order'),
  )?.order
  const list = recordings('order-refunds.json')[2]?.response.body
  it('in short form give positive totals', () => {
    const order = decodeOrder(NativeOrder.parse(parent), context)
    expect(order.totals).toMatchObject({ total: '45.19', refunded: '25.25', remaining: '19.94' })
    expect(order.payment.status).toBe('partially_refunded')
    expect(order.refunds.map((refund) => [refund.total, refund.lines.length])).toEqual([
      ['10.00', 0],
      ['15.25', 0],
    ])
  })
  it('are read in full, with lines pointing at the order’s, where a flow needs them', () => {
    const calls: string[] = []
    const read = drive(orders.many(['26'], contextOf(), ['refund_lines']), (call) => {
      calls.push(call.path)
      return reply(call.path.endsWith('/refunds') ? list : [parent])
    })
    expect(calls).toEqual(['/wp-json/wc/v3/orders', '/wp-json/wc/v3/orders/26/refunds'])
    const order = decodeOrder(NativeOrder.parse(read[0]), context)
    expect(Order.safeParse(order).error).toBeUndefined()
    expect(order.refunds[1]).toEqual({
      id: '30', createdAt: '2026-11-21T20:43:05Z', reason: 'One bag returned', total: '15.25', tax: '1.26',
      lines: [{ lineId: '1', sku: 'BEAN-ESP-1KG', quantity: '1', net: '13.99', tax: '1.26' }],
    }) // prettier-ignore
    expect(order.refunds[0]).toMatchObject({ total: '10.00', tax: '0', lines: [] })
  })
})

describe('odd orders', () => {
  const base = NativeOrder.parse(recorded.find((one) => one.name.startsWith('order-full'))?.order)
  const decode = (more: object) => decodeOrder(NativeOrder.parse({ ...base, ...more }), context)
  it('of guests have no customer id', () => {
    expect(named('order-guest').customer).toMatchObject({ guest: true, customerId: null })
  })
  it('in the trash are deleted, of a plugin’s status other, under the shop’s own name', () => {
    expect(decode({ status: 'trash' }).status.canonical).toBe('deleted')
    const names = contextOf({ orderStatuses: { 'picked-up': 'Picked up' } })
    const order = decodeOrder({ ...base, status: 'picked-up' }, names)
    expect(order.status).toEqual({ canonical: 'other', source: 'picked-up', name: 'Picked up' })
    expect(decode({ status: 'constructor' }).status).toEqual({
      canonical: 'other',
      source: 'constructor',
      name: 'constructor',
    })
  })
  it('without order tables are edited as posts', () => {
    expect(decodeOrder(base, contextOf({ hpos: false })).url).toBe(
      'https://shop.example.test/wp-admin/post.php?post=26&action=edit',
    )
  })
  it('have their names decoded once', () => {
    const line = { ...base.line_items?.[0], id: 1, name: 'Salt &amp; Pepper &amp;amp; AT&T' }
    expect(decode({ line_items: [line] }).lines[0]?.name).toBe('Salt & Pepper &amp; AT&T')
  })
  it('find the VAT number under the first key that holds one', () => {
    const meta_data = [
      { key: '_billing_vat', value: '' },
      { key: 'vat_number', value: ' nl 0012.345.67 b01 ' },
      { key: '__proto__', value: 'x' },
    ]
    expect(decode({ meta_data }).customer.vatId).toBe('NL001234567B01')
    const own = contextOf({}, { vatMetaKeys: ['my_vat'] })
    expect(decodeOrder({ ...base, meta_data: [{ key: 'my_vat', value: 'BE1' }] }, own).customer.vatId).toBe(
      'BE1',
    )
  })
  it('stay whole with empty, missing and numeric amounts and fractions of pieces', () => {
    const odd = {
      id: 9,
      name: 'Cheese',
      quantity: 0.25,
      subtotal: '',
      total: 3.1,
      total_tax: '',
      taxes: null,
    }
    const order = decode({
      line_items: [odd],
      fee_lines: undefined,
      tax_lines: undefined,
      total: 8.05,
      total_tax: '0',
    })
    expect(Order.safeParse(order).error).toBeUndefined()
    expect(totalsAgree(order)).toBe(true)
    expect(order.lines[0]).toMatchObject({ quantity: '0.25', net: '3.1', unitNet: '12.4', taxRate: '0' })
  })
  it('with several rates on a line add them up, and with compound ones tell none', () => {
    const tax_lines = [
      { rate_id: 5, rate_percent: 5, label: 'GST', tax_total: '5' },
      { rate_id: 6, rate_percent: 9.975, label: 'QST', tax_total: '9.98' },
    ]
    const taxes = [
      { id: 5, total: '5' },
      { id: 6, total: '9.98' },
      { id: 7, total: '' },
    ]
    const line = { id: 1, total: '100', subtotal: '100', total_tax: '14.98', taxes }
    expect(decode({ line_items: [line], tax_lines }).lines[0]?.taxRate).toBe('14.975')
    const compound = tax_lines.map((one) => ({ ...one, compound: one.rate_id === 6 }))
    expect(decode({ line_items: [line], tax_lines: compound }).lines[0]?.taxRate).toBeNull()
  })
  it('are unchanged when only what changes by itself did', () => {
    const print = (more: object): string => JSON.stringify(orders.fingerprint?.({ ...base, ...more }))
    expect(print({ date_modified_gmt: '2027-01-01T00:00:00', is_editable: true })).toBe(print({}))
    expect(print({ status: 'completed' })).not.toBe(print({}))
  })
})

describe('the shape of an order', () => {
  const shape = (total: unknown) =>
    orders.native?.safeParse({ id: 1, status: 'x', currency: 'EUR', total }).success
  it.each(['', null, undefined, '12.50', 12.5, '1e3', '0'])('takes %s for a total', (total) =>
    expect(shape(total)).toBe(true),
  )
  it.each(['9'.repeat(40), '1e400', 1e25, 'abc', 'Infinity', {}])(
    'does not take %s, which would count as 0',
    (total) => expect(shape(total)).toBe(false),
  )
})

describe('orders by id', () => {
  it('are looked for in the trash too, 100 a call; what is nowhere is missing', () => {
    const asked: Record<string, string>[] = []
    const found = drive(
      orders.many(
        ['1', '2', 'x', '3', ...Array.from({ length: 100 }, (_, i) => String(i + 100))],
        contextOf(),
        [],
      ),
      (call) => {
        asked.push(call.query ?? {})
        const ids = (call.query?.['include'] ?? '').split(',')
        const has = call.query?.['status'] === 'trash' ? ['2'] : ['1']
        return reply(ids.filter((id) => has.includes(id)).map((id) => ({ id: Number(id), status: 'x' })))
      },
    )
    expect(found.map((one) => one.id).sort()).toEqual([1, 2])
    expect(asked.map((query) => query['status'])).toEqual(['any', 'any', 'trash', 'trash'])
    expect(asked[0]?.['include']?.split(',')).toHaveLength(100)
  })
  it('come with the shop’s statuses, from the report where the shop is old', () => {
    const list = drive(orders.statuses!(contextOf()), (call) =>
      call.path.endsWith('/orders/statuses')
        ? reply({ code: 'rest_no_route' }, 404)
        : reply([
            { slug: 'on-hold', name: 'On hold', total: 3 },
            { slug: 'own', name: 'Own &amp; odd' },
          ]),
    )
    expect(list).toEqual([
      { value: 'on-hold', label: 'On hold', canonical: 'on_hold' },
      { value: 'own', label: 'Own & odd', canonical: 'other' },
    ])
  })
})
