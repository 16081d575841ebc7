import { add, divide, isZero, type OrderLine, subtract, type TaxShare } from '@crosswalk/shared/model'
import {
  amount,
  amountOrNull,
  metaMap,
  type NativeLine,
  type NativeMeta,
  type NativeOrder,
  type NativeTaxLine,
} from './native.ts'
import { idOrNull, plain, plainFromHtml } from './text.ts'

/** Tax lines of an order by rate id. */
export type Rates = ReadonlyMap<string, NativeTaxLine>

export const ratesOf = (order: NativeOrder): Rates =>
  new Map((order.tax_lines ?? []).map((line) => [String(line.rate_id), line]))

/** Rate ids that apply to a line; an empty total says that the rate is another line's. */
const appliedRates = (line: NativeLine): string[] =>
  (line.taxes ?? []).filter((tax) => tax.total !== '' && tax.total !== null).map((tax) => String(tax.id))

/**
 * The line's rate in percent. Several rates add up unless one compounds on the others: then null, as where the shop is
 * too old to tell percentages. A line without tax has "0".
 */
function rateOf(line: NativeLine, rates: Rates): string | null {
  const applied = appliedRates(line)
  if (applied.length === 0) return isZero(amount(line.total_tax)) ? '0' : null
  const percents: string[] = []
  for (const id of applied) {
    const rate = rates.get(id)
    const percent = amountOrNull(rate?.rate_percent)
    if (percent === null || (rate?.compound === true && applied.length > 1)) return null
    percents.push(percent)
  }
  return percents.length === 1 ? (percents[0] ?? null) : add(...percents)
}

/** WooCommerce's own name for its standard class is the empty text. */
export const taxClassOf = (value: unknown): string => plain(value) || 'standard'

const perUnit = (sum: string, quantity: string): string =>
  quantity === '1' || isZero(quantity) ? sum : divide(sum, quantity)

/** Options a customer sees: meta with a display name that is not hidden by a leading underscore. */
function optionsOf(meta: readonly NativeMeta[] | undefined): OrderLine['options'] {
  const options: OrderLine['options'] = []
  for (const one of meta ?? []) {
    const shown = one.display_key ?? one.key
    if (typeof shown !== 'string' || shown.startsWith('_') || String(one.key).startsWith('_')) continue
    const value = plainFromHtml(one.display_value ?? one.value)
    if (value !== '') options.push({ name: plain(shown), value })
  }
  return options
}

const withMeta = (line: NativeLine): Record<string, unknown> => ({ ...line, meta: metaMap(line.meta_data) })

/** A product line. `subtotal` is before coupons, `total` after, both without tax. */
export function productLine(line: NativeLine, rates: Rates): OrderLine {
  const quantity = amount(line.quantity)
  const net = amount(line.total)
  const tax = amount(line.total_tax)
  const before = amountOrNull(line.subtotal) ?? net
  const beforeTax = amountOrNull(line.subtotal_tax) ?? tax
  return {
    id: String(line.id),
    kind: 'product',
    name: plain(line.name),
    sku: plain(line.sku),
    gtin: plain(line.global_unique_id),
    productId: idOrNull(line.product_id),
    variantId: idOrNull(line.variation_id),
    quantity,
    unitNet: perUnit(before, quantity),
    unitGross: perUnit(add(before, beforeTax), quantity),
    discount: before === net ? '0' : subtract(before, net),
    net,
    tax,
    gross: add(net, tax),
    taxRate: rateOf(line, rates),
    taxClass: taxClassOf(line.tax_class),
    options: optionsOf(line.meta_data),
    code: '',
    native: withMeta(line),
  }
}

/** A shipping or fee line; these have no discounts. */
export function otherLine(kind: 'shipping' | 'fee', line: NativeLine, rates: Rates): OrderLine {
  const net = amount(line.total)
  const tax = amount(line.total_tax)
  const gross = add(net, tax)
  return {
    id: String(line.id),
    kind,
    name: plain(kind === 'shipping' ? line.method_title : line.name),
    sku: '',
    gtin: '',
    productId: null,
    variantId: null,
    quantity: '1',
    unitNet: net,
    unitGross: gross,
    discount: '0',
    net,
    tax,
    gross,
    taxRate: rateOf(line, rates),
    taxClass: kind === 'fee' ? taxClassOf(line.tax_class) : '',
    options: kind === 'shipping' ? [] : optionsOf(line.meta_data),
    code: kind === 'shipping' ? plain(line.method_id) : '',
    native: withMeta(line),
  }
}

/** One share per tax line; its base is the sum of the lines the rate applies to. */
export function taxShares(order: NativeOrder): TaxShare[] {
  const bases = new Map<string, string[]>()
  for (const list of [order.line_items, order.shipping_lines, order.fee_lines]) {
    for (const line of list ?? []) {
      for (const id of appliedRates(line)) {
        const base = bases.get(id)
        if (base === undefined) bases.set(id, [amount(line.total)])
        else base.push(amount(line.total))
      }
    }
  }
  return (order.tax_lines ?? []).map((line) => {
    const base = bases.get(String(line.rate_id))
    return {
      rate: amountOrNull(line.rate_percent),
      name: plain(line.label),
      code: plain(line.rate_code),
      amount: add(amount(line.tax_total), amount(line.shipping_tax_total)),
      base: base === undefined ? null : add(...base),
    }
  })
}
