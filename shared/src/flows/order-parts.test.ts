import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, isZero, subtract } from '../model/money.ts'
import { Order, OrderLine, type Order as OrderRecord } from '../model/order.ts'
import { OrderSettings } from './order.ts'
import { documentLines } from './order-lines.ts'
import { companyWanted, contactWanted, statusWanted } from './order-parts.ts'
import { sampleLine, sampleOrder } from './sample-order.ts'

const settings = (changes: Partial<OrderSettings> = {}): OrderSettings => OrderSettings.parse(changes)
const guest = (changes: Partial<OrderRecord['customer']> = {}): OrderRecord => {
  const order = sampleOrder()
  return { ...order, customer: { ...order.customer, guest: true, customerId: null, ...changes } }
}
const grossOf = (lines: readonly OrderLine[]): string => add(...lines.map((line) => line.gross))

describe('statusWanted', () => {
  const withStatus = (canonical: OrderRecord['status']['canonical'], source: string, name = '') =>
    sampleOrder({ status: { canonical, source, name } })

  it('takes every order but drafts where no status is chosen', () => {
    expect(statusWanted(sampleOrder(), settings())).toBeNull()
    expect(statusWanted(withStatus('cancelled', 'cancelled'), settings())).toBeNull()
    expect(statusWanted(withStatus('draft', 'checkout-draft'), settings())).toBe('Status filter: the order is a draft or an unfinished checkout (status "checkout-draft").') // prettier-ignore
  })

  it('takes only the chosen statuses of the source', () => {
    const paid = settings({ statuses: ['processing', 'completed'] })
    expect(statusWanted(sampleOrder(), paid)).toBeNull()
    expect(statusWanted(withStatus('pending', 'pending', 'Pending payment'), paid)).toBe('Status filter: the order\'s status is "Pending payment" (pending); the statuses that count are processing, completed.') // prettier-ignore
    expect(statusWanted(withStatus('draft', 'draft'), settings({ statuses: ['draft'] }))).toBeNull()
  })

  it('takes orders from the start date on', () => {
    expect(statusWanted(sampleOrder(), settings({ startDate: '2026-05-02' }))).toBe('Start date: the order was made on 2026-05-01T22:30:00Z, before 2026-05-02.') // prettier-ignore
    expect(statusWanted(sampleOrder(), settings({ startDate: '2026-05-01' }))).toBeNull()
    expect(statusWanted(sampleOrder(), settings({ startDate: '2026-05-01T22:30:00Z' }))).toBeNull()
    expect(statusWanted(sampleOrder(), settings({ startDate: '2026-05-01T22:30:00.001Z' }))).not.toBeNull()
    expect(statusWanted(sampleOrder({ createdAt: null }), settings({ startDate: '2026-05-02' }))).toBeNull()
  })

  it('skips guests and what the filter keeps out, and names the value', () => {
    expect(statusWanted(guest(), settings({ guests: 'skip_order' }))).toBe('Guests: the buyer has no account, and orders of guests are skipped.') // prettier-ignore
    expect(statusWanted(sampleOrder(), settings({ guests: 'skip_order' }))).toBeNull()
    const filter = { greater: { path: ['totals', 'total'], value: 100 } }
    expect(statusWanted(sampleOrder(), settings({ filter }))).toBe('Custom filter: totals.total is "30.25"; wanted: totals.total is more than 100.') // prettier-ignore
    const store = { equals: { path: ['flow', 'store'], value: 'B' } }
    expect(statusWanted(sampleOrder(), settings({ filter: store }), { flow: { store: 'B' } })).toBeNull()
  })
})

