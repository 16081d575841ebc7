import { __, _n, sprintf } from '@wordpress/i18n'
import type { FailureGroup, Flow } from '@crosswalk/shared/contract'
import { count } from '../parts/format.ts'

/** `5 orders`. @param entity null: of several kinds */
export function countOf(entity: Flow['entity'] | null, of: number): string {
  const number = count(of)
  switch (entity) {
    case 'order':
      // translators: %s: number of orders
      return sprintf(_n('%s order', '%s orders', of, 'crosswalk'), number)
    case 'invoice':
      // translators: %s: number of invoices
      return sprintf(_n('%s invoice', '%s invoices', of, 'crosswalk'), number)
    case 'customer':
      // translators: %s: number of customers
      return sprintf(_n('%s customer', '%s customers', of, 'crosswalk'), number)
    case 'product':
      // translators: %s: number of products
      return sprintf(_n('%s product', '%s products', of, 'crosswalk'), number)
    default:
      // translators: %s: number of records
      return sprintf(_n('%s record', '%s records', of, 'crosswalk'), number)
  }
}

/** The kind of all records of a group; null where there are several. */
export function entityOf({ flows }: Pick<FailureGroup, 'flows'>): Flow['entity'] | null {
  const kinds = new Set(flows.map(({ entity }) => entity))
  return kinds.size === 1 ? (flows[0]?.entity ?? null) : null
}

/** The kind of one flow's records, as far as a group knows its flows. */
export const entityIn = (group: Pick<FailureGroup, 'flows'>, flowId: string): Flow['entity'] | undefined =>
  group.flows.find(({ id }) => id === flowId)?.entity

/** How a failure ended. */
export function endedWord(how: string | null): string {
  switch (how) {
    case 'itself':
      return __('Solved by itself', 'crosswalk')
    case 'retried':
      return __('Solved by a retry', 'crosswalk')
    case 'edited':
      return __('Solved with corrected values', 'crosswalk')
    default:
      return __('No longer sent', 'crosswalk')
  }
}
