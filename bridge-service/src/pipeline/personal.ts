import { show, type FieldRule, type PartFailure, type Path, type RuleValue } from '@crosswalk/shared/mapping'
import type { Entity } from '@crosswalk/shared/model'

const SALE = [
  'id', 'number', 'status', 'currency', 'pricesIncludeTax', 'createdAt', 'modifiedAt', 'completedAt', 'channel', 'payment',
  'discounts', 'taxes', 'totals', 'item', 'kind', 'orderId', 'orderNumber', 'invoicedAt', 'dueAt', 'paid', 'flow',
] as const // prettier-ignore
const GOODS = [
  'id', 'createdAt', 'modifiedAt', 'kind', 'parentId', 'status', 'name', 'sku', 'gtin', 'description', 'shortDescription',
  'price', 'currency', 'taxClass', 'stock', 'weight', 'brand', 'categories', 'tags', 'attributes', 'options', 'slug',
  'position', 'productId', 'variantId', 'location', 'managed', 'onHand', 'reserved', 'available', 'item', 'flow',
] as const // prettier-ignore

/** Where a record holds nothing that is somebody's, by the first name of a path. Whatever is not here may be. */
const NOBODYS: Readonly<Record<Entity, readonly string[]>> = {
  order: SALE,
  invoice: SALE,
  customer: ['id', 'createdAt', 'modifiedAt', 'group', 'language', 'ordersCount', 'totalSpent', 'acceptsMarketing', 'flow'], // prettier-ignore
  product: GOODS,
  category: GOODS,
  stock: GOODS,
  journal_entry: ['id', 'number', 'journal', 'date', 'currency', 'createdAt', 'modifiedAt', 'flow'],
}

/** Of a person what many have in common: a country says nothing of who lives there. */
const SHARED: ReadonlySet<string | number> = new Set(['country', 'region', 'group', 'language'])

/** What a shop lets its buyers write on, wherever it lies. */
const FREE: ReadonlySet<string | number> = new Set(['native', 'meta', 'note'])
const OF_A_LINE: ReadonlySet<string | number> = new Set([...FREE, 'options'])

function isNobodys(path: Path, entity: Entity): boolean {
  const [first, second] = path
  if (first === 'item') return path.length > 1 && !path.some((name) => OF_A_LINE.has(name))
  if (first === 'flow') return second !== 'native'
  if (first !== 'native' && SHARED.has(path.at(-1) ?? '')) return true
  return NOBODYS[entity].includes(String(first)) && !path.some((name) => FREE.has(name))
}

function pathsOf(value: RuleValue): readonly Path[] {
  switch (value.kind) {
    case 'field':
      return [value.path]
    case 'first_of':
      return value.paths
    case 'template':
      return value.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.path]))
    case 'constant':
      return []
  }
}

/** True unless all that a rule reads is nobody's: what it says of a value may name a customer. */
export const isPersonal = (rule: FieldRule | undefined, entity: Entity): boolean =>
  rule === undefined || !pathsOf(rule.value).every((path) => isNobodys(path, entity))

/** What a rule says of a customer's data is kept readable for long, so it speaks of the value without repeating it. */
export function withoutPerson(failure: PartFailure): string {
  const { problem, value, broken, empty } = failure
  if (broken || empty) return problem
  if (value === undefined) return problem.replace(/ is .*, not text\.$/s, ' is not text.')
  return problem.replaceAll(show(value), 'The value')
}
