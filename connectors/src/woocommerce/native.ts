import { z } from 'zod'

/**
 * Records as `wc/v3` gives them. Only what decoding leans on is checked, and loosely: plugins add fields, leave some
 * out and change the types of others, and one odd field must not cost a whole order.
 */
const Money = z
  .custom<string | number | null>(
    (value) =>
      value === null ||
      value === '' ||
      ((typeof value === 'string' || typeof value === 'number') && isReadable(value)),
    'an amount is text or a number',
  )
  .optional()
const Id = z.int().nonnegative()
/** A list; missing counts as empty when it is read. */
const listOf = <T>(name: string) =>
  z.custom<T[]>((value) => Array.isArray(value), `${name} is a list`).optional()
const Meta = listOf<NativeMeta>('meta_data')
const Gmt = z.string().nullish()

export interface NativeMeta {
  key: string
  value: unknown
  display_key?: unknown
  display_value?: unknown
}

export interface NativeTax {
  id: number | string
  total: string | number
}

/** A line of an order: product, shipping or fee; which fields it has depends on that. */
export interface NativeLine {
  id: number
  name?: string
  product_id?: number
  variation_id?: number
  quantity?: number | string
  tax_class?: string
  subtotal?: string | number
  subtotal_tax?: string | number
  total?: string | number
  total_tax?: string | number
  taxes?: NativeTax[]
  meta_data?: NativeMeta[]
  sku?: string | null
  global_unique_id?: string
  method_title?: string
  method_id?: string
  [other: string]: unknown
}

export interface NativeTaxLine {
  rate_id: number
  rate_code?: string
  label?: string
  compound?: boolean
  tax_total?: string | number
  shipping_tax_total?: string | number
  rate_percent?: number | string | null
}

export interface NativeCoupon {
  code?: string
  discount?: string | number
  discount_tax?: string | number
}

/** The short form in `orders[].refunds`; `total` is negative and includes tax. */
export interface NativeShortRefund {
  id: number
  reason?: string | null
  total?: string | number
}

/** A refund of its own route. `amount` is positive, its lines are negative. */
export interface NativeRefund {
  id: number
  date_created_gmt?: string | null
  amount?: string | number
  reason?: string | null
  line_items?: NativeLine[]
  shipping_lines?: NativeLine[]
  fee_lines?: NativeLine[]
  tax_lines?: NativeTaxLine[]
}

export type NativeAddress = Readonly<Record<string, unknown>>
const Address = z
  .custom<NativeAddress>((value) => typeof value === 'object' && value !== null, 'an address is an object')
  .optional()

export const NativeOrder = z.looseObject({
  id: Id,
  status: z.string(),
  currency: z.string(),
  total: Money,
  total_tax: Money,
  shipping_total: Money,
  shipping_tax: Money,
  discount_tax: Money,
  date_created_gmt: Gmt,
  date_modified_gmt: Gmt,
  date_paid_gmt: Gmt,
  date_completed_gmt: Gmt,
  billing: Address,
  shipping: Address,
  meta_data: Meta,
  line_items: listOf<NativeLine>('line_items'),
  shipping_lines: listOf<NativeLine>('shipping_lines'),
  fee_lines: listOf<NativeLine>('fee_lines'),
  tax_lines: listOf<NativeTaxLine>('tax_lines'),
  coupon_lines: listOf<NativeCoupon>('coupon_lines'),
  refunds: listOf<NativeShortRefund>('refunds'),
  /** Ours: the refunds in full, where a flow needs their lines. */
  refund_records: listOf<NativeRefund>('refund_records'),
})
export type NativeOrder = z.infer<typeof NativeOrder>

export const NativeCustomer = z.looseObject({
  id: Id,
  email: z.string().nullish(),
  date_created_gmt: Gmt,
  date_modified_gmt: Gmt,
  billing: Address,
  shipping: Address,
  meta_data: Meta,
})
export type NativeCustomer = z.infer<typeof NativeCustomer>

/** A product, or a variation where it is listed on its own or hangs in `variation_records`. */
export const NativeProduct = z.looseObject({
  id: Id,
  name: z.string().nullish(),
  type: z.string().nullish(),
  status: z.string(),
  sku: z.string().nullish(),
  parent_id: z.int().nullish(),
  date_created_gmt: Gmt,
  date_modified_gmt: Gmt,
  price: Money,
  regular_price: Money,
  sale_price: Money,
  stock_quantity: Money,
  meta_data: Meta,
  /** Ours: a variable product's variations, where a flow needs them. */
  variation_records: listOf<Readonly<Record<string, unknown> & { id: number }>>('variation_records'),
})
export type NativeProduct = z.infer<typeof NativeProduct>

/** Custom fields by name; of several with one name the last counts. */
export const metaMap = (meta: readonly NativeMeta[] | undefined): Record<string, unknown> => {
  const pairs: [string, unknown][] = []
  for (const one of meta ?? []) if (typeof one?.key === 'string') pairs.push([one.key, one.value])
  // fromEntries makes own properties even of names such as `__proto__`.
  return Object.fromEntries(pairs)
}

const DECIMAL = /^-?\d{1,30}(?:\.\d{1,12})?$/

/** Larger than any amount: it would be taken for 0, and an order of 0 is a lie. */
const TOO_LARGE = 1e20

const isReadable = (value: string | number): boolean =>
  (typeof value === 'string' && DECIMAL.test(value)) || Math.abs(Number(value)) < TOO_LARGE

/** An amount of WooCommerce's as decimal text; empty, missing and unreadable ones are "0". */
export function amount(value: unknown): string {
  if (typeof value === 'string' && DECIMAL.test(value)) return value
  return amountOrNull(value) ?? '0'
}

/** As `amount`, but null where there is none: an empty price is no price, not 0. */
export function amountOrNull(value: unknown): string | null {
  if (typeof value === 'string') {
    if (DECIMAL.test(value)) return value
    const parsed = Number(value)
    return value.trim() === '' || !Number.isFinite(parsed) ? null : numberText(parsed)
  }
  return typeof value === 'number' && Number.isFinite(value) ? numberText(value) : null
}

/** A number as decimal text without an exponent, up to 9 digits after the point. */
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value)
  const fixed = Math.abs(value) < TOO_LARGE ? value.toFixed(9).replace(/\.?0+$/, '') : '0'
  return fixed === '-0' || fixed === '' ? '0' : fixed
}
