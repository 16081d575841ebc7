import type { Product } from './model.ts'
import { number, round } from './php.ts'
import { now, type Shop } from './state.ts'
import { netPrice } from './tax.ts'

/** Whether the sale price is in effect at this moment. */
export function onSale(shop: Shop, product: Product): boolean {
  if (product.salePrice === '' || number(product.salePrice) >= number(product.regularPrice)) return false
  const moment = now(shop)
  return (product.saleFrom ?? -Infinity) <= moment && moment <= (product.saleTo ?? Infinity)
}

export const variationsOf = (shop: Shop, parent: Product): Product[] =>
  [...shop.products.values()].filter((one) => one.parentId === parent.id && one.status !== 'trash')

/** Price in effect as the shop's own text, empty where there is none. A variable product shows its lowest. */
export function priceOf(shop: Shop, product: Product): string {
  if (product.type === 'variable') return lowest(shop, product)
  return onSale(shop, product) ? product.salePrice : product.regularPrice
}

function lowest(shop: Shop, parent: Product): string {
  const prices = variationsOf(shop, parent)
    .map((one) => priceOf(shop, one))
    .filter((price) => price !== '')
  return prices.sort((a, b) => number(a) - number(b))[0] ?? ''
}

const shown = (amount: number): string => {
  const [whole = '0', cents = '00'] = round(amount, 2).toFixed(2).split('.')
  return `${whole.replace(/\B(?=(\d{3})+$)/g, '.')},${cents}`
}

const tag = (amount: number, hidden = ''): string =>
  `<span class="woocommerce-Price-amount amount"${hidden}><bdi>` +
  `<span class="woocommerce-Price-currencySymbol">&euro;</span>&nbsp;${shown(amount)}</bdi></span>`

const spoken = (text: string): string => `<span class="screen-reader-text">${text}</span>`

/** The price as the shop front shows it: without tax, though prices are entered with it. */
export function priceHtml(shop: Shop, product: Product): string {
  const net = (price: string): number =>
    netPrice(shop, number(price), 1, product.taxStatus === 'taxable', taxClassOf(shop, product))
  if (product.type === 'variable') return rangeHtml(shop, product, net)
  const price = priceOf(shop, product)
  if (price === '') return ''
  if (!onSale(shop, product)) return tag(net(price))
  const [before, after] = [net(product.regularPrice), net(price)]
  return (
    `<del aria-hidden="true">${tag(before)}</del> ${spoken(`Original price was: &euro;&nbsp;${shown(before)}.`)}` +
    `<ins aria-hidden="true">${tag(after)}</ins>${spoken(`Current price is: &euro;&nbsp;${shown(after)}.`)}`
  )
}

function rangeHtml(shop: Shop, parent: Product, net: (price: string) => number): string {
  const prices = variationsOf(shop, parent)
    .map((one) => priceOf(shop, one))
    .filter((price) => price !== '')
    .map(net)
    .sort((a, b) => a - b)
  const [low, high] = [prices[0], prices.at(-1)]
  if (low === undefined || high === undefined) return ''
  if (low === high) return tag(low)
  const hidden = ' aria-hidden="true"'
  const range = spoken(`Price range: &euro;&nbsp;${shown(low)} through &euro;&nbsp;${shown(high)}`)
  return `${tag(low, hidden)} <span aria-hidden="true">&ndash;</span> ${tag(high, hidden)}${range}`
}

/** A variation without a SKU goes by its parent's, in lists and on lines of orders alike. */
export const skuOf = (shop: Shop, product: Product): string =>
  product.sku === '' && product.type === 'variation'
    ? (shop.products.get(product.parentId)?.sku ?? '')
    : product.sku

/** A variation's class `parent` stands for the class of its parent. */
export function taxClassOf(shop: Shop, product: Product): string {
  if (product.taxClass !== 'parent') return product.taxClass
  return shop.products.get(product.parentId)?.taxClass ?? ''
}

/** The product whose stock counts: the parent of a variation that does not count itself, else the product. */
export function stockHolder(shop: Shop, product: Product): Product | null {
  if (product.manageStock) return product
  const parent = shop.products.get(product.parentId)
  return parent?.manageStock ? parent : null
}
