import { batch } from './batch.ts'
import { ApiError, invalidId } from './errors.ts'
import type { Order } from './model.ts'
import { listOrders, orderListRules } from './order-list.ts'
import { orderJson } from './order-json.ts'
import { orderStatuses } from './order-status.ts'
import { createOrder, deleteOrder, updateOrder } from './order-write.ts'
import { array, boolean, integer, object, oneOf, string, type ParamRules } from './params.ts'
import { bool, number, type Json } from './php.ts'
import { route, type Call, type Route } from './router.ts'
import { restUrl, type Shop } from './state.ts'

const writable = [
  'auto-draft',
  'pending',
  'processing',
  'on-hold',
  'completed',
  'cancelled',
  'refunded',
  'failed',
]

const orderRules: ParamRules = {
  parent_id: integer(),
  status: oneOf(...writable, 'checkout-draft'),
  currency: string,
  customer_id: integer(),
  customer_note: string,
  billing: { ...object, email: true },
  shipping: object,
  payment_method: string,
  payment_method_title: string,
  transaction_id: string,
  set_paid: boolean,
  meta_data: array,
  line_items: array,
  shipping_lines: array,
  fee_lines: array,
  coupon_lines: array,
}

/** The full order, kept from now on; 404 where there is none. */
export function findOrder(shop: Shop, id: number): Order {
  const entry = shop.orders.get(id)
  if (!entry) throw invalidId('shop_order')
  return shop.orders.load(entry, true)
}

/** For reading: a generated order is built and let go again. */
export function readOrder(shop: Shop, id: number): Order {
  const entry = shop.orders.get(id)
  if (!entry) throw invalidId('shop_order')
  return shop.orders.load(entry)
}

const decimals = (call: Call): number =>
  call.params['dp'] === undefined ? call.shop.decimals : number(call.params['dp'])

function remove(shop: Shop, id: number, force: boolean): Json {
  const order = findOrder(shop, id)
  if (!force && order.status === 'trash') {
    throw new ApiError(410, 'woocommerce_rest_already_trashed', 'The shop_order has already been deleted.')
  }
  const before = orderJson(shop, order)
  deleteOrder(shop, order, force)
  return before
}

/** Routes of `/orders`, its batch and its statuses. */
export function orderRoutes(): Route[] {
  const idOf = (call: Call): number => Number(call.ids['id'])
  const update = (call: Call, id: number, sent: Json): Order =>
    updateOrder(call.shop, findOrder(call.shop, id), sent)
  return [
    route('/wc/v3/orders', {
      list: { run: listOrders, rules: orderListRules },
      create: {
        rules: orderRules,
        run: (call) => {
          const order = createOrder(call.shop, call.params)
          const location = restUrl(call.shop, `/wc/v3/orders/${order.id}`)
          return { status: 201, body: orderJson(call.shop, order, decimals(call)), headers: { location } }
        },
      },
    }),
    route('/wc/v3/orders/(?P<id>[\\d]+)', {
      view: {
        run: (call) => ({ body: orderJson(call.shop, readOrder(call.shop, idOf(call)), decimals(call)) }),
      },
      edit: {
        rules: orderRules,
        run: (call) => ({
          body: orderJson(call.shop, update(call, idOf(call), call.params), decimals(call)),
        }),
      },
      remove: { run: (call) => ({ body: remove(call.shop, idOf(call), bool(call.params['force'])) }) },
    }),
    route('/wc/v3/orders/batch', {
      batch: {
        run: (call) =>
          batch(call, {
            create: (_, entry) => orderJson(call.shop, createOrder(call.shop, entry)),
            update: (_, id, entry) => orderJson(call.shop, update(call, id, entry)),
            remove: (_, id) => remove(call.shop, id, true),
          }),
      },
    }),
    route('/wc/v3/orders/statuses', {
      list: { run: () => ({ body: Object.entries(orderStatuses).map(([slug, name]) => ({ slug, name })) }) },
    }),
    route('/wc/v3/reports/orders/totals', {
      list: {
        run: ({ shop }) => ({
          body: Object.entries(orderStatuses).map(([slug, name]) => ({
            slug,
            name,
            total: shop.orders.statusCounts.get(slug) ?? 0,
          })),
        }),
      },
    }),
  ]
}
