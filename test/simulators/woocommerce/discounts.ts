import type { Coupon, CouponLine, LineItem, Order } from './model.ts'
import { round } from './php.ts'
import { nextId, type Shop } from './state.ts'
import { ratesFor, sumOf, taxCountry, taxInside } from './tax.ts'

/**
 * Applies a coupon to the lines of an order as `WC_Discounts` does for prices that include tax: in whole cents of the
 * gross price, rounded down per line, the rest of the rounding spread over the lines from the first on.
 * Knows `percent`, `fixed_cart` and `fixed_product`. Adds the coupon line,
 * which gets its id with the next totals.
 */
export function applyCoupon(
  shop: Shop,
  order: Order,
  coupon: Coupon,
  metaId: () => number = () => nextId(shop, 'meta'),
): void {
  const country = taxCountry(shop, order.billing)
  const rates = (line: LineItem) => ratesFor(shop, country, line.taxClass)
  const gross = order.lines.map((line) => grossCents(line, sumOf(taxOf(line, rates(line)))))
  const cents = discountCents(coupon, gross, order.lines)
  let discount = 0
  let discountTax = 0
  for (const [index, line] of order.lines.entries()) {
    const amount = (cents[index] ?? 0) / 100
    const tax = sumOf(taxInside(amount, rates(line)))
    line.total = Math.max(0, round(line.total - (amount - tax), 6))
    const roundedTax = round(tax, 2, 'down')
    discount += amount - roundedTax
    discountTax += roundedTax
  }
  order.couponLines.push(couponLine(coupon, round(discount, 2), round(discountTax, 2), metaId()))
}

const taxOf = (line: LineItem, rates: ReturnType<typeof ratesFor>) =>
  new Map(rates.map((rate) => [rate.id, (line.subtotal * rate.rate) / 100]))

const grossCents = (line: LineItem, tax: number): number => round((line.subtotal + tax) * 100)

function discountCents(coupon: Coupon, gross: number[], lines: LineItem[]): number[] {
  const whole = gross.reduce((sum, amount) => sum + amount, 0)
  if (coupon.type === 'percent') {
    const each = gross.map((amount) => Math.floor(round((amount * coupon.amount) / 100, 6)))
    return spread(each, round((whole * coupon.amount) / 100, 0, 'down'), gross)
  }
  if (coupon.type === 'fixed_product') {
    return gross.map((amount, index) =>
      Math.min(amount, round(coupon.amount * 100) * (lines[index]?.quantity ?? 0)),
    )
  }
  const wanted = Math.min(whole, round(coupon.amount * 100))
  const each = gross.map((amount) => (whole === 0 ? 0 : Math.floor((amount * wanted) / whole)))
  return spread(each, wanted, gross)
}

/** Gives the cents still missing, one by one, to the lines that can take them. */
function spread(each: number[], wanted: number, limits: number[]): number[] {
  let missing = wanted - each.reduce((sum, amount) => sum + amount, 0)
  const result = [...each]
  for (let index = 0; index < result.length && missing > 0; index++) {
    if ((result[index] as number) < (limits[index] as number)) {
      result[index] = (result[index] as number) + 1
      missing -= 1
    }
  }
  return result
}

function couponLine(coupon: Coupon, discount: number, discountTax: number, metaId: number): CouponLine {
  return {
    id: 0,
    couponId: coupon.id,
    code: coupon.code,
    type: coupon.type,
    amount: coupon.amount,
    freeShipping: coupon.freeShipping,
    discount,
    discountTax,
    metaId,
  }
}
