import { crm } from './calls.ts'

interface Line {
  id: number
  name: string
  sku: string
  quantity: number
  price: number
}
export interface Order {
  id: number
  number: string
  status: string
  currency: string
  date_created_gmt: string
  date_modified_gmt: string
  total: string
  total_tax: string
  shipping_total: string
  discount_total: string
  payment_method_title: string
  billing: Record<'email' | 'first_name' | 'last_name' | 'phone' | 'company' | 'address_1' | 'postcode' | 'city' | 'country', string> // prettier-ignore
  line_items: Line[]
}
interface Row {
  id: string
  properties: Record<string, string | null>
}

/** The property that holds what the script knows a record by. */
export const KEY = 'floor_key'
const companies = new Map<string, Promise<string>>()

const chunks = <T>(rows: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / 100) }, (_, n) => rows.slice(n * 100, n * 100 + 100))

/** Ids by key of what the target has. */
async function find(object: string, property: string, keys: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const part of chunks(keys)) {
    const body = { idProperty: property, properties: [property], inputs: part.map((id) => ({ id })) }
    const { results } = await crm<{ results: Row[] }>(`objects/2026-03/${object}/batch/read`, body, true)
    for (const row of results) found.set(String(row.properties[property]), row.id)
  }
  return found
}

interface Input {
  properties: Record<string, string>
  associations?: { to: { id: string }; types: { associationCategory: string; associationTypeId: number }[] }[]
}
async function create(object: string, inputs: readonly Input[]): Promise<Row[]> {
  const made = await Promise.all(
    chunks(inputs).map((part) => crm<{ results: Row[] }>(`objects/2026-03/${object}/batch/create`, { inputs: part })), // prettier-ignore
  )
  return made.flatMap((reply) => reply.results)
}
const to = (id: string, associationTypeId: number) => ({ to: { id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }] }) // prettier-ignore

const companyOf = ({ billing }: Order): string | null =>
  billing.company === '' ? null : `${billing.company.toLowerCase()}|${billing.country}`

/** Ids of the orders' companies; each is looked for and made once. */
async function companyIds(orders: readonly Order[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const order of orders) {
    const key = companyOf(order)
    if (key === null) continue
    let id = companies.get(key)
    if (!id) {
      const { company, city, postcode, address_1 } = order.billing
      const properties = { [KEY]: key, name: company, city, zip: postcode, address: address_1 }
      id = find('companies', KEY, [key]).then(
        async (known) => known.get(key) ?? (await create('companies', [{ properties }]))[0]?.id ?? '',
      )
      companies.set(key, id)
    }
    ids.set(key, await id)
  }
  return ids
}

async function contactIds(
  orders: readonly Order[],
  companies: Map<string, string>,
): Promise<Map<string, string>> {
  const byEmail = new Map(orders.map((order) => [order.billing.email.toLowerCase(), order]))
  const ids = await find('contacts', 'email', [...byEmail.keys()])
  const inputs = [...byEmail]
    .filter(([email]) => !ids.has(email))
    .map(([email, order]): Input => {
      const { first_name, last_name, phone, address_1, postcode, city, country } = order.billing
      const company = companies.get(companyOf(order) ?? '')
      return {
        properties: { email, firstname: first_name, lastname: last_name, phone, address: address_1, zip: postcode, city, country }, // prettier-ignore
        associations: company === undefined ? [] : [to(company, 1)],
      }
    })
  for (const row of await create('contacts', inputs)) ids.set(String(row.properties['email']), row.id)
  return ids
}

const documentOf = (order: Order): Record<string, string> => ({
  [KEY]: String(order.id),
  hs_order_name: `#${order.number}`,
  hs_external_order_status: order.status,
  hs_external_created_date: `${order.date_created_gmt}Z`,
  hs_currency_code: order.currency,
  hs_total_price: order.total,
  hs_tax: order.total_tax,
  hs_shipping_cost: order.shipping_total,
  hs_fulfillment_status: order.status,
  hs_billing_address_name: `${order.billing.first_name} ${order.billing.last_name}`,
  hs_billing_address_street: order.billing.address_1,
  hs_billing_address_city: order.billing.city,
  hs_billing_address_postal_code: order.billing.postcode,
  hs_billing_address_country: order.billing.country,
  hs_billing_address_email: order.billing.email,
  hs_billing_address_phone: order.billing.phone,
})

const linesOf = (order: Order, id: string): Input[] =>
  order.line_items.map((line) => ({
    properties: {
      [KEY]: `${order.id}:${line.id}`,
      name: line.name,
      hs_sku: line.sku,
      quantity: String(line.quantity),
      price: String(line.price),
      hs_line_item_currency_code: order.currency,
    },
    associations: [to(id, 514)],
  }))

/** Writes orders that HubSpot does not have yet, with all that belongs to them. */
export async function write(orders: readonly Order[]): Promise<void> {
  const companies = await companyIds(orders)
  const contacts = await contactIds(orders, companies)
  const known = await find('orders', KEY, orders.map((order) => String(order.id))) // prettier-ignore
  const fresh = orders.filter((order) => !known.has(String(order.id)))
  const made = await create(
    'orders',
    fresh.map((order) => {
      const contact = contacts.get(order.billing.email.toLowerCase())
      const company = companies.get(companyOf(order) ?? '')
      return {
        properties: documentOf(order),
        associations: [...(contact ? [to(contact, 507)] : []), ...(company ? [to(company, 509)] : [])],
      }
    }),
  )
  const ids = new Map(made.map((row) => [String(row.properties[KEY]), row.id]))
  await create('line_items', fresh.flatMap((order) => linesOf(order, ids.get(String(order.id)) ?? ''))) // prettier-ignore
}

/** Makes the properties that hold the keys. */
export async function prepare(): Promise<void> {
  const property = { name: KEY, label: 'Floor key', type: 'string', fieldType: 'text', hasUniqueValue: true }
  for (const [object, groupName] of [
    ['orders', 'orderinformation'],
    ['line_items', 'lineiteminformation'],
    ['companies', 'companyinformation'],
  ])
    await crm(`properties/2026-03/${object}`, { ...property, groupName })
}
