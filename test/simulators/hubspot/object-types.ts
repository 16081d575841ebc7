/** One CRM object type with the names HubSpot accepts for it in paths. */
export interface ObjectType {
  /** Plural path name, e.g. `line_items`. */
  name: string
  singular: string
  typeId: string
  /** Key under `associations` in a record's answer; multi-word names carry a space. */
  associationKey: string
  createdProperty: string
  modifiedProperty: string
  /** Returned by list, read and search besides id, created and modified when no `properties` are asked for. */
  defaultProperties: string[]
  /** Properties the search's `query` looks into. */
  searchable: string[]
  mergeable: boolean
  /** First record id minus one. Bases differ so that an id used with the wrong type is not found. */
  firstId: number
  /** Names of the properties that hold pipeline and stage, where the type has pipelines. */
  pipeline?: { pipeline: string; stage: string }
}

const commerce = { createdProperty: 'hs_createdate', modifiedProperty: 'hs_lastmodifieddate' }
const classic = { createdProperty: 'createdate', modifiedProperty: 'hs_lastmodifieddate' }

function objectType(
  name: string,
  singular: string,
  typeId: string,
  firstId: number,
  rest: Partial<ObjectType>,
): ObjectType {
  return {
    name,
    singular,
    typeId,
    firstId,
    associationKey: name.replaceAll('_', ' '),
    ...commerce,
    defaultProperties: [],
    searchable: [],
    mergeable: false,
    ...rest,
  }
}

/** The types the simulator knows. Ids above 2^31 occur in real portals, so some start there. */
export const OBJECT_TYPES: ObjectType[] = [
  objectType('contacts', 'contact', '0-1', 1_000, {
    createdProperty: 'createdate',
    modifiedProperty: 'lastmodifieddate',
    defaultProperties: ['firstname', 'lastname', 'email'],
    searchable: ['firstname', 'lastname', 'email', 'phone', 'company'],
    mergeable: true,
  }),
  objectType('companies', 'company', '0-2', 20_000_000_000, {
    ...classic,
    defaultProperties: ['name', 'domain'],
    searchable: ['name', 'domain', 'phone', 'website'],
    mergeable: true,
  }),
  objectType('deals', 'deal', '0-3', 30_000_000_000, {
    ...classic,
    defaultProperties: ['dealname', 'amount', 'closedate', 'pipeline', 'dealstage'],
    searchable: ['dealname', 'description'],
    mergeable: true,
    pipeline: { pipeline: 'pipeline', stage: 'dealstage' },
  }),
  objectType('tickets', 'ticket', '0-5', 5_000_000, { ...classic, searchable: ['subject', 'content'] }),
  objectType('products', 'product', '0-7', 7_000_000_000, {
    ...classic,
    defaultProperties: ['name', 'description', 'price'],
    searchable: ['name', 'description', 'price', 'hs_sku'],
  }),
  objectType('line_items', 'line_item', '0-8', 80_000_000_000, {
    ...classic,
    searchable: ['name', 'hs_sku'],
  }),
  objectType('quotes', 'quote', '0-14', 14_000_000, { searchable: ['hs_title'] }),
  objectType('tasks', 'task', '0-27', 27_000_000, { searchable: ['hs_task_subject'] }),
  objectType('notes', 'note', '0-46', 46_000_000, { searchable: ['hs_note_body'] }),
  objectType('invoices', 'invoice', '0-53', 530_000_000_000, { searchable: ['hs_number'] }),
  objectType('subscriptions', 'subscription', '0-69', 69_000_000, {}),
  objectType('discounts', 'discount', '0-84', 84_000_000, {}),
  objectType('fees', 'fee', '0-85', 85_000_000, {}),
  objectType('taxes', 'tax', '0-86', 86_000_000, {}),
  objectType('commerce_payments', 'commerce_payment', '0-101', 101_000_000, {}),
  objectType('orders', 'order', '0-123', 394_000_000_000, {
    searchable: ['hs_order_name', 'hs_external_order_id'],
    mergeable: true,
    pipeline: { pipeline: 'hs_pipeline', stage: 'hs_pipeline_stage' },
  }),
  objectType('carts', 'cart', '0-142', 142_000_000_000, {
    searchable: ['hs_cart_name', 'hs_external_cart_id'],
  }),
]

const byAnyName = new Map<string, ObjectType>()
for (const type of OBJECT_TYPES) {
  for (const key of [
    type.name,
    type.singular,
    type.typeId,
    type.name.replace('_', ''),
    type.singular.replace('_', ''),
  ]) {
    byAnyName.set(key, type)
  }
}

/** Finds a type by plural name, singular name or type id (`0-123`), in any case; undefined where unknown. */
export const findObjectType = (name: string): ObjectType | undefined => byAnyName.get(name.toLowerCase())
