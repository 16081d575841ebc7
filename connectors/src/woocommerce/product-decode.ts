import type { Product, ProductVariant, StockState } from '@crosswalk/shared/model'
import type { Context } from '../sdk/index.ts'
import { gmt } from './dates.ts'
import { readFacts, type ShopFacts } from './facts.ts'
import { amountOrNull, metaMap, type NativeProduct, type NativeMeta } from './native.ts'
import { taxClassOf } from './order-lines.ts'
import { isObject } from './rest.ts'
import type { WooSettings } from './settings.ts'
import { idOrNull, plain } from './text.ts'

type Raw = Readonly<Record<string, unknown>>
const rows = (value: unknown): Raw[] => (Array.isArray(value) ? value.filter(isObject) : [])

const KINDS: Readonly<Record<string, Product['kind']>> = {
  simple: 'simple',
  subscription: 'simple',
  variable: 'variable',
  'variable-subscription': 'variable',
  variation: 'variant',
  subscription_variation: 'variant',
  grouped: 'bundle',
  bundle: 'bundle',
  composite: 'bundle',
  woosb: 'bundle',
  yith_bundle: 'bundle',
}

export const isVariable = (record: Raw): boolean =>
  record['type'] === 'variable' || record['type'] === 'variable-subscription'

function kindOf(native: Raw): Product['kind'] {
  const type = plain(native['type'])
  const kind = Object.hasOwn(KINDS, type) ? (KINDS[type] ?? 'other') : 'other'
  return kind === 'simple' && native['virtual'] === true ? 'virtual' : kind
}

/** A private product is for staff only, so it counts as not yet out. */
const statusOf = (status: unknown): Product['status'] =>
  status === 'publish' ? 'active' : status === 'trash' ? 'archived' : 'draft'

/** Prices in the shop's tax mode; empty ones are none. The cost only where one was entered: undefined is not 0. */
function priceOf(native: Raw, facts: ShopFacts): Product['price'] {
  const cost = native['cost_of_goods_sold']
  const values = isObject(cost) ? rows(cost['values']) : []
  const entered = values.some((one) => one['defined_value'] !== null && one['defined_value'] !== undefined)
  return {
    regular: amountOrNull(native['regular_price']),
    sale: amountOrNull(native['sale_price']),
    current: amountOrNull(native['price']),
    includesTax: facts.pricesIncludeTax,
    cost: entered && isObject(cost) ? amountOrNull(cost['total_value']) : null,
  }
}

/**
 * Stock of a product or variation. `manage_stock: "parent"` means that the parent counts, and the quantity shown is the
 * parent's. Where nothing counts, the quantity is unknown (null), whatever number is shown.
 */
export function stockOf(native: Raw): StockState {
  const managed = native['manage_stock'] === true || native['manage_stock'] === 'parent'
  const status = native['stock_status']
  return {
    managed,
    quantity: managed ? amountOrNull(native['stock_quantity']) : null,
    reserved: null,
    backorders: typeof native['backorders'] === 'string' ? native['backorders'] !== 'no' : null,
    inStock: typeof status === 'string' ? status === 'instock' : null,
  }
}

function imageOf(native: Raw): Product['images'][number] | null {
  const url = typeof native['src'] === 'string' ? native['src'] : ''
  return url === '' ? null : { id: String(native['id'] ?? ''), url, alt: plain(native['alt']) }
}

/** Chosen options of a variation ("Size" → "250 g"). */
const optionsOf = (native: Raw): Product['options'] =>
  rows(native['attributes'])
    .filter((one) => 'option' in one)
    .map((one) => ({ name: plain(one['name']), value: plain(one['option']) }))

const attributesOf = (native: Raw): Product['attributes'] =>
  rows(native['attributes'])
    .filter((one) => Array.isArray(one['options']))
    .map((one) => ({
      name: plain(one['name']),
      values: (one['options'] as unknown[]).map(plain),
      forVariants: one['variation'] === true,
    }))

/** A variation as a variant of `parent`; weight and tax class fall back to the parent's. */
function variantOf(native: Raw & { id: number }, parent: NativeProduct, facts: ShopFacts): ProductVariant {
  const taxClass = native['tax_class'] === 'parent' ? parent['tax_class'] : native['tax_class']
  const options = optionsOf(native)
  return {
    id: String(native.id),
    sku: plain(native['sku']),
    gtin: plain(native['global_unique_id']),
    name: plain(native['name']) || options.map((one) => one.value).join(', '),
    options,
    price: priceOf(native, facts),
    stock: stockOf(native),
    taxClass: taxClassOf(taxClass),
    weight: amountOrNull(native['weight']) ?? amountOrNull(parent['weight']),
    image: isObject(native['image']) ? imageOf(native['image']) : null,
    native: { ...native, meta: metaMap(native['meta_data'] as NativeMeta[] | undefined) },
  }
}

/** A product; a variation that comes on its own is of kind `variant` and names its parent. */
export function decodeProduct(native: NativeProduct, context: Context<WooSettings>): Product {
  const facts = readFacts(context.facts, context.settings.shopUrl)
  const { _links, variation_records: variations = [], ...rest } = native
  const parentId = idOrNull(native.parent_id)
  const single = isObject(native['image']) ? imageOf(native['image']) : null
  const images = rows(native['images']).map(imageOf)
  return {
    id: String(native.id),
    modifiedAt: gmt(native.date_modified_gmt),
    createdAt: gmt(native.date_created_gmt),
    url: `${facts.adminUrl}/post.php?post=${parentId ?? native.id}&action=edit`,
    native: { ...rest, meta: metaMap(native.meta_data) },
    kind: kindOf(native),
    parentId,
    status: statusOf(native.status),
    name: plain(native.name),
    sku: plain(native.sku),
    gtin: plain(native['global_unique_id']),
    // HTML, as the shop wrote it.
    description: typeof native['description'] === 'string' ? native['description'].trim() : '',
    shortDescription:
      typeof native['short_description'] === 'string' ? native['short_description'].trim() : '',
    price: priceOf(native, facts),
    currency: /^[A-Z]{3}$/.test(facts.currency) ? facts.currency : null,
    taxClass: taxClassOf(native['tax_class']),
    stock: stockOf(native),
    weight: amountOrNull(native['weight']),
    brand: plain(rows(native['brands'])[0]?.['name']),
    categories: rows(native['categories']).map((one) => ({
      id: String(one['id'] ?? ''),
      name: plain(one['name']),
    })),
    tags: rows(native['tags']).map((one) => plain(one['name'])),
    attributes: attributesOf(native),
    options: optionsOf(native),
    images: [...images, single].filter((one) => one !== null),
    variants: variations.map((one) => variantOf(one, native, facts)),
  }
}
