import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleOrder } from '../flows/sample-order.ts'
import { Order } from './order.ts'
import { completeTotals, totalsAgree, totalsGap } from './order-totals.ts'

const cents = fc.integer({ min: -10_000_000, max: 10_000_000 }).map((n) => (n / 100).toFixed(2))

describe('totals', () => {
  it('put what the source rounded away into rounding', () => {
    const totals = completeTotals({
      lines: '10', shipping: '2', shippingTax: '0.42', fees: '0', discount: '1', discountTax: '0.21', tax: '2.31',
      total: '13.30', refunded: '3.30',
    }) // prettier-ignore
    expect(totals.rounding).toBe('-0.01')
    expect(totals.remaining).toBe('10')
    expect(totalsAgree({ totals })).toBe(true)
  })

  it('always agree after completion', () => {
    fc.assert(
      fc.property(fc.array(cents, { minLength: 9, maxLength: 9 }), (given) => {
        const [lines, shipping, shippingTax, fees, discount, discountTax, tax, total, refunded] = given as [
          string, string, string, string, string, string, string, string, string,
        ] // prettier-ignore
        const totals = completeTotals({ lines, shipping, shippingTax, fees, discount, discountTax, tax, total, refunded }) // prettier-ignore
        expect(totalsGap({ totals })).toBe('0')
      }),
    )
  })

  it('tell a gap', () => {
    const order = sampleOrder()
    expect(totalsAgree(order)).toBe(true)
    expect(totalsGap({ totals: { ...order.totals, total: '30.26' } })).toBe('0.01')
    expect(Order.safeParse(order).success).toBe(true)
  })
})