describe('contactWanted', () => {
  it('is the buyer by their e-mail address', () => {
    expect(contactWanted(sampleOrder(), settings())).toEqual({ email: 'jo@example.com', of: 'buyer', create: true, update: true }) // prettier-ignore
    expect(contactWanted(sampleOrder(), settings({ customers: 'create' }))).toMatchObject({ create: true, update: false }) // prettier-ignore
    expect(contactWanted(sampleOrder(), settings({ customers: 'link_only' }))).toMatchObject({ create: false, update: false }) // prettier-ignore
    expect(contactWanted(sampleOrder(), settings({ customers: 'off' }))).toBeNull()
  })

  it('follows the guest policy', () => {
    expect(contactWanted(guest(), settings())).toMatchObject({ of: 'buyer' })
    expect(contactWanted(guest(), settings({ guests: 'without_contact' }))).toBeNull()
    const standIn = settings({ guests: 'default_contact', defaultContact: 'Web@Example.com' })
    expect(contactWanted(guest(), standIn)).toEqual({ email: 'web@example.com', of: 'default', create: true, update: false }) // prettier-ignore
    expect(contactWanted(sampleOrder(), standIn)).toMatchObject({ email: 'jo@example.com' })
  })

  it('falls back to the billing address, the stand-in, or none', () => {
    const order = guest({ email: null })
    expect(contactWanted(order, settings())).toMatchObject({ email: 'jo@example.com' })
    const nobody = { ...order, billing: { ...order.billing, email: 'none' }, customer: { ...order.customer, guest: false } } // prettier-ignore
    expect(contactWanted(nobody, settings())).toBeNull()
    expect(contactWanted(nobody, settings({ guests: 'default_contact', defaultContact: 'web@example.com' }))).toMatchObject({ of: 'default' }) // prettier-ignore
  })
})

describe('companyWanted', () => {
  const business = sampleOrder({
    customer: { ...sampleOrder().customer, company: ' Acme B.V. ', vatId: 'NL1' },
  })

  it('is the company the buyer names', () => {
    expect(companyWanted(business, settings())).toEqual({
      name: 'Acme B.V.', vatId: 'NL1', country: 'NL', matchBy: ['key', 'domain'], create: true, update: true,
    }) // prettier-ignore
    expect(companyWanted(sampleOrder(), settings())).toBeNull()
    const billing = { ...sampleOrder().billing, company: 'Acme' }
    expect(companyWanted(sampleOrder({ billing }), settings())).toMatchObject({ name: 'Acme' })
  })

  it('is none where that is set', () => {
    expect(companyWanted(business, settings({ company: 'never' }))).toBeNull()
    expect(companyWanted(business, settings({ customers: 'off' }))).toBeNull()
    expect(companyWanted(business, settings({ customers: 'link_only' }))).toMatchObject({ create: false })
    const hidden = { ...business, customer: { ...business.customer, guest: true } }
    expect(companyWanted(hidden, settings({ guests: 'without_contact' }))).toBeNull()
    expect(companyWanted(hidden, settings())).toMatchObject({ name: 'Acme B.V.' })
  })
})

