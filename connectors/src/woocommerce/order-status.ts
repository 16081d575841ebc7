import type { OrderStatus } from '@crosswalk/shared/model'

/** WooCommerce's own statuses; a plugin's status is 'other' and is told apart by `status.source`. */
const CANONICAL: Readonly<Record<string, OrderStatus>> = {
  'auto-draft': 'draft',
  'checkout-draft': 'draft',
  draft: 'draft',
  pending: 'pending',
  'on-hold': 'on_hold',
  processing: 'processing',
  completed: 'completed',
  cancelled: 'cancelled',
  refunded: 'refunded',
  failed: 'failed',
  trash: 'deleted',
}

const NAMES: Readonly<Record<string, string>> = {
  'checkout-draft': 'Draft',
  pending: 'Pending payment',
  'on-hold': 'On hold',
  processing: 'Processing',
  completed: 'Completed',
  cancelled: 'Cancelled',
  refunded: 'Refunded',
  failed: 'Failed',
  trash: 'Trash',
}

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

export const canonicalStatus = (slug: string): OrderStatus => own(CANONICAL, slug) ?? 'other'

/** The shop's own name of a status where the check learned it, else WooCommerce's, else the slug. */
export const statusName = (slug: string, names: Readonly<Record<string, string>>): string =>
  own(names, slug) ?? own(NAMES, slug) ?? slug
