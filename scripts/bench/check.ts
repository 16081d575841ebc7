import { steer, type Shop } from './world.ts'

interface Summary {
  counts: Record<string, number>
  lineItemsPerOrder: Record<string, number>
  orphanLineItems: number
  ordersWithoutContact: number
  duplicates: Record<string, { values: string[] }>
}

/** Calls a simulator has answered so far whose path has `part` in it. */
export async function callsTo(url: string, part: string): Promise<number> {
  const counts = await steer<Record<string, number>>(url, 'counts')
  return Object.entries(counts).reduce((sum, [label, count]) => sum + (label.includes(part) ? count : 0), 0)
}

export const targetCalls = (crm: string): Promise<number> => callsTo(crm, ' /crm/')
export const shopCalls = (shop: string): Promise<number> => callsTo(shop, ' /wp-json/')

/** Orders that are in an account, whole or not. */
export const ordersIn = async (crm: string): Promise<number> =>
  (await steer<Summary>(crm, 'summary', { options: {} })).counts['orders'] ?? 0

/** Number of product lines → how many of a shop's orders have so many. Shipping and fees become properties. */
export async function linesPerOrder(shop: Shop): Promise<Map<number, number>> {
  const [key] = shop.keys
  const authorization = `Basic ${Buffer.from(`${key?.key}:${key?.secret}`).toString('base64')}`
  const found = new Map<number, number>()
  for (let page = 1; ; page++) {
    const url = `${shop.url}/wp-json/wc/v3/orders?per_page=100&orderby=id&order=asc&page=${page}`
    const orders = (await (await fetch(url, { headers: { authorization } })).json()) as { line_items: unknown[] }[] // prettier-ignore
    for (const { line_items } of orders) found.set(line_items.length, (found.get(line_items.length) ?? 0) + 1)
    if (orders.length < 100) return found
  }
}

/**
 * What is in an account against what should be: `lost` are orders that are missing or lack lines or their buyer,
 * `duplicates` are keys held twice and lines without an order. `wanted` is what `linesPerOrder` found in the shop,
 * `keyOf` the property that holds a record's key.
 */
export async function lostAndDouble(
  crm: string,
  wanted: ReadonlyMap<number, number>,
  keyOf = 'crosswalk_key',
): Promise<{ lost: number; duplicates: number }> {
  const duplicatesBy = { orders: keyOf, line_items: keyOf, contacts: 'email' }
  const found = await steer<Summary>(crm, 'summary', { options: { duplicatesBy } })
  const missing = [...wanted].reduce(
    (sum, [lines, orders]) => sum + Math.max(0, orders - (found.lineItemsPerOrder[String(lines)] ?? 0)),
    0,
  )
  const double = Object.values(found.duplicates).reduce((sum, entry) => sum + entry.values.length, 0)
  return {
    lost: Math.max(missing, found.ordersWithoutContact),
    duplicates: double + found.orphanLineItems,
  }
}
