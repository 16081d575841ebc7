import { add, isZero, subtract, type Amount } from './money.ts'
import type { Order, OrderTotals } from './order.ts'

/** Parts of the totals that a source tells; the rest follows from them. */
export type GivenTotals = Omit<OrderTotals, 'rounding' | 'remaining'>

/** Completes totals: `rounding` takes exactly what is missing to `total`, `remaining` is total − refunded. */
export function completeTotals(given: GivenTotals): OrderTotals {
  const computed = add(given.lines, given.shipping, given.fees, subtract('0', given.discount), given.tax)
  return {
    ...given,
    rounding: subtract(given.total, computed),
    remaining: subtract(given.total, given.refunded),
  }
}

/** What lines + shipping + fees − discount + tax + rounding lack to the total: "0" for a sound order. */
export function totalsGap(order: Pick<Order, 'totals'>): Amount {
  const t = order.totals
  const computed = add(t.lines, t.shipping, t.fees, subtract('0', t.discount), t.tax, t.rounding)
  return subtract(t.total, computed)
}

/** True when the order's sums agree to the last digit. */
export const totalsAgree = (order: Pick<Order, 'totals'>): boolean => isZero(totalsGap(order))
