import type { HubSpotSimulator } from '../simulators/hubspot/index.ts'

/** An order as the shop tells it, as far as it is compared. */
export interface ShopOrder {
  id: number
  number: string
  status: string
  total: string
  customer_note: string
  billing: { email: string; company: string; city: string }
  line_items: { id: number; sku: string | null; quantity: number; total: string; total_tax: string }[]
  refunds: { total: string }[]
}

export interface TargetRecord {
  id: string
  properties: Record<string, string | null>
}

const cents = (value: unknown): number => Math.round(Number(value ?? 0) * 100)

/** What is wrong with one order's document in HubSpot: not whole (P3) or not the newest (P4). */
export function orderProblems(
  order: ShopOrder,
  record: TargetRecord,
  crm: HubSpotSimulator,
  document: 'orders' | 'deals',
): string[] {
  const say = (promise: 'P3' | 'P4', text: string): string => `${promise}: order ${order.id} ${text}`
  return [
    ...fieldProblems(order, record).map((text) => say('P4', text)),
    ...totalProblems(record).map((text) => say('P3', text)),
    ...partProblems(order, record, crm, document).map((text) => say('P3', text)),
    ...lineProblems(order, record, crm, document).map((text) => say('P3', text)),
  ]
}

function fieldProblems(order: ShopOrder, { properties }: TargetRecord): string[] {
  const wrong: string[] = []
  const compare = (name: string, seen: unknown, told: unknown): void => {
    if (seen !== told) wrong.push(`has ${name} "${String(seen)}" instead of "${String(told)}"`)
  }
  const refunded = order.refunds.reduce((sum, one) => sum + Math.abs(cents(one.total)), 0)
  compare('status', properties['crosswalk_source_status'], order.status)
  compare('number', properties['crosswalk_order_number'], order.number)
  compare('note', properties['crosswalk_customer_note'] ?? '', order.customer_note)
  compare('total in cents', cents(properties['crosswalk_total']), cents(order.total))
  compare('refunds in cents', cents(properties['crosswalk_refunded']), refunded)
  return wrong
}

/** The document's own amounts add up to its total. */
function totalProblems({ properties }: TargetRecord): string[] {
  const of = (name: string): number => cents(properties[`crosswalk_${name}`])
  const sum = of('subtotal') + of('shipping') + of('fees') - of('discount') + of('tax') + of('rounding')
  const total = cents(properties['crosswalk_total'])
  return sum === total ? [] : [`has parts of ${sum} cents and a total of ${total}`]
}

function linkedTo(
  record: TargetRecord,
  object: string,
  crm: HubSpotSimulator,
  document: 'orders' | 'deals',
): TargetRecord[] {
  return crm
    .associations(document, record.id)
    .filter((entry) => entry.objectType === object)
    .flatMap((entry): TargetRecord[] => {
      const found = crm.get(object, entry.id)
      return found && !found.archived ? [found] : []
    })
}

/** One contact with the buyer's address, one company with the buyer's company, where the order names them. */
function partProblems(
  order: ShopOrder,
  record: TargetRecord,
  crm: HubSpotSimulator,
  document: 'orders' | 'deals',
): string[] {
  const wrong: string[] = []
  const same = (kind: string, seen: readonly unknown[], told: readonly string[]): void => {
    const text = (values: readonly unknown[]) => values.map((value) => String(value).toLowerCase()).join(', ')
    if (text(seen) !== text(told)) wrong.push(`has ${kind} [${text(seen)}] instead of [${text(told)}]`)
  }
  const { email, company } = order.billing
  const contacts = linkedTo(record, 'contacts', crm, document)
  same('contacts', contacts.map((one) => one.properties['email']), email === '' ? [] : [email]) // prettier-ignore
  const companies = linkedTo(record, 'companies', crm, document)
  same('companies', companies.map((one) => one.properties['name']), company === '' ? [] : [company]) // prettier-ignore
  return wrong
}

/** Each line of the order once, under its own key, with its amounts and its product; none left over. */
function lineProblems(
  order: ShopOrder,
  record: TargetRecord,
  crm: HubSpotSimulator,
  document: 'orders' | 'deals',
): string[] {
  const key = record.properties['crosswalk_key'] ?? ''
  const tail = document === 'deals' ? ':deal' : ''
  const told = order.line_items.map(
    (line) =>
    [`${key}:product:${line.id}${tail}`, line.sku ?? '', line.quantity, cents(line.total), cents(line.total_tax)].join(' '), // prettier-ignore
  )
  const lines = linkedTo(record, 'line_items', crm, document)
  const seen = lines.map(({ properties }) => {
    const product = crm.get('products', properties['hs_product_id'] ?? '')
    const sku = (properties['hs_sku'] ?? '') === '' ? '' : (product?.properties['hs_sku'] ?? 'no product')
    return [properties['crosswalk_key'], sku, Number(properties['quantity']), cents(properties['crosswalk_net']), cents(properties['crosswalk_tax'])].join(' ') // prettier-ignore
  })
  const [before, after] = [told.sort(), seen.sort()].map((list) => list.join('; '))
  return before === after ? [] : [`has lines [${after}] instead of [${before}]`]
}
