import { parseDate, UTC } from './dates.ts'
import { emptyAddress, type Address, type CouponLine, type LineItem, type Meta, type Order, type Product, type RateTax, type Refund, type TaxLine } from './model.ts' // prettier-ignore
import type { FeeLine, ShippingLine } from './model.ts'
import { isObject, list, number, type Json } from './php.ts'

/** The way back from answers of the REST API to what a shop holds. Amounts have the two decimals they were shown with. */

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value))
const rows = (value: unknown): Json[] => list(value).filter(isObject)

/** Epoch seconds of a `*_gmt` date. */
export const seconds = (value: unknown): number | null =>
  typeof value === 'string' ? parseDate(value, UTC, true) : null

export const personOf = (body: Json): Address => ({ ...emptyAddress(), ...body })

const taxesOf = (value: unknown): RateTax[] =>
  rows(value).map((tax) => ({
    id: number(tax['id']),
    total: number(tax['total']),
    subtotal: tax['subtotal'] === '' ? null : number(tax['subtotal']),
  }))

const metaOf = (value: unknown): Meta[] =>
  rows(value).map(({ id, key, value: held }) => ({ id: number(id), key: text(key), value: held }))

function lineOf(body: Json): LineItem {
  const cost = body['cost_of_goods_sold'] as Json | undefined
  const quantity = number(body['quantity'])
  return {
    id: number(body['id']),
    name: text(body['name']),
    productId: number(body['product_id']),
    variationId: number(body['variation_id']),
    quantity,
    taxClass: text(body['tax_class']),
    subtotal: number(body['subtotal']),
    subtotalTax: number(body['subtotal_tax']),
    total: number(body['total']),
    totalTax: number(body['total_tax']),
    taxes: taxesOf(body['taxes']),
    meta: rows(body['meta_data']).map((meta) => ({
      id: number(meta['id']),
      key: text(meta['key']),
      value: meta['value'],
      displayKey: text(meta['display_key']),
      displayValue: text(meta['display_value']),
    })),
    sku: body['sku'] as string | null,
    gtin: (body['global_unique_id'] ?? null) as string | null,
    image: body['image'] as LineItem['image'],
    parentName: body['parent_name'] as string | null,
    cost: cost ? number(cost['value']) / (quantity || 1) : null,
  }
}

const shippingLineOf = (body: Json): ShippingLine => ({
  id: number(body['id']),
  methodTitle: text(body['method_title']),
  methodId: text(body['method_id']),
  instanceId: text(body['instance_id']),
  total: number(body['total']),
  totalTax: number(body['total_tax']),
  taxes: taxesOf(body['taxes']),
  taxStatus: text(body['tax_status']),
  meta: metaOf(body['meta_data']),
})

const feeLineOf = (body: Json): FeeLine => ({
  id: number(body['id']),
  name: text(body['name']),
  taxClass: text(body['tax_class']),
  taxStatus: text(body['tax_status']),
  total: number(body['total']),
  totalTax: number(body['total_tax']),
  taxes: taxesOf(body['taxes']),
  meta: metaOf(body['meta_data']),
})

function couponLineOf(body: Json): CouponLine {
  const info = rows(body['meta_data']).find((meta) => meta['key'] === 'coupon_info')
  const [couponId] = JSON.parse(text(info?.['value'] ?? '[0]')) as [number]
  return {
    id: number(body['id']),
    couponId,
    code: text(body['code']),
    type: text(body['discount_type']),
    amount: number(body['nominal_amount']),
    freeShipping: body['free_shipping'] === true,
    discount: number(body['discount']),
    discountTax: number(body['discount_tax']),
    metaId: number(info?.['id']),
  }
}

const taxLineOf = (body: Json): TaxLine => ({
  id: number(body['id']),
  rateId: number(body['rate_id']),
  rateCode: text(body['rate_code']),
  label: text(body['label']),
  compound: body['compound'] === true,
  percent: number(body['rate_percent']),
  tax: number(body['tax_total']),
  shippingTax: number(body['shipping_tax_total']),
})

