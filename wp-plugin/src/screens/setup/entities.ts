import { __ } from '@wordpress/i18n'
import type { Flow } from '@crosswalk/shared/contract'

/** What travels, as people call it; a kind that is new is called by its own name. */
export function entityWord(entity: Flow['entity'] | string): string {
  switch (entity) {
    case 'order':
      return __('Orders', 'crosswalk')
    case 'invoice':
      return __('Invoices', 'crosswalk')
    case 'customer':
      return __('Customers', 'crosswalk')
    case 'product':
      return __('Products', 'crosswalk')
    case 'category':
      return __('Categories', 'crosswalk')
    case 'stock':
      return __('Stock', 'crosswalk')
    case 'journal_entry':
      return __('Journal entries', 'crosswalk')
    default:
      return entity
  }
}
