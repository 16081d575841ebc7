/** One direction of an association type. `reverse` is the id written on the other side at the same time. */
export interface LinkType {
  id: number
  from: string
  to: string
  reverse: number
  /** At most one company may be linked with this type per record. */
  primary: boolean
  label: string | null
  category: 'HUBSPOT_DEFINED' | 'USER_DEFINED'
}

type Row = [from: string, to: string, id: number, reverse: number, label?: string, reverseLabel?: string]

/** HubSpot's own types in documented pairs; a pair's first row is its default, a primary row carries the label. */
const TABLE: Row[] = [
  ['contacts', 'companies', 279, 280],
  ['contacts', 'companies', 1, 2, 'Primary', 'Primary'],
  ['companies', 'contacts', 930, 931, 'Billing contact', 'Billing contact'],
  ['companies', 'companies', 13, 14, 'Child Company', 'Parent Company'],
  ['deals', 'contacts', 3, 4],
  ['deals', 'companies', 341, 342],
  ['deals', 'companies', 5, 6, 'Primary', 'Primary'],
  ['deals', 'line_items', 19, 20],
  ['deals', 'carts', 1346, 1347],
  ['deals', 'invoices', 176, 175],
  ['invoices', 'contacts', 177, 178],
  ['invoices', 'companies', 179, 180],
  ['invoices', 'line_items', 409, 410],
  ['invoices', 'discounts', 411, 412],
  ['invoices', 'fees', 413, 414],
  ['invoices', 'taxes', 415, 416],
  ['invoices', 'commerce_payments', 541, 542],
  ['invoices', 'quotes', 407, 408],
  ['invoices', 'subscriptions', 622, 623],
  ['orders', 'contacts', 507, 508],
  ['orders', 'companies', 934, 935],
  ['orders', 'companies', 509, 510, 'Primary', 'Primary'],
  ['orders', 'deals', 512, 511],
  ['orders', 'line_items', 513, 514],
  ['orders', 'carts', 593, 592],
  ['orders', 'invoices', 518, 517],
  ['orders', 'commerce_payments', 523, 524],
  ['orders', 'discounts', 519, 520],
  ['orders', 'quotes', 730, 731],
  ['orders', 'subscriptions', 516, 515],
  ['orders', 'tickets', 525, 526],
  ['orders', 'tasks', 726, 727],
  ['carts', 'contacts', 586, 587],
  ['carts', 'line_items', 590, 591],
  ['carts', 'discounts', 588, 589],
  ['line_items', 'discounts', 368, 367],
  ['line_items', 'quotes', 68, 67],
  ['notes', 'contacts', 202, 201],
  ['notes', 'companies', 190, 189],
  ['notes', 'deals', 214, 213],
  ['notes', 'orders', 765, 764],
]

/** A line item belongs to one record among these. */
export const LINE_ITEM_PARENTS: ReadonlySet<string> = new Set([
  'deals',
  'orders',
  'carts',
  'invoices',
  'quotes',
  'subscriptions',
])

/** The association types of one account: HubSpot's own and those defined by users. */
export interface LinkTypes {
  /** Types from one object to another, the default first. */
  between(from: string, to: string): LinkType[]
  byId(from: string, to: string, id: number): LinkType | undefined
  /** The type with that id from an object, whatever it leads to. */
  from(from: string, id: number): LinkType | undefined
  /** Adds a user's label in both directions and gives both. */
  define(from: string, to: string, label: string, inverseLabel: string): LinkType[]
  rename(from: string, to: string, id: number, label: string): boolean
  remove(from: string, to: string, id: number): boolean
}

export function createLinkTypes(): LinkTypes {
  const pairs = new Map<string, Map<number, LinkType>>()
  const bySource = new Map<string, Map<number, LinkType>[]>()
  let lastUserType = 0
  const add = (type: LinkType): LinkType => {
    const key = `${type.from}>${type.to}`
    let types = pairs.get(key)
    if (!types) {
      types = new Map()
      pairs.set(key, types)
      bySource.set(type.from, [...(bySource.get(type.from) ?? []), types])
    }
    types.set(type.id, type)
    return type
  }
  const addBoth = (row: Row, category: LinkType['category']): LinkType[] => {
    const [from, to, id, reverse, label = null, reverseLabel = null] = row
    const primary = label === 'Primary' && category === 'HUBSPOT_DEFINED'
    return [
      add({ id, from, to, reverse, primary, label, category }),
      add({ id: reverse, from: to, to: from, reverse: id, primary, label: reverseLabel, category }),
    ]
  }
  for (const row of TABLE) addBoth(row, 'HUBSPOT_DEFINED')

  const owned = (from: string, to: string, id: number): LinkType | undefined => {
    const type = pairs.get(`${from}>${to}`)?.get(id)
    return type?.category === 'USER_DEFINED' ? type : undefined
  }
  return {
    between: (from, to) => [...(pairs.get(`${from}>${to}`)?.values() ?? [])],
    from(from, id) {
      for (const types of bySource.get(from) ?? []) {
        const type = types.get(id)
        if (type) return type
      }
      return undefined
    },
    byId: (from, to, id) => pairs.get(`${from}>${to}`)?.get(id),
    define(from, to, label, inverseLabel) {
      const id = (lastUserType += 2) - 1
      return addBoth([from, to, id + 100_000, id + 100_001, label, inverseLabel], 'USER_DEFINED')
    },
    rename(from, to, id, label) {
      const type = owned(from, to, id)
      if (type) type.label = label
      return type !== undefined
    },
    remove(from, to, id) {
      const type = owned(from, to, id)
      if (!type) return false
      pairs.get(`${from}>${to}`)?.delete(id)
      pairs.get(`${to}>${from}`)?.delete(type.reverse)
      return true
    },
  }
}
