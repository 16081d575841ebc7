import type { TargetObject } from '../sdk/index.ts'
import type { ObjectName } from './object-types.ts'
import { recordUrl } from './record-url.ts'

/** What a record is recognised by; names that belong together stand in one list. */
const FIELDS: Readonly<Record<ObjectName, readonly (readonly string[])[]>> = {
  contacts: [['firstname', 'lastname'], ['email'], ['phone'], ['company']],
  companies: [['name'], ['domain'], ['city']],
  products: [['name'], ['hs_sku'], ['price']],
  line_items: [['name'], ['hs_sku']],
  deals: [['dealname'], ['amount']],
  orders: [['hs_order_name'], ['hs_total_price']],
}

const said = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

/** A record in one line, such as `Anna Jansen · anna@example.com`. */
export const shownOf = (object: ObjectName): NonNullable<TargetObject['shown']> => ({
  fields: FIELDS[object].flat(),
  label: (values) =>
    FIELDS[object]
      .map((names) =>
        names
          .map((name) => said(values[name]))
          .filter(Boolean)
          .join(' '),
      )
      .filter(Boolean)
      .join(' · '),
  url: (id, context) => recordUrl(object, id, context),
})
