import { idsOf, pageHeaders, pagingOf, spanOf, within, type Span } from './collections.ts'
import type { Order } from './model.ts'
import { orderJson, orderText } from './order-json.ts'
import type { OrderEntry } from './order-store.ts'
import { collectionRules, dateRules, integer, integers, string, type ParamRules } from './params.ts'
import { list, number, text, type Json } from './php.ts'
import type { Answer, Call } from './router.ts'
import type { Shop } from './state.ts'

const statuses = ['any', 'trash', 'auto-draft', 'pending', 'processing', 'on-hold', 'completed', 'cancelled']

export const orderListRules: ParamRules = collectionRules(
  ['date', 'id', 'include', 'title', 'slug', 'modified'],
  {
    ...dateRules,
    status: { type: 'array', itemsOneOf: [...statuses, 'refunded', 'failed', 'checkout-draft'] },
    search: string,
    customer: integer(),
    product: integer(),
    dp: integer(),
    parent: integers,
    parent_exclude: integers,
    created_via: { type: 'array' },
  },
)

type Test = (entry: OrderEntry) => boolean

/** Up to this many orders the JSON of each is kept once made; above, it would fill the memory. */
const keptTexts = 50_000

/** `GET /orders`. Pages over a list sorted beforehand; scans it only where a filter needs it. */
export function listOrders(call: Call): Answer {
  const { shop, params } = call
  const rows = select(call)
  const { offset, perPage } = pagingOf(params)
  const page = rows.page(offset, perPage)
  const dp = params['dp'] === undefined ? shop.decimals : number(params['dp'])
  const extra: Json = {
    ...(params['status'] === undefined ? { status: ['any'] } : {}),
    ...(page.length > 0 ? { dp: params['dp'] ?? String(shop.decimals), context: 'view' } : {}),
  }
  // Past the end the order query counts no pages, so the link back names page 0 (`errors.json`).
  const headers = pageHeaders(call, rows.total, extra, page.length === 0 ? 0 : undefined)
  if (params['_fields'] !== undefined || dp !== shop.decimals) {
    return { body: page.map((entry) => orderJson(shop, shop.orders.load(entry), dp)), headers }
  }
  const keep = shop.orders.size <= keptTexts
  return { texts: page.map((entry) => orderText(shop, entry, keep)), headers }
}

interface Rows {
  total: number
  page: (offset: number, count: number) => OrderEntry[]
}

function select(call: Call): Rows {
  const { shop, params } = call
  const created = spanOf(shop, params, 'after', 'before')
  const modified = spanOf(shop, params, 'modified_after', 'modified_before')
  const descending = text(params['order']) !== 'asc'
  const by = text(params['orderby'])
  const key = by === 'modified' ? 'modified' : by === 'id' ? 'id' : 'created'
  const sorted = shop.orders.sorted(key)
  const [low, high] = bounds(shop, key, key === 'modified' ? modified : created, sorted.length)
  const tests = [
    ...filters(call),
    ...(key === 'modified' ? [] : spanTest((entry) => entry.modified, modified)),
    ...(key === 'created' ? [] : spanTest((entry) => entry.created, created)),
  ]
  const matched = tests.length === 0 ? null : scan(sorted, low, high, tests)
  const total = matched ? matched.length : high - low
  const source = matched ?? sorted
  const start = matched ? 0 : low
  const page = (offset: number, count: number): OrderEntry[] => {
    const from = Math.min(offset, total)
    const to = Math.min(offset + count, total)
    if (!descending) return source.slice(start + from, start + to)
    return source.slice(start + total - to, start + total - from).reverse()
  }
  return { total, page }
}

function bounds(shop: Shop, key: string, span: Span, length: number): [number, number] {
  if (key === 'id') return [0, length]
  const sortKey = key as 'created' | 'modified'
  const low = span.after === -Infinity ? 0 : shop.orders.firstAbove(sortKey, span.after)
  const high = span.before === Infinity ? length : shop.orders.firstAbove(sortKey, span.before - 1)
  return [low, Math.max(low, high)]
}

const spanTest = (moment: (entry: OrderEntry) => number, span: Span): Test[] =>
  span.after === -Infinity && span.before === Infinity ? [] : [(entry) => within(moment(entry), span)]

function scan(sorted: readonly OrderEntry[], low: number, high: number, tests: Test[]): OrderEntry[] {
  const found: OrderEntry[] = []
  for (let index = low; index < high; index++) {
    const entry = sorted[index] as OrderEntry
    if (tests.every((test) => test(entry))) found.push(entry)
  }
  return found
}

function filters({ shop, params }: Call): Test[] {
  const tests: Test[] = []
  const wanted = new Set(params['status'] === undefined ? ['any'] : list(params['status']).map(text))
  const hidden = ['trash', 'auto-draft'].some((status) => (shop.orders.statusCounts.get(status) ?? 0) > 0)
  if (!wanted.has('any')) tests.push((entry) => wanted.has(entry.status))
  else if (hidden)
    tests.push(({ status }) => wanted.has(status) || (status !== 'trash' && status !== 'auto-draft'))
  const include = idsOf(params['include'])
  if (include && include.size > 0) tests.push((entry) => include.has(entry.id))
  const exclude = idsOf(params['exclude'])
  if (exclude) tests.push((entry) => !exclude.has(entry.id))
  if (params['customer'] !== undefined) tests.push((entry) => entry.customerId === number(params['customer']))
  return [...tests, ...orderFilters(shop, params)]
}

/** Filters that need the full order, so they come last. */
function orderFilters(shop: Shop, params: Json): Test[] {
  const onOrder =
    (test: (order: Order) => boolean): Test =>
    (entry) =>
      test(shop.orders.load(entry))
  const tests: Test[] = []
  const parents = idsOf(params['parent'])
  if (parents) tests.push(onOrder((order) => parents.has(order.parentId)))
  const product = number(params['product'])
  if (product > 0) {
    tests.push(
      onOrder((order) =>
        order.lines.some((line) => line.productId === product || line.variationId === product),
      ),
    )
  }
  if (params['created_via'] !== undefined) {
    const via = new Set(list(params['created_via']).map(text))
    tests.push(onOrder((order) => via.has(order.createdVia)))
  }
  const search = text(params['search']).toLowerCase()
  if (search !== '') tests.push(onOrder((order) => searchText(order).includes(search)))
  return tests
}

const searchText = (order: Order): string =>
  [
    order.number,
    ...Object.values(order.billing),
    ...Object.values(order.shipping),
    `${order.billing.first_name} ${order.billing.last_name}`,
    ...order.lines.map((line) => line.name),
  ]
    .join('\n')
    .toLowerCase()
