import { allMethods, links } from './collections.ts'
import { gmt, local } from './dates.ts'
import type {
  Address,
  CouponLine,
  FeeLine,
  LineItem,
  Order,
  RateTax,
  Refund,
  ShippingLine,
  TaxLine,
} from './model.ts'
import { decimal, phpJson, type Json } from './php.ts'
import type { OrderEntry } from './order-store.ts'
import { restUrl, type Shop } from './state.ts'

/** The order as `GET /orders/{id}` answers it; `dp` is the number of decimals of its amounts, the shop's own unless told. */
export function orderJson(shop: Shop, order: Order, dp = shop.decimals): Json {
  const { site } = shop
  const money = (amount: number): string => decimal(amount, dp)
  const self = `/wc/v3/orders/${order.id}`
  const costs = order.lines.reduce((sum, line) => sum + (line.cost ?? 0) * line.quantity, 0)
  const returned = order.refunds.reduce((sum, refund) => sum + refundCost(refund), 0)
  return {
    id: order.id,
    parent_id: order.parentId,
    status: order.status,
    currency: order.currency,
    version: shop.version,
    prices_include_tax: true,
    date_created: local(order.createdAt, site),
    date_modified: local(order.modifiedAt, site),
    discount_total: money(order.discountTotal),
    discount_tax: money(order.discountTax),
    shipping_total: money(order.shippingTotal),
    shipping_tax: money(order.shippingTax),
    cart_tax: money(order.cartTax),
    total: money(order.total),
    total_tax: money(order.cartTax + order.shippingTax),
    customer_id: order.customerId,
    order_key: order.orderKey,
    billing: order.billing,
    shipping: shippingJson(order.shipping),
    payment_method: order.paymentMethod,
    payment_method_title: order.paymentMethodTitle,
    transaction_id: order.transactionId,
    customer_ip_address: order.customerIp,
    customer_user_agent: order.userAgent,
    created_via: order.createdVia,
    customer_note: order.customerNote,
    date_completed: local(order.completedAt, site),
    date_paid: local(order.paidAt, site),
    cart_hash: order.cartHash,
    number: order.number,
    meta_data: order.meta,
    line_items: order.lines.map((line) => lineJson(line, money)),
    tax_lines: order.taxLines.map((line) => taxLineJson(line, money)),
    shipping_lines: order.shippingLines.map((line) => shippingLineJson(line, money)),
    fee_lines: order.feeLines.map((line) => feeLineJson(line, money)),
    coupon_lines: order.couponLines.map((line) => couponLineJson(line, shop.decimals)),
    refunds: order.refunds.map(({ id, reason, amount }) => ({ id, reason, total: `-${money(amount)}` })),
    payment_url: `${shop.url}/checkout/order-pay/${order.id}/?pay_for_order=true&key=${order.orderKey}`,
    is_editable: ['pending', 'on-hold', 'auto-draft'].includes(order.status),
    needs_payment: ['pending', 'failed'].includes(order.status) && order.total > 0,
    needs_processing: needsProcessing(shop, order),
    date_created_gmt: gmt(order.createdAt),
    date_modified_gmt: gmt(order.modifiedAt),
    date_completed_gmt: gmt(order.completedAt),
    date_paid_gmt: gmt(order.paidAt),
    cost_of_goods_sold: { total_value: Number((costs + returned).toFixed(6)) },
    currency_symbol: '€',
    _links: {
      ...links(shop, self, '/wc/v3/orders', {}, allMethods),
      email_templates: [{ embeddable: true, href: restUrl(shop, `${self}/actions/email_templates`) }],
      ...(order.customerId > 0
        ? { customer: [{ href: restUrl(shop, `/wc/v3/customers/${order.customerId}`) }] }
        : {}),
    },
  }
}

const refundCost = (refund: Refund): number =>
  refund.lines.reduce((sum, line) => sum + (line.cost ?? 0) * line.quantity, 0)

