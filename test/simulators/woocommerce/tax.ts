import type { Address, TaxRate } from './model.ts'
import type { Shop } from './state.ts'

/** Tax amount per rate id, in the order the rates apply. */
export type Taxes = Map<number, number>

/** WooCommerce's name of the standard class is the empty string on products and lines, `standard` in the rates. */
const classOf = (taxClass: string): string => (taxClass === '' ? 'standard' : taxClass)

/** Rates that hold for a class at a country; one per priority, as WooCommerce picks them. */
export function ratesFor(shop: Shop, country: string, taxClass: string): TaxRate[] {
  const wanted = classOf(taxClass)
  const picked = new Map<number, TaxRate>()
  for (const rate of shop.taxRates.values()) {
    if (rate.class !== wanted || (rate.country !== '' && rate.country !== country)) continue
    const held = picked.get(rate.priority)
    if (!held || (held.country === '' && rate.country !== '')) picked.set(rate.priority, rate)
  }
  return [...picked.values()].sort((a, b) => a.priority - b.priority)
}

/** Tax on top of a net amount. */
export function taxOnTop(net: number, rates: TaxRate[]): Taxes {
  const taxes: Taxes = new Map()
  let sum = 0
  for (const rate of rates) {
    const tax = ((rate.compound ? net + sum : net) * rate.rate) / 100
    taxes.set(rate.id, tax)
    sum += tax
  }
  return taxes
}

/** Tax inside a gross amount. Compound rates are taken off first, as in `WC_Tax::calc_inclusive_tax`. */
export function taxInside(gross: number, rates: TaxRate[]): Taxes {
  const taxes: Taxes = new Map(rates.map((rate) => [rate.id, 0]))
  let rest = gross
  for (const rate of [...rates].reverse().filter((one) => one.compound)) {
    const tax = rest - rest / (1 + rate.rate / 100)
    taxes.set(rate.id, tax)
    rest -= tax
  }
  const regular = rates.filter((one) => !one.compound)
  const percent = regular.reduce((sum, rate) => sum + rate.rate, 0)
  for (const rate of regular) taxes.set(rate.id, (rest * rate.rate) / (100 + percent))
  return taxes
}

export const sumOf = (taxes: Taxes): number => [...taxes.values()].reduce((sum, tax) => sum + tax, 0)

/** Country that decides the tax of an order: the billing address, else the shop's base. */
export const taxCountry = (shop: Shop, billing: Address): string => billing.country || shop.country

/** Net price of `quantity` pieces; what is inside is always the tax of the shop's base. */
export function netPrice(
  shop: Shop,
  price: number,
  quantity: number,
  taxable: boolean,
  taxClass: string,
): number {
  const gross = price * quantity
  return taxable ? gross - sumOf(taxInside(gross, ratesFor(shop, shop.country, taxClass))) : gross
}

/** Code of a rate as tax lines carry it, e.g. `NL-BTW 21%-1`. */
export const rateCode = (rate: TaxRate): string =>
  [rate.country, rate.state, rate.name, String(rate.priority)].filter((part) => part !== '').join('-')
