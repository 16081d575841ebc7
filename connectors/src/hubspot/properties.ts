import { KEY_PROPERTY, type ObjectName } from './object-types.ts'

/** Group our properties stand in, on every object. */
export const PROPERTY_GROUP = { name: 'crosswalk', label: 'Crosswalk' } as const

/** A property as HubSpot's properties API takes it, without its group. */
export interface PropertyDefinition {
  name: string
  label: string
  description: string
  type: 'string' | 'number' | 'datetime' | 'bool'
  fieldType: 'text' | 'textarea' | 'number' | 'date' | 'booleancheckbox'
  hasUniqueValue?: true
  options?: readonly { label: string; value: string; displayOrder: number; hidden: boolean }[]
}

type Kind = 'text' | 'textarea' | 'number' | 'datetime' | 'bool'
const YES_NO = [
  { label: 'Yes', value: 'true', displayOrder: 0, hidden: false },
  { label: 'No', value: 'false', displayOrder: 1, hidden: false },
] as const

const KINDS: Readonly<Record<Kind, Pick<PropertyDefinition, 'type' | 'fieldType' | 'options'>>> = {
  text: { type: 'string', fieldType: 'text' },
  textarea: { type: 'string', fieldType: 'textarea' },
  number: { type: 'number', fieldType: 'number' },
  datetime: { type: 'datetime', fieldType: 'date' },
  bool: { type: 'bool', fieldType: 'booleancheckbox', options: YES_NO },
}

const property = (kind: Kind, name: string, label: string, description: string): PropertyDefinition => ({
  name: `crosswalk_${name}`,
  label,
  description,
  ...KINDS[kind],
})

const key = (description: string): PropertyDefinition => ({
  name: KEY_PROPERTY,
  label: 'Crosswalk key',
  description,
  ...KINDS.text,
  hasUniqueValue: true,
})

const store = property('text', 'store', 'Store', 'Name of the store this record comes from.')
/** For workflows: what was brought over from before is no news. */
const imported = property(
  'bool',
  'imported',
  'Imported',
  'Brought over from before the store was connected, with its earlier records.',
)

/** The same on orders and deals, whose own properties differ or lack half of the totals. */
const DOCUMENT: readonly PropertyDefinition[] = [
  key('Store and order id. Keeps one order from being written twice; do not change.'),
  property('text', 'order_number', 'Order number', 'Number of the order in the store.'),
  property('text', 'source_status', 'Status in the store', "The order's own status in the store."),
  property('number', 'subtotal', 'Lines', 'Sum of the lines, without tax and before discounts.'),
  property('number', 'shipping', 'Shipping', 'Shipping costs without tax.'),
  property('number', 'fees', 'Fees', 'Fees without tax.'),
  property('number', 'discount', 'Discount', 'Discounts without tax.'),
  property('number', 'tax', 'Tax', 'All tax of the order.'),
  property('number', 'rounding', 'Rounding', "What the store's own rounding left over."),
  property('number', 'total', 'Total', 'Total with tax, as the buyer paid it.'),
  property('number', 'refunded', 'Refunded', 'Amount given back so far, with tax.'),
  property('text', 'currency', 'Currency', 'Currency of all these amounts.'),
  property('datetime', 'paid_at', 'Paid at', 'When the order was paid.'),
  property('text', 'payment_method', 'Payment method', 'How the order was paid.'),
  store,
  property('text', 'order_url', 'Order in the store', 'Link to the order in the store.'),
  imported,
  property('textarea', 'customer_note', "Buyer's note", 'What the buyer wrote with the order.'),
]

/** Our properties of each object. Keys of contacts and products are HubSpot's own e-mail address and SKU. */
export const PROPERTIES: Readonly<Record<ObjectName, readonly PropertyDefinition[]>> = {
  contacts: [
    property('text', 'customer_id', 'Customer number', "The customer's id in the store."),
    property('text', 'customer_group', 'Customer group', 'Group or class of the customer in the store.'),
    property('number', 'orders_count', 'Orders in the store', 'Number of orders, as the store counts them.'),
    property('number', 'total_spent', 'Spent in the store', 'Sum of all orders, as the store counts it.'),
    store,
    imported,
  ],
  companies: [
    key('VAT number, or name and country. Keeps one company from being made twice; do not change.'),
    property('text', 'vat_id', 'VAT number', 'VAT number given at checkout.'),
    property('text', 'registration_number', 'Registration number', 'Number in the register of companies.'),
    imported,
  ],
  products: [
    property('text', 'product_id', 'Product number', "The product's id in the store."),
    property('text', 'gtin', 'GTIN', 'EAN, UPC or ISBN of the product.'),
    property('number', 'stock', 'Stock', 'Number that can be sold, as last told by the store.'),
    property('text', 'brand', 'Brand', 'Brand of the product.'),
    property('text', 'product_url', 'Product in the store', 'Link to the product in the store.'),
    imported,
  ],
  line_items: [
    key('Store, order id and line id. Keeps one line from being written twice; do not change.'),
    property('text', 'kind', 'Kind of line', 'product, shipping or fee.'),
    property('number', 'net', 'Net', 'Amount of the line after discounts, without tax.'),
    property('number', 'discount', 'Discount', "The line's share of discounts, without tax."),
    property('number', 'tax', 'Tax', 'Tax of the line.'),
    property('number', 'gross', 'Gross', 'Amount of the line after discounts, with tax.'),
    property('number', 'tax_rate', 'Tax rate', 'Tax rate of the line in percent.'),
    property('text', 'options', 'Options', 'Options chosen for the product, such as its size.'),
  ],
  deals: DOCUMENT,
  orders: DOCUMENT,
}
