import { type Context, type Conversation, defineSource, type Detail } from '../sdk/index.ts'
import { NativeOrder } from './native.ts'
import { decodeOrder } from './order-decode.ts'
import { canonicalStatus, statusName } from './order-status.ts'
import { byIds } from './by-ids.ts'
import { withRefunds } from './refunds.ts'
import { newestPage } from './newest-pages.ts'
import { isObject, listOf, wc } from './rest.ts'
import type { WooSettings } from './settings.ts'
import { changedPage, type Listing } from './sweep-pages.ts'
import { plain } from './text.ts'
import { countOf } from './totals.ts'

/** `any` leaves out the trash; a shop without webhooks tells of trashed orders only here. */
const LISTINGS: readonly Listing[] = [
  { route: '/orders', query: { status: 'any' }, onlyChanges: false },
  { route: '/orders', query: { status: 'trash' }, onlyChanges: true },
]

/** Fields that change by themselves or say nothing of the order. */
const VOLATILE = new Set([
  'date_modified',
  'date_modified_gmt',
  'version',
  'cart_hash',
  'payment_url',
  'is_editable',
  'needs_payment',
  'needs_processing',
  'currency_symbol',
  'customer_ip_address',
  'customer_user_agent',
  '_links',
])

function* detailed(
  orders: readonly NativeOrder[],
  context: Context<WooSettings>,
  detail: readonly Detail[],
): Conversation<readonly NativeOrder[]> {
  return detail.includes('refund_lines') ? yield* withRefunds(orders, context.facts) : orders
}

/** Statuses of the shop, plugins' among them; older shops tell them only in a report. */
function* statuses(
  context: Context<WooSettings>,
): Conversation<readonly { value: string; label: string; canonical: string }[]> {
  let reply = yield { ...wc(context.facts, '/orders/statuses'), accept: [404] }
  if (reply.status === 404) reply = yield wc(context.facts, '/reports/orders/totals')
  return listOf<Record<string, unknown>>(reply, 'order statuses')
    .filter((one) => isObject(one) && typeof one['slug'] === 'string')
    .map((one) => {
      const value = String(one['slug'])
      return { value, label: plain(one['name']) || statusName(value, {}), canonical: canonicalStatus(value) }
    })
}

export const orders = defineSource<'order', NativeOrder, WooSettings>({
  native: NativeOrder,
  label: 'Orders',
  pageSize: 100,
  listsByChange: true,
  key: (record) => String(record.id),
  *page(request, context) {
    const page = yield* changedPage<NativeOrder>(LISTINGS, request, context, 'orders')
    return { ...page, records: yield* detailed(page.records, context, request.detail) }
  },
  *newest(request, context) {
    const list = (paging: Readonly<Record<string, string>>) => wc(context.facts, '/orders', { status: 'any', ...paging }) // prettier-ignore
    const page = yield* newestPage<NativeOrder>(list, request, 'orders')
    return { ...page, records: yield* detailed(page.records, context, request.detail) }
  },
  *count(want, context) {
    return yield* countOf('/orders', { status: 'any' }, want, context.facts)
  },
  *many(ids, context, detail) {
    const looks = [{ status: 'any' }, { status: 'trash' }]
    const found = yield* byIds<NativeOrder>('/orders', looks, ids, context.facts, 'orders')
    return yield* detailed(found, context, detail)
  },
  decode: decodeOrder,
  fingerprint: (record) => Object.fromEntries(Object.entries(record).filter(([name]) => !VOLATILE.has(name))),
  statuses,
})
