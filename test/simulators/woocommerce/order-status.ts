import type { LineItem, Order, Product } from './model.ts'
import { number } from './php.ts'
import { needsProcessing } from './order-json.ts'
import { stockHolder } from './prices.ts'
import { refreshStockStatus } from './product-write.ts'
import { nextId, now, type Shop } from './state.ts'

/** Statuses of an order with their names. `auto-draft` and `trash` exist besides. */
export const orderStatuses: Record<string, string> = {
  pending: 'Pending payment',
  processing: 'Processing',
  'on-hold': 'On hold',
  completed: 'Completed',
  cancelled: 'Cancelled',
  refunded: 'Refunded',
  failed: 'Failed',
  'checkout-draft': 'Draft',
}

export function addNote(
  shop: Shop,
  orderId: number,
  text: string,
  toCustomer = false,
  author = 'WooCommerce',
): number {
  const note = { id: nextId(shop, 'comment'), orderId, createdAt: now(shop), text, toCustomer, author }
  shop.notes.set(orderId, [...(shop.notes.get(orderId) ?? []), note])
  return note.id
}

/** Stock goes out with these and comes back with `restores`. */
const reduces = ['processing', 'on-hold', 'completed']
const restores = ['cancelled', 'pending']

/** Moves an order to a status with what hangs on it: dates, stock, notes. An unknown status becomes `pending`. */
export function setStatus(shop: Shop, order: Order, wanted: string): void {
  const status = wanted in orderStatuses || wanted === 'auto-draft' || wanted === 'trash' ? wanted : 'pending'
  const before = order.status
  order.status = status
  if ((status === 'processing' || status === 'completed') && order.paidAt === null) order.paidAt = now(shop)
  if (status === 'completed' && before !== 'completed') order.completedAt = now(shop)
  if (before === status) return
  if (reduces.includes(status)) reduceStock(shop, order)
  if (restores.includes(status)) restoreStock(shop, order)
  const [from, to] = [orderStatuses[before] ?? before, orderStatuses[status] ?? status]
  if (before !== 'trash' && status !== 'trash')
    addNote(shop, order.id, `Order status changed from ${from} to ${to}.`)
}

/** `payment_complete`: `completed` where nothing needs packing and for cash on delivery, else `processing`. */
export function completePayment(shop: Shop, order: Order): void {
  if (!['on-hold', 'pending', 'failed', 'cancelled'].includes(order.status)) return
  order.paidAt ??= now(shop)
  const done = order.paymentMethod === 'cod' || !needsProcessing(shop, order)
  setStatus(shop, order, done ? 'completed' : 'processing')
}

const reduced = '_reduced_stock'

export function lineProduct(shop: Shop, line: LineItem): Product | undefined {
  return shop.products.get(line.variationId || line.productId)
}

function reduceStock(shop: Shop, order: Order): void {
  const changes: string[] = []
  for (const line of order.lines) {
    const product = lineProduct(shop, line)
    if (!product || line.meta.some((one) => one.key === reduced)) continue
    product.totalSales += line.quantity
    const holder = stockHolder(shop, product)
    if (!holder) continue
    const before = holder.stock ?? 0
    moveStock(shop, holder, -line.quantity)
    setLineMeta(shop, line, reduced, String(line.quantity))
    changes.push(`${line.name} (${before}&rarr;${holder.stock})`)
  }
  if (changes.length > 0) addNote(shop, order.id, `Stock levels reduced: ${changes.join(', ')}`)
}

function restoreStock(shop: Shop, order: Order): void {
  for (const line of order.lines) {
    const held = line.meta.find((one) => one.key === reduced)
    if (!held) continue
    line.meta = line.meta.filter((one) => one !== held)
    const product = lineProduct(shop, line)
    const holder = product ? stockHolder(shop, product) : null
    if (!holder) continue
    moveStock(shop, holder, number(held.value))
    addNote(
      shop,
      order.id,
      `Stock levels increased: ${line.name} (${(holder.stock ?? 0) - number(held.value)}&rarr;${holder.stock})`,
    )
  }
}

/** Adds to a counted stock. The product's `date_modified` moves and `product.updated` fires, as recorded. */
export function moveStock(shop: Shop, product: Product, by: number): void {
  product.stock = (product.stock ?? 0) + by
  refreshStockStatus(product)
  product.modifiedAt = now(shop)
  shop.emit({ resource: 'product', event: 'updated', id: product.id })
}

export function setLineMeta(shop: Shop, line: LineItem, key: string, value: string): void {
  const held = line.meta.find((one) => one.key === key)
  if (held) Object.assign(held, { value, displayValue: value })
  else line.meta.push({ id: nextId(shop, 'meta'), key, value, displayKey: key, displayValue: value })
}
