import { badRequest } from './errors.ts'
import { emptyAddress, type Address, type Order } from './model.ts'
import { applyLines } from './order-lines.ts'
import { completePayment, setStatus } from './order-status.ts'
import { isEmail } from './params.ts'
import { bool, isObject, number, text, token, type Json } from './php.ts'
import { mergeMeta } from './meta.ts'
import { nextId, now, type Shop } from './state.ts'
import { calculateTotals } from './totals.ts'

export function newOrder(shop: Shop, id: number): Order {
  const moment = now(shop)
  return {
    id,
    status: 'pending',
    createdAt: moment,
    modifiedAt: moment,
    paidAt: null,
    completedAt: null,
    customerId: 0,
    orderKey: `wc_order_${token(shop.random, 13)}`,
    billing: emptyAddress(),
    shipping: emptyAddress(),
    currency: shop.currency,
    paymentMethod: '',
    paymentMethodTitle: '',
    transactionId: '',
    customerIp: '',
    userAgent: '',
    createdVia: 'rest-api',
    customerNote: '',
    cartHash: '',
    number: String(id),
    parentId: 0,
    meta: [],
    lines: [],
    taxLines: [],
    shippingLines: [],
    feeLines: [],
    couponLines: [],
    refunds: [],
    discountTotal: 0,
    discountTax: 0,
    shippingTotal: 0,
    shippingTax: 0,
    cartTax: 0,
    total: 0,
  }
}

/** Fields of an address that were posted; the others stay. An e-mail must be one (batch and single call alike). */
export function setAddress(address: Address, sent: unknown, code: string, message: string): void {
  if (!isObject(sent)) return
  for (const name of Object.keys(address) as (keyof Address)[]) {
    if (sent[name] === undefined) continue
    const value = text(sent[name])
    if (name === 'email' && value !== '' && !isEmail(value)) throw badRequest(code, message)
    address[name] = value
  }
}

function setFields(shop: Shop, order: Order, sent: Json): void {
  setAddress(order.billing, sent['billing'], 'order_invalid_billing_email', 'Invalid billing email address')
  setAddress(order.shipping, sent['shipping'], 'order_invalid_billing_email', 'Invalid billing email address')
  if (sent['customer_id'] !== undefined) order.customerId = knownCustomer(shop, number(sent['customer_id']))
  if (sent['currency'] !== undefined) order.currency = text(sent['currency']).toUpperCase()
  if (sent['payment_method'] !== undefined) order.paymentMethod = text(sent['payment_method'])
  if (sent['payment_method_title'] !== undefined)
    order.paymentMethodTitle = text(sent['payment_method_title'])
  if (sent['transaction_id'] !== undefined) order.transactionId = text(sent['transaction_id'])
  if (sent['customer_note'] !== undefined) order.customerNote = text(sent['customer_note'])
  if (sent['parent_id'] !== undefined) order.parentId = number(sent['parent_id'])
  mergeMeta(shop, order.meta, sent['meta_data'])
}

function knownCustomer(shop: Shop, id: number): number {
  if (id !== 0 && !shop.customers.has(id)) {
    throw badRequest('woocommerce_rest_invalid_customer_id', 'Customer ID is invalid.')
  }
  return id
}

/** `POST /orders`. Nothing is required; `number`, `date_*`, `taxes` and `order_key` in the post are ignored. */
export function createOrder(shop: Shop, sent: Json): Order {
  const order = newOrder(shop, 0)
  setFields(shop, order, sent)
  if (sent['created_via'] !== undefined) order.createdVia = text(sent['created_via'])
  applyLines(shop, order, sent)
  order.id = nextId(shop, 'post')
  order.number = String(order.id)
  calculateTotals(shop, order)
  if (sent['status'] !== undefined) setStatus(shop, order, text(sent['status']))
  if (bool(sent['set_paid'])) completePayment(shop, order)
  shop.orders.add(order)
  shop.emit({ resource: 'order', event: 'created', id: order.id })
  shop.emit({ resource: 'order', event: 'updated', id: order.id })
  return order
}

/** `PUT /orders/{id}`. Works on a copy: a refusal leaves the order as it was. Even an empty post moves its date. */
export function updateOrder(shop: Shop, order: Order, sent: Json): Order {
  const copy = structuredClone(order)
  setFields(shop, copy, sent)
  if (applyLines(shop, copy, sent)) calculateTotals(shop, copy)
  if (sent['status'] !== undefined && text(sent['status']) !== '') setStatus(shop, copy, text(sent['status']))
  if (bool(sent['set_paid'])) completePayment(shop, copy)
  return saveOrder(shop, Object.assign(order, copy))
}

/** Moves the date of a changed order, its place in the lists, and says so. */
export function saveOrder(shop: Shop, order: Order): Order {
  order.modifiedAt = now(shop)
  shop.orders.changed(order)
  shop.emit({ resource: 'order', event: 'updated', id: order.id })
  return order
}

/** Trash keeps the order and tells; a hard delete is silent. */
export function deleteOrder(shop: Shop, order: Order, force: boolean): void {
  if (force) {
    shop.orders.remove(order.id)
    shop.notes.delete(order.id)
    return
  }
  setStatus(shop, order, 'trash')
  order.modifiedAt = now(shop)
  shop.orders.changed(order)
  shop.emit({ resource: 'order', event: 'deleted', id: order.id })
}
