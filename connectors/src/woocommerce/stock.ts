import { type Context, type Conversation, defineSource, type Page, type PageRequest } from '../sdk/index.ts'
import type { Stock } from '@crosswalk/shared/model'
import { z } from 'zod'
import { byIds } from './by-ids.ts'
import { gmt, shifted } from './dates.ts'
import { readFacts } from './facts.ts'
import { ID_START, idPage } from './id-pages.ts'
import { metaMap, NativeProduct } from './native.ts'
import { isVariable, stockOf } from './product-decode.ts'
import { isObject, MAX_PER_CALL, wc } from './rest.ts'
import type { WooSettings } from './settings.ts'
import { changedPage, type Listing } from './sweep-pages.ts'
import { idOrNull, plain } from './text.ts'
import { variationsOf } from './variations.ts'

const LISTINGS: readonly Listing[] = [{ route: '/products', query: {}, onlyChanges: false }]

/** A sweep reads the products, then (where the shop has the collection) all variations by id. */
const StockPosition = z.discriminatedUnion('of', [
  z.object({ of: z.literal('products'), at: z.unknown() }),
  z.object({ of: z.literal('variations'), at: z.object({ offset: z.int(), last: z.int() }) }),
])

/** Products that are counted and sold themselves; the others only hold or point to such ones. */
const isUnit = (record: NativeProduct): boolean =>
  !isVariable(record) && record.type !== 'grouped' && record.type !== 'external'

/** The level of one sellable unit. WooCommerce takes ordered pieces off at once, so what it shows can be sold. */
export function decodeStock(native: NativeProduct, context: Context<WooSettings>): Stock {
  const facts = readFacts(context.facts, context.settings.shopUrl)
  const state = stockOf(native)
  const parentId = idOrNull(native.parent_id)
  const isVariation = native.type === 'variation' || native.type === 'subscription_variation'
  const id = String(native.id)
  const { _links, ...rest } = native
  return {
    id,
    modifiedAt: gmt(native.date_modified_gmt),
    createdAt: gmt(native.date_created_gmt),
    url: `${facts.adminUrl}/post.php?post=${parentId ?? id}&action=edit`,
    native: { ...rest, meta: metaMap(native.meta_data) },
    sku: plain(native.sku),
    gtin: plain(native['global_unique_id']),
    productId: isVariation ? (parentId ?? id) : id,
    variantId: isVariation ? id : null,
    location: '',
    managed: state.managed,
    onHand: state.quantity,
    reserved: state.reserved,
    available: state.quantity,
  }
}

/** Units of a page of products. Variations follow on their own, unless the parent counts for them or must name them. */
function* unitsOf(
  products: readonly NativeProduct[],
  context: Context<WooSettings>,
): Conversation<NativeProduct[]> {
  const listed = context.facts['hasVariationsCollection'] === true
  const parents = products.filter((one) => isVariable(one) && (!listed || one['manage_stock'] === true))
  const groups = yield* variationsOf(parents, context.facts)
  return products.flatMap((one) =>
    isUnit(one)
      ? [one]
      : (groups.get(one.id) ?? []).filter((unit) => !listed || unit['manage_stock'] === 'parent'),
  )
}

function* page(request: PageRequest, context: Context<WooSettings>): Conversation<Page<NativeProduct>> {
  const listed = context.facts['hasVariationsCollection'] === true
  const position =
    request.position === null ? { of: 'products' as const, at: null } : StockPosition.parse(request.position)
  if (position.of === 'variations') return yield* variationPage(request, context, position.at)
  const read = yield* changedPage<NativeProduct>(
    LISTINGS,
    { ...request, position: position.at },
    context,
    'products',
  )
  const records = yield* unitsOf(read.records, context)
  // The shop's total counts products, and these are units: how many there are shows only at the end.
  const units = { ...read, records, total: null }
  if (read.next !== null) return { ...units, next: { of: 'products', at: read.next } }
  return { ...units, next: listed ? { of: 'variations', at: ID_START } : null }
}

/** Changed variations by id: the filter keeps still, and one changed meanwhile is the next sweep's. */
function* variationPage(
  request: PageRequest,
  context: Context<WooSettings>,
  at: { offset: number; last: number },
): Conversation<Page<NativeProduct>> {
  const { changedAfter, createdFrom } = request
  const read = yield* idPage<NativeProduct>(
    (offset, perPage) =>
      wc(context.facts, '/variations', {
        orderby: 'id',
        order: 'asc',
        dates_are_gmt: 'true',
        per_page: String(perPage),
        offset: String(offset),
        ...(changedAfter === null ? {} : { modified_after: shifted(changedAfter, -1) }),
        ...(createdFrom === null ? {} : { after: shifted(createdFrom, -1) }),
      }),
    at,
    Math.min(MAX_PER_CALL, Math.max(1, request.limit)),
    'variations',
  )
  return {
    records: read.rows.map((row) => ({ ...row, type: 'variation' })),
    next: read.next === null ? null : { of: 'variations', at: read.next },
    total: null,
    sourceClock: read.clock,
  }
}

/** Units by id, variations among them. Without `/variations` each is asked for alone: `/products/{id}` knows them. */
function* many(
  ids: readonly string[],
  context: Context<WooSettings>,
): Conversation<readonly NativeProduct[]> {
  const { facts } = context
  const found = yield* byIds<NativeProduct>('/products', [{}], ids, facts, 'products')
  const known = new Set(found.map((one) => String(one.id)))
  const missing = ids.filter((id) => !known.has(id))
  if (facts['hasVariationsCollection'] === true) {
    const variations = yield* byIds<NativeProduct>('/variations', [{}], missing, facts, 'variations')
    found.push(...variations.map((one) => ({ ...one, type: 'variation' })))
  } else {
    for (const id of missing.filter((one) => /^[1-9]\d*$/.test(one))) {
      const reply = yield { ...wc(facts, `/products/${id}`), accept: [404] }
      if (reply.status !== 404 && isObject(reply.body)) found.push(reply.body as NativeProduct)
    }
  }
  return found.filter((one) => isUnit(one) && one.status !== 'trash')
}

/** Only what a level is made of: a new text or picture is no new stock. */
const COUNTS = [
  'id',
  'parent_id',
  'sku',
  'global_unique_id',
  'manage_stock',
  'stock_quantity',
  'stock_status',
  'backorders',
]

export const stock = defineSource<'stock', NativeProduct, WooSettings>({
  native: NativeProduct,
  label: 'Stock',
  pageSize: 100,
  listsByChange: true,
  key: (record) => String(record.id),
  page,
  many,
  decode: decodeStock,
  fingerprint: (record) => Object.fromEntries(COUNTS.map((name) => [name, record[name]])),
})
