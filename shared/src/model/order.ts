import { z } from 'zod'
import { Address } from './address.ts'
import { Instant, Quantity, RecordBase } from './common.ts'
import { Amount, Currency } from './money.ts'
import { Party } from './party.ts'

/** Where an order stands, in words every system's own status can be told in. `status.source` keeps the own one. */
export const ORDER_STATUSES = [
  'draft', 'pending', 'on_hold', 'processing', 'shipped', 'completed', 'cancelled', 'refunded', 'failed', 'deleted', 'other',
] as const // prettier-ignore
export const OrderStatus = z.enum(ORDER_STATUSES)
export type OrderStatus = z.infer<typeof OrderStatus>

export const PaymentStatus = z.enum(['unpaid', 'paid', 'partially_refunded', 'refunded'])

/** One rate's share of a document: `base` without tax, `rate` in percent, both as decimal text where known. */
export const TaxShare = z.object({
  rate: Amount.nullable(),
  name: z.string(),
  code: z.string(),
  amount: Amount,
  base: Amount.nullable(),
})
export type TaxShare = z.infer<typeof TaxShare>

/**
 * A line. `net`, `tax` and `gross` are after the line's share of discounts; `discount` is that share, without tax.
 * `unitNet` and `unitGross` are before discounts and may carry many digits; documents are built from line amounts.
 */
export const OrderLine = z.object({
  id: z.string(),
  kind: z.enum(['product', 'shipping', 'fee']),
  name: z.string(),
  sku: z.string(),
  gtin: z.string(),
  productId: z.string().nullable(),
  variantId: z.string().nullable(),
  quantity: Quantity,
  unitNet: Amount,
  unitGross: Amount,
  discount: Amount,
  net: Amount,
  tax: Amount,
  gross: Amount,
  taxRate: Amount.nullable(),
  taxClass: z.string(),
  /** Chosen options ("Size" → "250 g"), in the source's order. */
  options: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Shipping method's or fee's code at the source; empty for products. */
  code: z.string(),
  native: z.record(z.string(), z.unknown()),
})
export type OrderLine = z.infer<typeof OrderLine>

export const OrderDiscount = z.object({ code: z.string(), amount: Amount, tax: Amount })

/** A refund of an order; amounts are positive. `total` includes tax. */
export const Refund = z.object({
  id: z.string(),
  createdAt: Instant.nullable(),
  reason: z.string(),
  total: Amount,
  tax: Amount,
  lines: z.array(
    z.object({
      lineId: z.string().nullable(),
      sku: z.string(),
      quantity: Quantity,
      net: Amount,
      tax: Amount,
    }),
  ),
})
export type Refund = z.infer<typeof Refund>

/**
 * Sums of an order. Lines, shipping and fees are without tax and before discounts; `discount` is without tax.
 * Invariant: lines + shipping + fees − discount + tax + rounding = total, exactly; `rounding` holds what the source's
 * own rounding left over.
 */
export const OrderTotals = z.object({
  lines: Amount,
  shipping: Amount,
  shippingTax: Amount,
  fees: Amount,
  discount: Amount,
  discountTax: Amount,
  tax: Amount,
  rounding: Amount,
  total: Amount,
  refunded: Amount,
  /** total − refunded */
  remaining: Amount,
})
export type OrderTotals = z.infer<typeof OrderTotals>

export const Order = z.object({
  ...RecordBase,
  number: z.string(),
  status: z.object({ canonical: OrderStatus, source: z.string(), name: z.string() }),
  currency: Currency,
  pricesIncludeTax: z.boolean(),
  completedAt: Instant.nullable(),
  channel: z.string(),
  payment: z.object({
    status: PaymentStatus,
    method: z.string(),
    methodName: z.string(),
    transactionId: z.string(),
    paidAt: Instant.nullable(),
  }),
  customer: Party,
  billing: Address,
  shipping: Address,
  lines: z.array(OrderLine),
  shippingLines: z.array(OrderLine),
  fees: z.array(OrderLine),
  discounts: z.array(OrderDiscount),
  refunds: z.array(Refund),
  taxes: z.array(TaxShare),
  totals: OrderTotals,
  customerNote: z.string(),
  tracking: z.array(z.object({ carrier: z.string(), number: z.string(), url: z.string() })),
})
export type Order = z.infer<typeof Order>