/** JSON text of an order with the shop's decimals; kept on the entry while `keep` holds. */
export function orderText(shop: Shop, entry: OrderEntry, keep: boolean): string {
  if (entry.text !== null) return entry.text
  const text = phpJson(orderJson(shop, shop.orders.load(entry)))
  if (keep) entry.text = text
  return text
}

/** Something must be packed: any line whose product exists and is not both virtual and downloadable. */
export function needsProcessing(shop: Shop, order: Order): boolean {
  return order.lines.some((line) => {
    const product = shop.products.get(line.variationId || line.productId)
    return product !== undefined && !(product.virtual && product.downloadable)
  })
}

export function shippingJson(address: Address): Json {
  const { email: _, ...shipping } = address
  return shipping
}

const taxesJson = (taxes: RateTax[], money: (amount: number) => string): Json[] =>
  taxes.map((tax) => ({
    id: tax.id,
    total: money(tax.total),
    subtotal: tax.subtotal === null ? '' : money(tax.subtotal),
  }))

export function lineJson(line: LineItem, money: (amount: number) => string): Json {
  const cost = line.cost === null ? null : Number((line.cost * line.quantity).toFixed(6))
  return {
    id: line.id,
    name: line.name,
    ...(cost === null ? { cogs_value: null } : {}),
    product_id: line.productId,
    variation_id: line.variationId,
    quantity: line.quantity,
    tax_class: line.taxClass,
    subtotal: money(line.subtotal),
    subtotal_tax: money(line.subtotalTax),
    total: money(line.total),
    total_tax: money(line.totalTax),
    taxes: taxesJson(line.taxes, money),
    meta_data: line.meta.map(({ id, key, value, displayKey, displayValue }) => ({
      id,
      key,
      value,
      display_key: displayKey,
      display_value: displayValue,
    })),
    sku: line.sku,
    global_unique_id: line.gtin,
    price: line.quantity === 0 ? 0 : line.total / line.quantity || 0,
    image: line.image,
    parent_name: line.parentName,
    ...(cost === null ? {} : { cost_of_goods_sold: { value: cost } }),
  }
}

export const taxLineJson = (line: TaxLine, money: (amount: number) => string): Json => ({
  id: line.id,
  rate_code: line.rateCode,
  rate_id: line.rateId,
  label: line.label,
  compound: line.compound,
  tax_total: money(line.tax),
  shipping_tax_total: money(line.shippingTax),
  rate_percent: line.percent,
  meta_data: [],
})

const shownMeta = (meta: { id: number; key: string; value: unknown }[]): Json[] =>
  meta.map(({ id, key, value }) => ({ id, key, value, display_key: key, display_value: value }))

export const shippingLineJson = (line: ShippingLine, money: (amount: number) => string): Json => ({
  id: line.id,
  method_title: line.methodTitle,
  method_id: line.methodId,
  instance_id: line.instanceId,
  total: money(line.total),
  total_tax: money(line.totalTax),
  taxes: taxesJson(line.taxes, money),
  tax_status: line.taxStatus,
  meta_data: shownMeta(line.meta),
})

export const feeLineJson = (line: FeeLine, money: (amount: number) => string): Json => ({
  id: line.id,
  name: line.name,
  tax_class: line.taxClass,
  tax_status: line.taxStatus,
  amount: '',
  total: money(line.total),
  total_tax: money(line.totalTax),
  taxes: taxesJson(line.taxes, money),
  meta_data: shownMeta(line.meta),
})

function couponLineJson(line: CouponLine, dp: number): Json {
  const info = JSON.stringify([line.couponId, line.code, line.type, line.amount])
  return {
    id: line.id,
    code: line.code,
    discount: decimal(line.discount, dp),
    discount_tax: decimal(line.discountTax, dp),
    meta_data: shownMeta([{ id: line.metaId, key: 'coupon_info', value: info }]),
    discount_type: line.type,
    nominal_amount: line.amount,
    free_shipping: line.freeShipping,
  }
}
