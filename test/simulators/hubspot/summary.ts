import { parentOf } from './links.ts'
import { storeOf, type Account } from './state.ts'

export interface SummaryOptions {
  /** Object name → property whose values should occur once. */
  duplicatesBy?: Record<string, string>
}

export interface Summary {
  /** Live records per object; objects without any are left out. */
  counts: Record<string, number>
  archived: Record<string, number>
  /** Number of line items → number of orders that have as many. */
  lineItemsPerOrder: Record<string, number>
  /** Live line items without a parent. */
  orphanLineItems: number
  /** Live orders without a contact. */
  ordersWithoutContact: number
  /** For each object asked for, the values held by more than one live record. */
  duplicates: Record<string, { property: string; values: string[] }>
}

function duplicates(
  account: Account,
  object: string,
  property: string,
): { property: string; values: string[] } {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const record of storeOf(account, object).records.values()) {
    const value = record.properties[property]
    if (record.archived || value === undefined) continue
    if (seen.has(value)) twice.add(value)
    seen.add(value)
  }
  return { property, values: [...twice] }
}

/** Counts and integrity of what the account holds. */
export function summarize(account: Account, { duplicatesBy = {} }: SummaryOptions = {}): Summary {
  const summary: Summary = {
    counts: {},
    archived: {},
    lineItemsPerOrder: {},
    orphanLineItems: 0,
    ordersWithoutContact: 0,
    duplicates: {},
  }
  for (const [name, store] of account.stores) {
    for (const record of store.records.values()) {
      const into = record.archived ? summary.archived : summary.counts
      into[name] = (into[name] ?? 0) + 1
      if (record.archived) continue
      if (name === 'line_items' && parentOf(record) === undefined) summary.orphanLineItems += 1
      if (name !== 'orders') continue
      const lines = String(record.links.get('line_items')?.size ?? 0)
      summary.lineItemsPerOrder[lines] = (summary.lineItemsPerOrder[lines] ?? 0) + 1
      if (!record.links.get('contacts')?.size) summary.ordersWithoutContact += 1
    }
  }
  for (const [object, property] of Object.entries(duplicatesBy)) {
    summary.duplicates[storeOf(account, object).type.name] = duplicates(account, object, property)
  }
  return summary
}