/** Without its refunds, of which an order shows only the sums. */
export function orderOf(body: Json): Order {
  return {
    id: number(body['id']),
    status: text(body['status']),
    createdAt: seconds(body['date_created_gmt']) ?? 0,
    modifiedAt: seconds(body['date_modified_gmt']) ?? 0,
    paidAt: seconds(body['date_paid_gmt']),
    completedAt: seconds(body['date_completed_gmt']),
    customerId: number(body['customer_id']),
    orderKey: text(body['order_key']),
    billing: personOf(body['billing'] as Json),
    shipping: personOf(body['shipping'] as Json),
    currency: text(body['currency']),
    paymentMethod: text(body['payment_method']),
    paymentMethodTitle: text(body['payment_method_title']),
    transactionId: text(body['transaction_id']),
    customerIp: text(body['customer_ip_address']),
    userAgent: text(body['customer_user_agent']),
    createdVia: text(body['created_via']),
    customerNote: text(body['customer_note']),
    cartHash: text(body['cart_hash']),
    number: text(body['number']),
    parentId: number(body['parent_id']),
    meta: metaOf(body['meta_data']),
    lines: rows(body['line_items']).map(lineOf),
    taxLines: rows(body['tax_lines']).map(taxLineOf),
    shippingLines: rows(body['shipping_lines']).map(shippingLineOf),
    feeLines: rows(body['fee_lines']).map(feeLineOf),
    couponLines: rows(body['coupon_lines']).map(couponLineOf),
    refunds: [],
    discountTotal: number(body['discount_total']),
    discountTax: number(body['discount_tax']),
    shippingTotal: number(body['shipping_total']),
    shippingTax: number(body['shipping_tax']),
    cartTax: number(body['cart_tax']),
    total: number(body['total']),
  }
}

export const refundOf = (body: Json, orderId: number): Refund => ({
  id: number(body['id']),
  orderId,
  createdAt: seconds(body['date_created_gmt']) ?? 0,
  amount: number(body['amount']),
  reason: text(body['reason']),
  refundedPayment: body['refunded_payment'] === true,
  metaId: number(rows(body['meta_data'])[0]?.['id']),
  lines: rows(body['line_items']).map(lineOf),
  shippingLines: rows(body['shipping_lines']).map(shippingLineOf),
  feeLines: rows(body['fee_lines']).map(feeLineOf),
  taxLines: rows(body['tax_lines']).map(taxLineOf),
})

const plain = (value: unknown): string => text(value).replace(/<\/?p>|\n$/g, '')
/** Price and stock: a variation counts its stock itself unless it says `parent`. */
const tradeOf = (body: Json) => ({
  regularPrice: text(body['regular_price']),
  salePrice: text(body['sale_price']),
  saleFrom: seconds(body['date_on_sale_from_gmt']),
  saleTo: seconds(body['date_on_sale_to_gmt']),
  taxStatus: text(body['tax_status']),
  taxClass: text(body['tax_class']),
  manageStock: body['manage_stock'] === true,
  stock: body['stock_quantity'] === null ? null : number(body['stock_quantity']),
  stockStatus: text(body['stock_status']),
  backorders: text(body['backorders']),
  lowStock: null,
  cost: null,
})

/** A product or a variation. Terms are left out: they have ids of the shop they were recorded at. */
export function productOf(body: Json): Product {
  const variation = body['type'] === 'variation'
  return {
    id: number(body['id']),
    parentId: number(body['parent_id']),
    type: text(body['type']),
    name: text(body['name']),
    slug: text(body['slug']),
    status: text(body['status']),
    createdAt: seconds(body['date_created_gmt']) ?? 0,
    modifiedAt: seconds(body['date_modified_gmt']) ?? 0,
    featured: false,
    visibility: text(body['catalog_visibility'] ?? 'visible'),
    description: plain(body['description']),
    shortDescription: plain(body['short_description']),
    sku: text(body['sku']),
    gtin: text(body['global_unique_id']),
    ...tradeOf(body),
    totalSales: number(body['total_sales'] ?? 0),
    virtual: body['virtual'] === true,
    downloadable: body['downloadable'] === true,
    downloads: [],
    externalUrl: '',
    buttonText: '',
    soldIndividually: body['sold_individually'] === true,
    weight: text(body['weight']),
    dimensions: body['dimensions'] as Product['dimensions'],
    shippingClassId: 0,
    reviewsAllowed: true,
    upsells: [],
    crossSells: [],
    grouped: [],
    purchaseNote: '',
    categories: [],
    brands: [],
    tags: [],
    images: [],
    attributes: variation ? [] : (body['attributes'] as Product['attributes']),
    choices: variation ? (body['attributes'] as Product['choices']) : [],
    defaults: [],
    menuOrder: number(body['menu_order']),
    meta: metaOf(body['meta_data']),
  }
}
