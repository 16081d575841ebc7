import type { Customer, Order } from './model.ts'
import { number, type Json } from './php.ts'
import { exchanges, recordedHost, recordingText } from './recordings.ts'
import { orderOf, personOf, productOf, refundOf, seconds } from './recorded-json.ts'
import { reserveIds, type Shop } from './state.ts'

/** Answers of the recorded calls that match, in the order they were recorded. */
const bodies = (file: string, method: string, path: string): Json[] =>
  exchanges(file)
    .filter(({ request, response }) => request.method === method && request.path === `/wp-json/wc/v3${path}` && response.status < 300)
    .map(({ response }) => response.body as Json) // prettier-ignore

const firstOf = (found: Json[]): Json => {
  const [first] = found
  if (!first) throw new Error('a recording that the shop is filled from is missing')
  return first
}
const webhookBody = (file: string): Json =>
  JSON.parse((JSON.parse(recordingText(file)) as { bodyText: string }).bodyText) as Json

/** The order of `order-full.json` was changed and refunded later; as it first was it needs an id of its own. */
const FIRST_STATE_ID = 60

/** What the recordings know of orders: each in its latest state, and the fullest one also in its first. */
export function recordedOrders(): { body: Json; refunds: Json[] }[] {
  const guests = bodies('order-guest.json', 'POST', '/orders')
  const full = { ...firstOf(bodies('order-full.json', 'GET', '/orders/26')), id: FIRST_STATE_ID, number: String(FIRST_STATE_ID) } // prettier-ignore
  const refunded = firstOf(bodies('order-refunds.json', 'GET', '/orders/26'))
  const refunds = firstOf(bodies('order-refunds.json', 'GET', '/orders/26/refunds')) as unknown as Json[]
  const alone = [
    ...guests,
    webhookBody('webhook-order-updated.json'),
    firstOf(bodies('order-checkout.json', 'GET', '/orders/59')),
    full,
  ]
  return [{ body: refunded, refunds }, ...alone.map((body) => ({ body, refunds: [] }))]
}

const recordedProducts = (): Json[] => [
  firstOf(bodies('product-simple.json', 'GET', '/products/12')),
  firstOf(bodies('product-variable.json', 'GET', '/products/13')),
  ...(firstOf(bodies('product-variations.json', 'GET', '/products/13/variations')) as unknown as Json[]),
]

function customerOf(body: Json): Customer {
  return {
    id: number(body['id']),
    createdAt: seconds(body['date_created_gmt']) ?? 0,
    modifiedAt: seconds(body['date_modified_gmt']),
    email: String(body['email']),
    firstName: String(body['first_name']),
    lastName: String(body['last_name']),
    role: String(body['role']),
    username: String(body['username']),
    billing: personOf(body['billing'] as Json),
    shipping: personOf(body['shipping'] as Json),
    paying: body['is_paying_customer'] === true,
    meta: body['meta_data'] as Customer['meta'],
  }
}

/** Keeps ids of what is made later above those of the recordings. */
const RESERVED = { post: 100, item: 200, meta: 500, user: 100 } as const

/**
 * Puts the recorded customer, products and orders into a shop, with their ids, dates and amounts as recorded. To be
 * called on an empty shop: what is generated afterwards gets higher ids.
 */
export function loadRecorded(shop: Shop): void {
  const own = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(recordedHost, shop.url)) as T
  for (const body of recordedProducts()) {
    const product = productOf(own(body))
    shop.products.set(product.id, product)
  }
  const customer = customerOf(own(firstOf(bodies('customers.json', 'PUT', '/customers/2'))))
  shop.customers.set(customer.id, customer)
  for (const { body, refunds } of own(recordedOrders())) {
    const order: Order = orderOf(body)
    order.refunds = refunds.map((refund) => refundOf(refund, order.id)).sort((a, b) => a.id - b.id)
    shop.orders.add(order)
  }
  for (const [counter, id] of Object.entries(RESERVED)) reserveIds(shop, counter as keyof typeof RESERVED, id)
}