describe('documentLines', () => {
  it('are the products, and shipping and fees where they are told as lines', () => {
    const fee = sampleLine({ id: '12', kind: 'fee', name: 'Gift wrap' })
    const order = sampleOrder({ fees: [fee] })
    const kinds = (changes: Partial<OrderSettings>) => documentLines(order, settings(changes)).map((line) => line.kind)
    expect(kinds({})).toEqual(['product'])
    expect(kinds({ shippingAs: 'line' })).toEqual(['product', 'shipping'])
    expect(kinds({ feesAs: 'line', shippingAs: 'line' })).toEqual(['product', 'shipping', 'fee'])
    expect(order.lines).toHaveLength(1)
  }) // prettier-ignore

  it('keep discounts as a share, or show lines before them', () => {
    const line = sampleLine({ discount: '5', net: '15', tax: '3.15', gross: '18.15' })
    const order = sampleOrder({ lines: [line] })
    expect(documentLines(order, settings())).toEqual([line])
    expect(documentLines(order, settings({ discountsAs: 'property' }))).toEqual([{ ...line, discount: '0', net: '20', tax: '4.2', gross: '24.2' }]) // prettier-ignore
    const free = sampleLine({ discount: '20', net: '0', tax: '0', gross: '0' })
    expect(documentLines(sampleOrder({ lines: [free] }), settings({ discountsAs: 'property' }))[0]).toMatchObject({ net: '20', tax: '4.2' }) // prettier-ignore
    const plain = sampleLine()
    expect(documentLines(sampleOrder({ lines: [plain] }), settings({ discountsAs: 'property' }))).toEqual([
      plain,
    ])
  })

  it('have a rounding line only where the total needs it', () => {
    const order = sampleOrder()
    expect(documentLines(order, settings({ roundingLine: true }))).toHaveLength(1)
    const rounded = { ...order, totals: { ...order.totals, rounding: '-0.01' } }
    expect(documentLines(rounded, settings({ roundingLine: true })).at(-1)).toMatchObject({ id: 'rounding', kind: 'fee', net: '-0.01', gross: '-0.01', tax: '0' }) // prettier-ignore
    expect(documentLines(rounded, settings())).toHaveLength(1)
  })

  const refund = {
    id: '5', createdAt: null, reason: 'Broken', total: '14.10', tax: '2.10',
    lines: [{ lineId: '1', sku: 'COF-250', quantity: '1', net: '10', tax: '2.10' }],
  } // prettier-ignore

  it('tell refunds as negative lines that add up to the refund', () => {
    const lines = documentLines(sampleOrder({ refunds: [refund] }), settings({ refundsAs: 'negative_line' })).slice(1)
    expect(lines).toMatchObject([
      { id: 'refund:5:0', name: 'Refund: Coffee beans', sku: 'COF-250', quantity: '-1', unitNet: '10', net: '-10', tax: '-2.1', gross: '-12.1' },
      { id: 'refund:5:rest', name: 'Refund: Broken', quantity: '-1', net: '-2', tax: '0', gross: '-2' },
    ])
    expect(documentLines(sampleOrder({ refunds: [refund] }), settings())).toHaveLength(1)
  }) // prettier-ignore

  it('tell a refund of money alone as one line', () => {
    const money = {
      ...refund,
      reason: '',
      lines: [{ lineId: null, sku: '', quantity: '0', net: '12', tax: '2.10' }],
    }
    const lines = documentLines(
      sampleOrder({ refunds: [money] }),
      settings({ refundsAs: 'negative_line' }),
    ).slice(1)
    expect(lines).toMatchObject([
      { id: 'refund:5:0', name: 'Refund: part of the order', quantity: '-1', net: '-12' },
    ])
  })

  it('add up to the total, whole and valid, whatever is refunded and rounded', () => {
    const cents = fc.integer({ min: 0, max: 100_000 }).map((n) => (n / 100).toFixed(2))
    const parts = fc.array(fc.record({ lineId: fc.constantFrom('1', '9', 'x', null), sku: fc.constant('s'), quantity: fc.constantFrom('0', '1', '3', '0.5'), net: cents, tax: cents }), { maxLength: 3 })
    const all = settings({ shippingAs: 'line', feesAs: 'line', refundsAs: 'negative_line', roundingLine: true })
    fc.assert(
      fc.property(parts, cents, cents, cents, (lines, restNet, restTax, rounding) => {
        const tax = add(restTax, ...lines.map((line) => line.tax))
        const total = add(restNet, tax, ...lines.map((line) => line.net))
        const base = sampleOrder()
        const order = { ...base, refunds: [{ id: '7', createdAt: null, reason: '', total, tax, lines }], totals: { ...base.totals, rounding, total: add('30.25', rounding) } }
        expect(Order.safeParse(order).success).toBe(true)
        const made = documentLines(order, all)
        for (const line of made) expect(OrderLine.safeParse(line).error).toBeUndefined()
        expect(isZero(subtract(grossOf(made), subtract(order.totals.total, total)))).toBe(true)
        expect(new Set(made.map((line) => `${line.kind}:${line.id}`)).size).toBe(made.length)
      }),
    )
  }) // prettier-ignore
})
