import { type Context, defineSource } from '../sdk/index.ts'
import type { Customer } from '@crosswalk/shared/model'
import { z } from 'zod'
import { decodeAddress, emailOrNull, vatIdOf } from './address.ts'
import { byIds } from './by-ids.ts'
import { gmt } from './dates.ts'
import { readFacts } from './facts.ts'
import { ID_START, idPage } from './id-pages.ts'
import { newestPage } from './newest-pages.ts'
import { amountOrNull, metaMap, NativeCustomer } from './native.ts'
import { MAX_PER_CALL, wc } from './rest.ts'
import type { WooSettings } from './settings.ts'
import { plain } from './text.ts'
import { countOf } from './totals.ts'

const CustomerPosition = z.object({ offset: z.int(), last: z.int(), total: z.int().nullable() })

/** WordPress' own user settings, sessions and rights, and what changes with every visit: never handed on. */
const INTERNAL =
  /session_tokens|capabilities|user_level|user-settings|dashboard|metabox|persistent_cart|last_active|last_update|nag$|^(?:infinite_scrolling|rich_editing|syntax_highlighting|comment_shortcuts|admin_color|use_ssl|show_admin_bar_front|dismissed_wp_pointers|community-events-location|show_welcome_panel|_woocommerce_load_saved_cart_after_login)$/

const VOLATILE = new Set(['date_modified', 'date_modified_gmt', 'avatar_url', 'is_paying_customer', '_links'])

const publicMeta = (record: NativeCustomer) =>
  (record.meta_data ?? []).filter((one) => typeof one?.key === 'string' && !INTERNAL.test(one.key))

/** A registered user of the shop. Guests exist only on orders. */
export function decodeCustomer(native: NativeCustomer, context: Context<WooSettings>): Customer {
  const facts = readFacts(context.facts, context.settings.shopUrl)
  const meta = publicMeta(native)
  const named = metaMap(meta)
  const billing = decodeAddress(native.billing)
  const shipping = decodeAddress(native.shipping)
  const { _links, avatar_url: _avatar, ...rest } = native
  return {
    id: String(native.id),
    modifiedAt: gmt(native.date_modified_gmt),
    createdAt: gmt(native.date_created_gmt),
    url: `${facts.adminUrl}/user-edit.php?user_id=${native.id}`,
    native: { ...rest, meta_data: meta, meta: named },
    email: emailOrNull(native.email) ?? emailOrNull(billing.email),
    firstName: plain(native['first_name']) || billing.firstName,
    lastName: plain(native['last_name']) || billing.lastName,
    phone: billing.phone || shipping.phone,
    company: billing.company,
    vatId: vatIdOf(named, context.settings.vatMetaKeys),
    registrationNumber: '',
    group: plain(native['role']),
    language: plain(named['locale']),
    billing,
    shipping,
    // wc/v3 dropped both in WooCommerce 3.5; some plugins bring them back.
    ordersCount: Number.isSafeInteger(native['orders_count'])
      ? Math.max(0, Number(native['orders_count']))
      : null,
    totalSpent: amountOrNull(native['total_spent']),
    acceptsMarketing: null,
    note: '',
  }
}

/** Customers cannot be listed by change: every sweep is a full pass in order of id. */
export const customers = defineSource<'customer', NativeCustomer, WooSettings>({
  native: NativeCustomer,
  label: 'Customers',
  pageSize: 100,
  listsByChange: false,
  key: (record) => String(record.id),
  *page(request, context) {
    const at =
      request.position === null ? { ...ID_START, total: null } : CustomerPosition.parse(request.position)
    const limit = Math.min(MAX_PER_CALL, Math.max(1, request.limit))
    const page = yield* idPage<NativeCustomer>(
      (offset, perPage) =>
        wc(context.facts, '/customers', {
          role: 'all',
          orderby: 'id',
          order: 'asc',
          per_page: String(perPage),
          offset: String(offset),
        }),
      at,
      limit,
      'customers',
    )
    const from = request.createdFrom === null ? null : Date.parse(request.createdFrom)
    const records = page.rows.filter((row) => {
      const created = gmt(row.date_created_gmt)
      return from === null || created === null || Date.parse(created) >= from
    })
    const total = at.total ?? page.total
    return {
      records,
      next: page.next === null ? null : { ...page.next, total },
      total,
      sourceClock: page.clock,
    }
  },
  *newest(request, context) {
    const list = (paging: Readonly<Record<string, string>>) => wc(context.facts, '/customers', { role: 'all', ...paging }) // prettier-ignore
    return yield* newestPage<NativeCustomer>(list, request, 'customers')
  },
  *count(want, context) {
    // The list of customers takes no dates.
    if (want.createdFrom !== null || want.createdTo !== null) return null
    return yield* countOf('/customers', { role: 'all' }, want, context.facts)
  },
  *many(ids, context) {
    return yield* byIds<NativeCustomer>('/customers', [{ role: 'all' }], ids, context.facts, 'customers')
  },
  decode: decodeCustomer,
  fingerprint: (record) => ({
    ...Object.fromEntries(Object.entries(record).filter(([name]) => !VOLATILE.has(name))),
    meta_data: publicMeta(record),
  }),
})
