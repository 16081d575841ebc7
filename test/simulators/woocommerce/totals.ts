import type { FeeLine, LineItem, Order, RateTax, ShippingLine, TaxLine } from './model.ts'
import { round } from './php.ts'
import { nextId, type Shop } from './state.ts'
import { rateCode, ratesFor, taxCountry, taxOnTop, type Taxes } from './tax.ts'

/** Prices include tax, so half a cent of tax rounds down (`WC_TAX_ROUNDING_MODE`). */
const roundTax = (shop: Shop, tax: number): number => round(tax, shop.decimals, 'down')
const sum = (amounts: Iterable<number>): number => {
  let total = 0
  for (const amount of amounts) total += amount
  return total
}

/**
 * `calculate_totals`: taxes per line, tax lines, shipping tax and the sums, each rounded as WooCommerce does it with
 * rounding per line. `itemId` numbers new tax lines, then new coupon lines.
 */
export function calculateTotals(
  shop: Shop,
  order: Order,
  itemId: () => number = () => nextId(shop, 'item'),
): void {
  const country = taxCountry(shop, order.billing)
  taxLineItems(shop, order, country)
  taxFees(shop, order.feeLines, country)
  taxShipping(shop, order, country)
  updateTaxLines(shop, order, itemId)
  for (const line of order.couponLines) line.id ||= itemId()

  const subtotal = sum(order.lines.map((line) => round(line.subtotal, shop.decimals)))
  const total = sum(order.lines.map((line) => round(line.total, shop.decimals)))
  const rawSubtotalTax = sum(order.lines.flatMap((line) => line.taxes.map((tax) => tax.subtotal ?? 0)))
  const rawTotalTax = sum(order.lines.flatMap((line) => line.taxes.map((tax) => tax.total)))
  order.discountTotal = round(subtotal - total, shop.decimals)
  order.discountTax = roundTax(shop, rawSubtotalTax - rawTotalTax)
  order.shippingTotal = sum(order.shippingLines.map((line) => round(line.total, shop.decimals)))
  order.shippingTax = round(sum(order.taxLines.map((line) => line.shippingTax)), shop.decimals)
  order.cartTax = round(sum(order.taxLines.map((line) => line.tax)), shop.decimals)
  const fees = sum(order.feeLines.map((line) => line.total))
  order.total = round(total + fees + order.shippingTotal + order.cartTax + order.shippingTax, shop.decimals)
}

const stored = (taxes: Taxes, subtotals: Taxes | null): RateTax[] =>
  [...taxes].map(([id, total]) => ({
    id,
    total: round(total, 6),
    subtotal: subtotals ? round(subtotals.get(id) ?? 0, 6) : null,
  }))

function taxLineItems(shop: Shop, order: Order, country: string): void {
  for (const line of order.lines) {
    const rates = isTaxable(shop, line) ? ratesFor(shop, country, line.taxClass) : []
    line.taxes = stored(taxOnTop(line.total, rates), taxOnTop(line.subtotal, rates))
    line.totalTax = sum(line.taxes.map((tax) => roundTax(shop, tax.total)))
    line.subtotalTax = sum(line.taxes.map((tax) => roundTax(shop, tax.subtotal ?? 0)))
  }
}

function isTaxable(shop: Shop, line: LineItem): boolean {
  const product = shop.products.get(line.variationId || line.productId)
  return !product || product.taxStatus === 'taxable'
}

function taxFees(shop: Shop, fees: FeeLine[], country: string): void {
  for (const fee of fees) {
    const rates = fee.taxStatus === 'taxable' ? ratesFor(shop, country, fee.taxClass) : []
    fee.taxes = stored(taxOnTop(fee.total, rates), null)
    fee.totalTax = sum(fee.taxes.map((tax) => roundTax(shop, tax.total)))
  }
}

/** Shipping inherits the first class, in the shop's order, that any line has; without lines it bears no tax. */
function taxShipping(shop: Shop, order: Order, country: string): void {
  const used = new Set(order.lines.map((line) => line.taxClass))
  const classes = ['', ...shop.taxClasses.map((one) => one.slug).filter((slug) => slug !== 'standard')]
  const inherited = classes.find((one) => used.has(one))
  const rates =
    inherited === undefined ? [] : ratesFor(shop, country, inherited).filter((rate) => rate.shipping)
  for (const line of order.shippingLines) taxShippingLine(shop, line, rates)
}

function taxShippingLine(shop: Shop, line: ShippingLine, rates: Parameters<typeof taxOnTop>[1]): void {
  line.taxes = stored(taxOnTop(line.total, line.taxStatus === 'none' ? [] : rates), null)
  line.totalTax = sum(line.taxes.map((tax) => roundTax(shop, tax.total)))
}

/** One tax line per rate in use. A line that exists keeps its id; new ones come in the order the rates turn up. */
function updateTaxLines(shop: Shop, order: Order, itemId: () => number): void {
  const cart = new Map<number, number>()
  const shipping = new Map<number, number>()
  const add = (to: Map<number, number>, taxes: RateTax[]): void => {
    for (const tax of taxes) to.set(tax.id, (to.get(tax.id) ?? 0) + roundTax(shop, tax.total))
  }
  for (const line of order.lines) add(cart, line.taxes)
  for (const fee of order.feeLines) add(cart, fee.taxes)
  for (const line of order.shippingLines) add(shipping, line.taxes)

  const wanted = new Set([...cart.keys(), ...shipping.keys()])
  const kept = order.taxLines.filter((line) => wanted.has(line.rateId))
  const known = new Set(kept.map((line) => line.rateId))
  const added = [...wanted].filter((id) => !known.has(id)).map((id) => newTaxLine(shop, id, itemId()))
  order.taxLines = [...kept, ...added]
  for (const line of order.taxLines) {
    line.tax = round(cart.get(line.rateId) ?? 0, shop.decimals)
    line.shippingTax = round(shipping.get(line.rateId) ?? 0, shop.decimals)
  }
}

export function newTaxLine(shop: Shop, rateId: number, id: number): TaxLine {
  const rate = shop.taxRates.get(rateId)
  return {
    id,
    rateId,
    rateCode: rate ? rateCode(rate) : '',
    label: rate?.name || 'Tax',
    compound: rate?.compound ?? false,
    percent: rate?.rate ?? 0,
    tax: 0,
    shippingTax: 0,
  }
}
