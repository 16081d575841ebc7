export type * from './catalogue-model.ts'

/** Moments are epoch seconds; money is a number with up to six decimals, as WooCommerce stores it. */

export interface Meta {
  id: number
  key: string
  value: unknown
}

export interface Address {
  first_name: string
  last_name: string
  company: string
  address_1: string
  address_2: string
  city: string
  state: string
  postcode: string
  country: string
  email: string
  phone: string
}

/** Tax of one line per rate id; `subtotal` is absent on shipping and fee lines. */
export interface RateTax {
  id: number
  total: number
  subtotal: number | null
}

export interface LineItem {
  id: number
  name: string
  productId: number
  variationId: number
  quantity: number
  taxClass: string
  subtotal: number
  subtotalTax: number
  total: number
  totalTax: number
  taxes: RateTax[]
  meta: (Meta & { displayKey: string; displayValue: string })[]
  sku: string | null
  gtin: string | null
  image: { id: number | string; src: string }
  parentName: string | null
  /** Cost of one piece, null where the product has none. */
  cost: number | null
}

export interface ShippingLine {
  id: number
  methodTitle: string
  methodId: string
  instanceId: string
  total: number
  totalTax: number
  taxes: RateTax[]
  taxStatus: string
  meta: Meta[]
}

export interface FeeLine {
  id: number
  name: string
  taxClass: string
  taxStatus: string
  total: number
  totalTax: number
  taxes: RateTax[]
  meta: Meta[]
}

export interface CouponLine {
  id: number
  couponId: number
  code: string
  type: string
  amount: number
  freeShipping: boolean
  discount: number
  discountTax: number
  metaId: number
}

export interface TaxLine {
  id: number
  rateId: number
  rateCode: string
  label: string
  compound: boolean
  percent: number
  tax: number
  shippingTax: number
}

export interface Refund {
  id: number
  orderId: number
  createdAt: number
  amount: number
  reason: string
  refundedPayment: boolean
  metaId: number
  lines: LineItem[]
  shippingLines: ShippingLine[]
  feeLines: FeeLine[]
  taxLines: TaxLine[]
}

export interface Order {
  id: number
  status: string
  createdAt: number
  modifiedAt: number
  paidAt: number | null
  completedAt: number | null
  customerId: number
  orderKey: string
  billing: Address
  shipping: Address
  currency: string
  paymentMethod: string
  paymentMethodTitle: string
  transactionId: string
  customerIp: string
  userAgent: string
  createdVia: string
  customerNote: string
  cartHash: string
  number: string
  parentId: number
  meta: Meta[]
  lines: LineItem[]
  taxLines: TaxLine[]
  shippingLines: ShippingLine[]
  feeLines: FeeLine[]
  couponLines: CouponLine[]
  refunds: Refund[]
  discountTotal: number
  discountTax: number
  shippingTotal: number
  shippingTax: number
  cartTax: number
  total: number
}

export interface Note {
  id: number
  orderId: number
  createdAt: number
  text: string
  toCustomer: boolean
  author: string
}

export interface Customer {
  id: number
  createdAt: number
  modifiedAt: number | null
  email: string
  firstName: string
  lastName: string
  role: string
  username: string
  billing: Address
  shipping: Address
  paying: boolean
  meta: Meta[]
}

export interface Webhook {
  id: number
  name: string
  status: string
  topic: string
  deliveryUrl: string
  secret: string
  createdAt: number
  modifiedAt: number | null
  failureCount: number
  /** Key that made it: deliveries are made with the rights of its user. Null: a user without the API. */
  owner: string | null
}

export const emptyAddress = (): Address => ({
  first_name: '',
  last_name: '',
  company: '',
  address_1: '',
  address_2: '',
  city: '',
  state: '',
  postcode: '',
  country: '',
  email: '',
  phone: '',
})
