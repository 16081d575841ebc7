import type { SimClock } from '../clock.ts'
import type { SiteTime } from './dates.ts'
import type { Attribute, Coupon, Customer, Note, Product, TaxRate, Taxonomy, Term, Webhook } from './model.ts'
import { createOrderStore, type OrderStore } from './order-store.ts'
import { seededRandom, slugOf, type Json } from './php.ts'

/** Something that happened to a resource, as webhook topics name it. */
export interface ShopEvent {
  resource: 'order' | 'product' | 'customer' | 'coupon'
  event: 'created' | 'updated' | 'deleted' | 'restored'
  id: number
}

export interface ApiKey {
  key: string
  secret: string
  permissions: 'read' | 'write' | 'read_write'
}

/** Everything a shop holds. All parts of the simulator work on one of these. */
export interface Shop {
  clock: SimClock
  /** Home URL without a trailing slash. */
  url: string
  site: SiteTime
  plainPermalinks: boolean
  random: () => number
  currency: string
  /** Decimals of prices and sums, as the shop is set (`woocommerce_price_num_decimals`). */
  decimals: number
  /** Country of the shop's base address. */
  country: string
  version: string
  wordpressVersion: string
  keys: ApiKey[]
  orders: OrderStore
  products: Map<number, Product>
  customers: Map<number, Customer>
  coupons: Map<number, Coupon>
  terms: Map<number, Term>
  attributes: Map<number, Attribute>
  taxRates: Map<number, TaxRate>
  taxClasses: { slug: string; name: string }[]
  webhooks: Map<number, Webhook>
  notes: Map<number, Note[]>
  settings: Map<string, Json[]>
  /** Keys whose user lost the rights to read and write. */
  powerless: Set<string>
  /** JSON that stands in answers and deliveries wherever a value is exactly this text. */
  injected: Map<string, string>
  /** Takes what happened to the webhook queue; set by the deliveries. */
  emit: (event: ShopEvent) => void
}

/** Id counters. Orders, products, refunds, images and coupons share `post`, as in WordPress. */
export type Counter =
  'post' | 'item' | 'meta' | 'term' | 'user' | 'comment' | 'webhook' | 'rate' | 'attribute'
const counters = new WeakMap<Shop, Record<Counter, number>>()

export interface ShopOptions {
  clock: SimClock
  url: string
  seed: number
  site: SiteTime
  plainPermalinks: boolean
  keys: ApiKey[]
}

/** An empty shop: three tax classes, four rates, the category every product falls back to. */
export function createShop(options: ShopOptions): Shop {
  const shop: Shop = {
    clock: options.clock,
    url: options.url,
    site: options.site,
    plainPermalinks: options.plainPermalinks,
    random: seededRandom(options.seed),
    currency: 'EUR',
    decimals: 2,
    country: 'NL',
    version: '10.5.0',
    wordpressVersion: '7.1',
    keys: options.keys,
    orders: createOrderStore(),
    products: new Map(),
    customers: new Map(),
    coupons: new Map(),
    terms: new Map(),
    attributes: new Map(),
    taxRates: new Map(),
    taxClasses: [
      { slug: 'standard', name: 'Standard rate' },
      { slug: 'reduced-rate', name: 'Reduced rate' },
      { slug: 'zero-rate', name: 'Zero rate' },
    ],
    webhooks: new Map(),
    notes: new Map(),
    settings: new Map(),
    powerless: new Set(),
    injected: new Map(),
    emit: () => {},
  }
  const first = {
    post: 10,
    item: 0,
    meta: 0,
    term: 14,
    user: 1,
    comment: 1,
    webhook: 1,
    rate: 0,
    attribute: 0,
  }
  counters.set(shop, first)
  addTerm(shop, 'category', 'Uncategorized')
  addRate(shop, 'NL', 21, 'BTW 21%', 'standard')
  addRate(shop, 'NL', 9, 'BTW 9%', 'reduced-rate')
  addRate(shop, 'NL', 0, 'BTW 0%', 'zero-rate')
  addRate(shop, 'BE', 21, 'TVA 21%', 'standard')
  return shop
}

export function nextId(shop: Shop, counter: Counter): number {
  const all = counters.get(shop) as Record<Counter, number>
  return ++all[counter]
}

/** Moves a counter so that the next id is above `id`. */
export function reserveIds(shop: Shop, counter: Counter, id: number): void {
  const all = counters.get(shop) as Record<Counter, number>
  all[counter] = Math.max(all[counter], id)
}

/** An answer's or a delivery's JSON with what tests put into it in place of its marks. */
export function withInjected(shop: Shop, text: string): string {
  for (const [mark, json] of shop.injected) text = text.replaceAll(JSON.stringify(mark), () => json)
  return text
}

export const now = (shop: Shop): number => Math.floor(shop.clock.now() / 1000)

/** URL of a REST route, e.g. `/wc/v3/orders/26`, as this shop writes it. */
export const restUrl = (shop: Shop, route: string): string =>
  shop.plainPermalinks ? `${shop.url}/index.php?rest_route=${route}` : `${shop.url}/wp-json${route}`

export function addTerm(shop: Shop, taxonomy: Taxonomy, name: string, parent = 0): Term {
  const id = nextId(shop, 'term')
  const term: Term = { id, taxonomy, name, slug: slugOf(name), parent, description: '', menuOrder: 0 }
  shop.terms.set(id, term)
  return term
}

export function addRate(shop: Shop, country: string, rate: number, name: string, taxClass: string): TaxRate {
  const id = nextId(shop, 'rate')
  const one: TaxRate = {
    id,
    country,
    state: '',
    rate,
    name,
    priority: 1,
    compound: false,
    shipping: true,
    order: 0,
    class: taxClass,
  }
  shop.taxRates.set(id, one)
  return one
}

/** Products of the shop by SKU, variations and trash included. */
export function bySku(shop: Shop, sku: string): Product | undefined {
  if (sku === '') return undefined
  for (const product of shop.products.values()) if (product.sku === sku) return product
  return undefined
}
