import type { FeeLine, LineItem, Order, Product, Refund, ShippingLine } from './model.ts'
import { newLine } from './order-lines.ts'
import { round } from './php.ts'
import type { Shop } from './state.ts'
import { newTaxLine } from './totals.ts'

const reducesStock = new Set(['completed', 'processing', 'on-hold', 'refunded'])

/** One to four different products, two and a half on average. */
export function linesOf(
  shop: Shop,
  sellable: Product[],
  status: string,
  random: () => number,
  ids: { item: () => number; meta: () => number },
): LineItem[] {
  const count = 1 + Math.floor(random() * 4)
  const first = Math.floor(random() * sellable.length)
  return Array.from({ length: count }, (_, n) => {
    const product = sellable[(first + n * 7) % sellable.length] as Product
    const line = newLine(shop, product, 1 + Math.floor(random() ** 2 * 3), ids)
    if (product.manageStock && reducesStock.has(status)) {
      const value = String(line.quantity)
      line.meta.push({
        id: ids.meta(),
        key: '_reduced_stock',
        value,
        displayKey: '_reduced_stock',
        displayValue: value,
      })
    }
    return line
  })
}

export const shipping = (id: number): ShippingLine => ({
  id,
  methodTitle: 'PostNL',
  methodId: 'flat_rate',
  instanceId: '1',
  total: 4.95,
  totalTax: 0,
  taxes: [],
  taxStatus: 'taxable',
  meta: [],
})

export const fee = (id: number): FeeLine => ({
  id,
  name: 'Gift wrapping',
  taxClass: '',
  taxStatus: 'taxable',
  total: 2.5,
  totalTax: 0,
  taxes: [],
  meta: [],
})

/** A refund has the id after its order's. */
const refundBase = (order: Order, amount: number, metaId: number): Refund => ({
  id: order.id + 1,
  orderId: order.id,
  createdAt: order.modifiedAt,
  amount,
  reason: 'Returned',
  refundedPayment: false,
  metaId,
  lines: [],
  shippingLines: [],
  feeLines: [],
  taxLines: [],
})

export const refundAll = (order: Order, metaId: number): Refund => refundBase(order, order.total, metaId)

/** One piece of the first line, at its own price and tax. */
export function refundOne(shop: Shop, order: Order, ids: { item: () => number; meta: () => number }): Refund {
  const line = order.lines[0] as LineItem
  const share = (amount: number): number => round(amount / line.quantity, 2)
  const net = share(line.total)
  const taxes = line.taxes.map((tax) => ({
    id: tax.id,
    total: -share(tax.total),
    subtotal: -share(tax.total),
  }))
  const tax = taxes.reduce((sum, one) => sum + one.total, 0)
  const key = '_refunded_item_id'
  const value = String(line.id)
  const refund = refundBase(order, round(net - tax, 2), ids.meta())
  refund.lines = [
    {
      ...line,
      id: ids.item(),
      quantity: -1,
      subtotal: -net,
      total: -net,
      subtotalTax: tax,
      totalTax: tax,
      taxes,
      meta: [{ id: ids.meta(), key, value, displayKey: key, displayValue: value }],
    },
  ]
  refund.taxLines = taxes.map((one) => ({ ...newTaxLine(shop, one.id, ids.item()), tax: one.total }))
  return refund
}
