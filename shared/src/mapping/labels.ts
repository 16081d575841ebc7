/** Labels that cannot be made from a field's name, by path. */
export const LABELS: Readonly<Record<string, string>> = {
  id: 'Id at the source',
  number: 'Number',
  modifiedAt: 'Last changed',
  createdAt: 'Created',
  url: 'Link at the source',
  'status.canonical': 'Status',
  'status.source': 'Status at the source (code)',
  'status.name': 'Status at the source (name)',
  currency: 'Currency',
  pricesIncludeTax: 'Prices include tax',
  channel: 'Sales channel',
  'payment.status': 'Payment status',
  'payment.method': 'Payment method (code)',
  'payment.methodName': 'Payment method (name)',
  'payment.transactionId': 'Payment transaction',
  'payment.paidAt': 'Paid on',
  'customer.customerId': 'Customer id at the source',
  'customer.guest': 'Customer is a guest',
  'customer.email': 'Customer e-mail',
  'totals.lines': 'Total of the lines, without tax and before discounts',
  'totals.shipping': 'Shipping, without tax',
  'totals.shippingTax': 'Tax on shipping',
  'totals.fees': 'Fees, without tax',
  'totals.discount': 'Discount, without tax',
  'totals.discountTax': 'Tax on the discount',
  'totals.tax': 'Total tax',
  'totals.rounding': 'Rounding',
  'totals.total': 'Total',
  'totals.refunded': 'Refunded',
  'totals.remaining': 'Total after refunds',
  shippingLines: 'Shipping lines',
  lines: 'Product lines',
  taxes: 'Tax by rate',
  customerNote: 'Note of the customer',
  tracking: 'Parcels',
  'price.regular': 'Regular price',
  'price.sale': 'Sale price',
  'price.current': 'Price now',
  'price.includesTax': 'Price includes tax',
  'price.cost': 'Cost price',
  'stock.managed': 'Stock is counted',
  'stock.quantity': 'Stock quantity',
  'stock.inStock': 'In stock',
  shortDescription: 'Short description',
  vatId: 'VAT number',
  registrationNumber: 'Registration number',
  ordersCount: 'Number of orders',
  acceptsMarketing: 'Accepts marketing',
  onHand: 'On hand',
  managed: 'Stock is counted',
  'item.net': 'Line amount, without tax',
  'item.gross': 'Line amount, with tax',
  'item.tax': 'Line tax',
  'item.discount': 'Line discount, without tax',
  'item.unitNet': 'Unit price, without tax',
  'item.unitGross': 'Unit price, with tax',
  'item.kind': 'Kind of line',
  'item.code': 'Shipping method or fee (code)',
  'item.taxRate': 'Tax rate in percent',
  'item.taxClass': 'Tax class',
}

/** Names of groups by the first part of a path. */
export const GROUPS: Readonly<Record<string, string>> = {
  status: 'Status',
  payment: 'Payment',
  customer: 'Customer',
  billing: 'Billing address',
  shipping: 'Shipping address',
  totals: 'Totals',
  price: 'Price',
  stock: 'Stock',
  image: 'Image',
  item: 'Line',
  flow: 'Flow',
}

const WORDS: Readonly<Record<string, string>> = {
  id: 'id', sku: 'SKU', gtin: 'GTIN (EAN)', vat: 'VAT', url: 'link', pdf: 'PDF', email: 'e-mail', street2: 'street, second line',
} // prettier-ignore

/** Words of a camel-case name: `postalCode` is "postal code". */
export const wordsOf = (name: string): string =>
  name
    .replace(/_/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(' ')
    .map((word) => WORDS[word] ?? word)
    .join(' ')

/** Label of a field from its path, by the table above or made from the names in it. */
export function labelOf(path: readonly string[]): string {
  const key = path.join('.')
  const known = LABELS[key]
  if (known !== undefined) return known
  const inside = path[0] === 'item' ? path.slice(1) : path
  const parent = inside.length > 1 ? LABELS[inside.join('.')] : undefined
  if (parent !== undefined) return parent
  const text = inside.map(wordsOf).join(' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
