/** The objects written to: name in paths, type id in links for people, words for the user. */
export const OBJECT_TYPES = {
  contacts: { typeId: '0-1', label: 'Contact', plural: 'contacts' },
  companies: { typeId: '0-2', label: 'Company', plural: 'companies' },
  products: { typeId: '0-7', label: 'Product', plural: 'products' },
  line_items: { typeId: '0-8', label: 'Line item', plural: 'line items' },
  deals: { typeId: '0-3', label: 'Deal', plural: 'deals' },
  orders: { typeId: '0-123', label: 'Order', plural: 'orders' },
} as const

export type ObjectName = keyof typeof OBJECT_TYPES
export const OBJECT_NAMES = Object.keys(OBJECT_TYPES) as readonly ObjectName[]

/** Property with our natural key, on objects that have none of their own. */
export const KEY_PROPERTY = 'crosswalk_key'

/** Property that carries an object's natural key. */
export const NATURAL_KEY: Readonly<Record<ObjectName, string>> = {
  contacts: 'email',
  companies: KEY_PROPERTY,
  products: 'hs_sku',
  line_items: KEY_PROPERTY,
  deals: KEY_PROPERTY,
  orders: KEY_PROPERTY,
}
