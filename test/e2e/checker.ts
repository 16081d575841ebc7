import type { HubSpotSimulator } from '../simulators/hubspot/index.ts'
import type { WooCommerceSimulator } from '../simulators/woocommerce/index.ts'

interface ShopLine {
  id: number
  sku: string
  quantity: number
  total: string
  total_tax: string
}

/**
 * What is wrong in HubSpot with the shop's orders, as sentences; empty when each one is there once, whole and level. It
 * reads only what the two simulators hold: promises P1 to P4. `wanted` picks the orders that should be there. What other
 * shops wrote to the same HubSpot does not count.
 */
export function disagreements(
  shop: WooCommerceSimulator,
  crm: HubSpotSimulator,
  wanted: (order: Record<string, unknown>) => boolean = () => true,
  document: 'orders' | 'deals' = 'orders',
): string[] {
  const wrong: string[] = []
  const byKey = new Map<string, { id: string; properties: Record<string, string | null> }[]>()
  for (const record of crm.all(document)) {
    const key = String(record.properties['crosswalk_key'])
    if (!key.includes(`${new URL(shop.url).host}:`)) continue
    const id = key.slice(key.lastIndexOf(':') + 1)
    byKey.set(id, [...(byKey.get(id) ?? []), record as never])
  }
  const emails = new Map<string, number>()
  for (const contact of crm.all('contacts')) {
    const email = String(contact.properties['email'])
    emails.set(email, (emails.get(email) ?? 0) + 1)
  }
  for (const [email, count] of emails) if (count > 1) wrong.push(`${count} contacts for ${email}`)

  for (const order of shop.orders() as unknown as Record<string, unknown>[]) {
    if (!wanted(order)) continue
    const name = `order ${String(order['id'])}`
    const found = byKey.get(String(order['id'])) ?? []
    if (found.length !== 1) {
      wrong.push(`${name} is there ${found.length} times`)
      continue
    }
    const record = found[0] as { id: string; properties: Record<string, string | null> }
    if (Number(record.properties['crosswalk_total']) !== Number(order['total'])) {
      wrong.push(
        `${name} has total ${record.properties['crosswalk_total']} instead of ${String(order['total'])}`,
      )
    }
    if (record.properties['crosswalk_source_status'] !== order['status']) {
      wrong.push(
        `${name} is ${record.properties['crosswalk_source_status']} instead of ${String(order['status'])}`,
      )
    }
    const linked = crm.associations(document, record.id)
    const contacts = linked.filter((entry) => entry.objectType === 'contacts')
    const email = (order['billing'] as { email?: string } | undefined)?.email
    if (email && contacts.length !== 1) wrong.push(`${name} has ${contacts.length} contacts`)
    const lines = linked
      .filter((entry) => entry.objectType === 'line_items')
      .flatMap((entry) => crm.get('line_items', entry.id) ?? [])
    const told = (order['line_items'] as ShopLine[])
      .map((line) => `${line.quantity} × ${line.sku} ${Number(line.total).toFixed(2)}`)
      .sort()
    const seen = lines
      .map(
        (line) =>
          `${line.properties['quantity']} × ${line.properties['hs_sku'] ?? ''} ${Number(line.properties['crosswalk_net']).toFixed(2)}`,
      ) // prettier-ignore
      .sort()
    if (JSON.stringify(told) !== JSON.stringify(seen)) {
      wrong.push(`${name} has lines [${seen.join(', ')}] instead of [${told.join(', ')}]`)
    }
  }
  return wrong
}
