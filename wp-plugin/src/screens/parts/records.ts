import { __, sprintf } from '@wordpress/i18n'
import type { Flow, SyncRecord } from '@crosswalk/shared/contract'
import { pathOf } from '../place.tsx'
import type { State } from './state.tsx'

type Entity = Flow['entity'] | undefined
type Named = Pick<SyncRecord, 'label' | 'externalId'>

/** `Order #1042`, `Customer anna@example.com`: as the source itself calls it. */
export function recordName(entity: Entity, { label, externalId }: Named): string {
  const name = label ?? externalId
  switch (entity) {
    case 'order':
      // translators: %s: number of an order, as the shop prints it
      return sprintf(__('Order %s', 'crosswalk'), name)
    case 'invoice':
      // translators: %s: number of an invoice
      return sprintf(__('Invoice %s', 'crosswalk'), name)
    case 'customer':
      // translators: %s: name or e-mail address of a customer
      return sprintf(__('Customer %s', 'crosswalk'), name)
    case 'product':
      // translators: %s: name of a product
      return sprintf(__('Product %s', 'crosswalk'), name)
    case 'stock':
      // translators: %s: name of a product
      return sprintf(__('Stock of %s', 'crosswalk'), name)
    default:
      // translators: %s: name of a record
      return sprintf(__('Record %s', 'crosswalk'), name)
  }
}

/** Address of a record's page. */
export const recordPath = ({ flowId, externalId }: Pick<SyncRecord, 'flowId' | 'externalId'>): string =>
  pathOf('records', flowId, externalId)

/** Shape and word of one record. @param target name of the system it goes to */
export function recordState(
  state: SyncRecord['state'],
  target: string | undefined,
): { state: State; word: string } {
  switch (state) {
    case 'linked':
      return {
        state: 'live',
        // translators: %s: name of a system, such as HubSpot
        word: target === undefined ? __('In place', 'crosswalk') : sprintf(__('In %s', 'crosswalk'), target),
      }
    case 'pending':
      return { state: 'waiting', word: __('Waiting', 'crosswalk') }
    case 'failed':
      return { state: 'failed', word: __('Failed', 'crosswalk') }
    case 'skipped':
      return { state: 'off', word: __('Left out', 'crosswalk') }
    default:
      return { state: 'untouched', word: __('Deleted at the source', 'crosswalk') }
  }
}

/** The name of an object of the target, for one of them: `line_items` reads `line item`. */
export const singular = (object: string): string =>
  object.replaceAll('_', ' ').replace(/ies$/, 'y').replace(/s$/, '')
