import { defineSource } from '../sdk/index.ts'
import { byIds } from './by-ids.ts'
import { NativeProduct } from './native.ts'
import { decodeProduct } from './product-decode.ts'
import { newestPage } from './newest-pages.ts'
import { wc } from './rest.ts'
import type { WooSettings } from './settings.ts'
import { changedPage, type Listing } from './sweep-pages.ts'
import { countOf } from './totals.ts'
import { withVariations } from './variations.ts'

/** The trash is no part of WooCommerce's default `any`. */
const TRASH = { include_status: 'trash' }
export const PRODUCT_LISTINGS: readonly Listing[] = [
  { route: '/products', query: {}, onlyChanges: false },
  { route: '/products', query: TRASH, onlyChanges: true },
]

/** Fields that change by themselves, with every sale or review, or from one shop page to the next. */
const VOLATILE = new Set([
  'date_modified',
  'date_modified_gmt',
  'related_ids',
  'price_html',
  'total_sales',
  'average_rating',
  'rating_count',
  'permalink_template',
  'generated_slug',
  'purchasable',
  'on_sale',
  'backordered',
  '_links',
])

/** What of a product counts for "unchanged"; images without their dates, which depend on the site's clock setting. */
export function productFingerprint(record: object): unknown {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => !VOLATILE.has(name))
      .map(([name, value]: [string, unknown]) => {
        if (name === 'images' && Array.isArray(value)) return [name, value.map(imagePrint)]
        if (name === 'image') return [name, imagePrint(value)]
        if (name === 'variation_records' && Array.isArray(value)) return [name, value.map(productFingerprint)]
        return [name, value]
      }),
  )
}

const imagePrint = (image: unknown): unknown =>
  image !== null && typeof image === 'object'
    ? ['id', 'src', 'alt'].map((name) => (image as Record<string, unknown>)[name])
    : null

/** Products; variable ones with their variations where a flow needs them. */
export const products = defineSource<'product', NativeProduct, WooSettings>({
  native: NativeProduct,
  label: 'Products',
  pageSize: 100,
  listsByChange: true,
  key: (record) => String(record.id),
  *page(request, context) {
    const page = yield* changedPage<NativeProduct>(PRODUCT_LISTINGS, request, context, 'products')
    const records = request.detail.includes('variants')
      ? yield* withVariations(page.records, context.facts)
      : page.records
    return { ...page, records }
  },
  *newest(request, context) {
    const page = yield* newestPage<NativeProduct>((paging) => wc(context.facts, '/products', paging), request, 'products') // prettier-ignore
    const records = request.detail.includes('variants')
      ? yield* withVariations(page.records, context.facts)
      : page.records
    return { ...page, records }
  },
  *count(want, context) {
    return yield* countOf('/products', {}, want, context.facts)
  },
  *many(ids, context, detail) {
    const found = yield* byIds<NativeProduct>('/products', [{}, TRASH], ids, context.facts, 'products')
    return detail.includes('variants') ? yield* withVariations(found, context.facts) : found
  },
  decode: decodeProduct,
  fingerprint: productFingerprint,
})
