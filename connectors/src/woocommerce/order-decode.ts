import {
  add,
  compare,
  completeTotals,
  isZero,
  type Order,
  type OrderTotals,
  type Refund,
} from '@crosswalk/shared/model'
import type { Context } from '../sdk/index.ts'
import { decodeAddress, emailOrNull, vatIdOf } from './address.ts'
import { gmt } from './dates.ts'
import { readFacts, type ShopFacts } from './facts.ts'
import { amount, metaMap, type NativeOrder } from './native.ts'
import { otherLine, productLine, ratesOf, taxShares } from './order-lines.ts'
import { canonicalStatus, statusName } from './order-status.ts'
import { decodeRefunds } from './refunds.ts'
import type { WooSettings } from './settings.ts'
import { idOrNull, plain } from './text.ts'

/** A WooCommerce order as the canonical one. Its totals agree to the last digit; see `totals.rounding`. */
export function decodeOrder(native: NativeOrder, context: Context<WooSettings>): Order {
  const facts = readFacts(context.facts, context.settings.shopUrl)
  const meta = metaMap(native.meta_data)
  const rates = ratesOf(native)
  const lines = (native.line_items ?? []).map((line) => productLine(line, rates))
  const shippingLines = (native.shipping_lines ?? []).map((line) => otherLine('shipping', line, rates))
  const fees = (native.fee_lines ?? []).map((line) => otherLine('fee', line, rates))
  const refunds = decodeRefunds(native)
  const totals = totalsOf(native, lines, fees, refunds)
  const billing = decodeAddress(native.billing)
  const shipping = decodeAddress(native.shipping)
  return {
    id: String(native.id),
    modifiedAt: gmt(native.date_modified_gmt),
    createdAt: gmt(native.date_created_gmt),
    url: adminUrl(native.id, facts),
    native: nativeOf(native, meta),
    number: plain(native['number']) || String(native.id),
    status: {
      canonical: canonicalStatus(native.status),
      source: native.status,
      name: statusName(native.status, facts.orderStatuses),
    },
    currency: native.currency || facts.currency,
    pricesIncludeTax: native['prices_include_tax'] === true,
    completedAt: gmt(native.date_completed_gmt),
    channel: plain(native['created_via']),
    payment: paymentOf(native, totals),
    customer: customerOf(native, billing, shipping, vatIdOf(meta, context.settings.vatMetaKeys)),
    billing,
    shipping,
    lines,
    shippingLines,
    fees,
    discounts: (native.coupon_lines ?? []).map((coupon) => ({
      code: plain(coupon.code),
      amount: amount(coupon.discount),
      tax: amount(coupon.discount_tax),
    })),
    refunds,
    taxes: taxShares(native),
    totals,
    customerNote: plain(native['customer_note']),
    tracking: trackingOf(meta),
  }
}

/** Where an order is edited: on a screen of its own with order tables (HPOS), as a post without. */
const adminUrl = (id: number, facts: ShopFacts): string =>
  facts.hpos === false
    ? `${facts.adminUrl}/post.php?post=${id}&action=edit`
    : `${facts.adminUrl}/admin.php?page=wc-orders&action=edit&id=${id}`

/** The raw order with its custom fields by name; without where the buyer sat and with what browser. */
function nativeOf(native: NativeOrder, meta: Record<string, unknown>): Order['native'] {
  const { customer_ip_address: _address, customer_user_agent: _agent, _links, ...rest } = native
  return { ...rest, meta }
}

function customerOf(
  native: NativeOrder,
  billing: Order['billing'],
  shipping: Order['shipping'],
  vatId: string,
): Order['customer'] {
  const customerId = idOrNull(native['customer_id'])
  return {
    customerId,
    guest: customerId === null,
    email: emailOrNull(billing.email),
    firstName: billing.firstName || shipping.firstName,
    lastName: billing.lastName || shipping.lastName,
    phone: billing.phone || shipping.phone,
    company: billing.company,
    vatId,
    group: '',
  }
}

/** Paid is what has a payment date: a status says nothing, shops ship on account and refund what was never paid. */
function paymentOf(native: NativeOrder, totals: OrderTotals): Order['payment'] {
  const paidAt = gmt(native.date_paid_gmt)
  return {
    status: paymentStatus(native, totals, paidAt !== null),
    method: plain(native['payment_method']),
    methodName: plain(native['payment_method_title']),
    transactionId: plain(native['transaction_id']),
    paidAt,
  }
}

function paymentStatus(native: NativeOrder, totals: OrderTotals, paid: boolean): Order['payment']['status'] {
  if (native.status === 'refunded') return 'refunded'
  if (!isZero(totals.refunded)) {
    return compare(totals.refunded, totals.total) >= 0 ? 'refunded' : 'partially_refunded'
  }
  return paid ? 'paid' : 'unpaid'
}

/**
 * Sums from the lines, so that they are the lines' own; tax and total are the order's. What WooCommerce's rounding
 * leaves between them (a cent, now and then) is `rounding`.
 */
function totalsOf(
  native: NativeOrder,
  lines: Order['lines'],
  fees: Order['fees'],
  refunds: readonly Refund[],
): OrderTotals {
  return completeTotals({
    lines: add(...lines.flatMap((line) => (line.discount === '0' ? [line.net] : [line.net, line.discount]))),
    shipping: amount(native.shipping_total),
    shippingTax: amount(native.shipping_tax),
    fees: add(...fees.map((fee) => fee.net)),
    discount: add(...lines.map((line) => line.discount)),
    discountTax: amount(native.discount_tax),
    tax: amount(native.total_tax),
    total: amount(native.total),
    refunded: add(...refunds.map((refund) => refund.total)),
  })
}

/** Parcels as WooCommerce's Shipment Tracking extension keeps them; other plugins' are reached through `native.meta`. */
function trackingOf(meta: Readonly<Record<string, unknown>>): Order['tracking'] {
  const items = meta['_wc_shipment_tracking_items']
  if (!Array.isArray(items)) return []
  return (items as Record<string, unknown>[])
    .filter((item) => typeof item?.['tracking_number'] === 'string')
    .map((item) => ({
      carrier: plain(item['tracking_provider']) || plain(item['custom_tracking_provider']),
      number: plain(item['tracking_number']),
      url: plain(item['custom_tracking_link']),
    }))
}
