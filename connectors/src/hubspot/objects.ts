import type { Field } from '@crosswalk/shared/mapping'
import type { Matcher, TargetObject } from '../sdk/index.ts'
import { archiveBatch, BATCH_MAX, createBatch, updateBatch } from './batches.ts'
import { factsOf, type HubSpotContext } from './facts.ts'
import { toField } from './field-types.ts'
import { byNothing, bySearch, byUnique, readByIds } from './matchers.ts'
import { normaliseValue } from './normalise.ts'
import { KEY_PROPERTY, NATURAL_KEY, OBJECT_TYPES, type ObjectName } from './object-types.ts'
import { byPhone } from './phones.ts'
import type { HubSpotSettings } from './settings.ts'
import { shownOf } from './shown.ts'

type Object = TargetObject<HubSpotSettings>

/** Properties without which HubSpot refuses a create. A product and a company need no more than a name. */
const REQUIRED: Readonly<Record<ObjectName, readonly string[]>> = {
  contacts: ['email'],
  companies: ['name'],
  products: ['name'],
  line_items: ['name', 'quantity', 'price'],
  deals: ['dealname', 'dealstage'],
  orders: [],
}

/** The key's property, or null where the account lacks it (its properties were read, and it is not among them). */
function keyField(object: ObjectName, context: HubSpotContext): string | null {
  const known = factsOf(context).properties?.[object]
  return known !== undefined && !Object.hasOwn(known, NATURAL_KEY[object]) ? null : NATURAL_KEY[object]
}

const KEY_LABELS: Readonly<Record<string, string>> = {
  email: 'E-mail address',
  hs_sku: 'SKU',
  crosswalk_key: 'Crosswalk key',
}

function keyMatcher(object: ObjectName, context: HubSpotContext): Matcher<HubSpotSettings> {
  const property = NATURAL_KEY[object]
  const label = KEY_LABELS[property] ?? property
  const by = { object, property, label, anyCase: object === 'contacts' }
  if (keyField(object, context) === null) return byNothing(property, label)
  return keyIs(object, context).unique ? byUnique(by) : bySearch(by, context)
}

/**
 * Only contacts are held apart by HubSpot in every account; other keys as far as their property is unique. E-mail
 * addresses and SKUs are anybody's to write.
 */
function keyIs(object: ObjectName, context: HubSpotContext): { unique: boolean; ours: boolean } {
  const unique = object === 'contacts' || factsOf(context).unique?.[object] === true
  return { unique, ours: NATURAL_KEY[object] === KEY_PROPERTY }
}

function fields(object: ObjectName, context: HubSpotContext): readonly Field[] {
  const known = factsOf(context).properties?.[object] ?? {}
  return Object.entries(known).map(([name, fact]) => toField(name, fact, REQUIRED[object].includes(name)))
}

/** A matcher by search whose lag follows the connection's settings at the time it is used. */
function searched(
  object: ObjectName,
  property: string,
  label: string,
  lagMs: number,
): Matcher<HubSpotSettings> {
  const by = { object, property, label, anyCase: true }
  return {
    id: property,
    label,
    max: BATCH_MAX,
    lagMs,
    *find(values, wanted, context) {
      return yield* bySearch(by, context).find(values, wanted, context)
    },
  }
}

/** The longest lag a connection may be set to: these matchers stand in the literal, apart from any settings. */
const MAX_LAG_MS = 10_000

const object = (name: ObjectName, matchers: Object['matchers'] = {}): Object => ({
  label: OBJECT_TYPES[name].label,
  keyField: (context) => keyField(name, context),
  keyIs: (context) => keyIs(name, context),
  byKey: (context) => keyMatcher(name, context),
  matchers,
  create: createBatch(name),
  update: updateBatch(name),
  archive: archiveBatch(name),
  read: { max: BATCH_MAX, byIds: (ids, wanted, context) => readByIds(name, ids, wanted, context) },
  shown: shownOf(name),
  fields: (context) => fields(name, context),
  normalise: (field, value, context) => normaliseValue(name, field, value, context),
})

export const objects: Readonly<Record<ObjectName, Object>> = {
  contacts: object('contacts', { phone: byPhone }),
  companies: object('companies', {
    domain: searched('companies', 'domain', 'Domain', MAX_LAG_MS),
    name: searched('companies', 'name', 'Name', MAX_LAG_MS),
  }),
  products: object('products', { name: searched('products', 'name', 'Name', MAX_LAG_MS) }),
  line_items: object('line_items'),
  deals: object('deals'),
  orders: object('orders'),
}
