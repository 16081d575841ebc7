import type { HubSpotSimulator } from '../simulators/hubspot/index.ts'

/** What makes a record of an object one and the same thing. */
const KEYS: readonly [object: string, property: string][] = [
  ['line_items', 'crosswalk_key'],
  ['companies', 'crosswalk_key'],
  ['products', 'hs_sku'],
  ['contacts', 'email'],
]

/** Records that stand for one thing (P2). */
export function doubles(crm: HubSpotSimulator, document: 'orders' | 'deals'): string[] {
  return [...KEYS, [document, 'crosswalk_key'] as const].flatMap(([object, property]) => {
    const counts = new Map<string, number>()
    for (const record of crm.all(object)) {
      const value = (record.properties[property] ?? '').trim().toLowerCase()
      if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    return [...counts]
      .filter(([, count]) => count > 1)
      .map(([value, count]) => `P2: ${count} ${object} for ${value}`)
  })
}

/** Line items that belong to no order (P3). */
export function orphans(crm: HubSpotSimulator): string[] {
  const { orphanLineItems } = crm.summary({})
  return orphanLineItems === 0 ? [] : [`P3: ${orphanLineItems} line items belong to no order`]
}

/** Every document and line is of one of the shops, and a line of the same shop and order as its document (P5). */
export function betweenShops(
  crm: HubSpotSimulator,
  document: 'orders' | 'deals',
  origins: readonly string[],
): string[] {
  const wrong: string[] = []
  const keyOf = (object: string, id: string): string =>
    String(crm.get(object, id)?.properties['crosswalk_key'] ?? '')
  for (const { id, properties } of crm.all(document)) {
    const key = String(properties['crosswalk_key'] ?? '')
    if (!origins.some((origin) => key.startsWith(`${origin}:`))) wrong.push(`P5: ${key} is of no shop`)
    for (const entry of crm.associations(document, id)) {
      if (entry.objectType !== 'line_items') continue
      const line = keyOf('line_items', entry.id)
      if (!line.startsWith(`${key}:`)) wrong.push(`P5: ${key} has the line ${line} of another order`)
    }
  }
  return wrong
}
