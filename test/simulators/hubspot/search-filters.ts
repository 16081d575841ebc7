import type { JsonObject } from './call.ts'
import type { SimProperty } from './default-properties.ts'
import { validationError } from './errors.ts'
import { findObjectType } from './object-types.ts'
import { readTime } from './property-values.ts'
import type { ObjectStore, SimRecord, Values } from './state.ts'

/** Tells whether a record, with the values the index shows, matches. */
export type Matcher = (record: SimRecord, values: Values) => boolean

const MAX_GROUPS = 5
const MAX_FILTERS_PER_GROUP = 6
const MAX_FILTERS = 18

const tokens = (value: string): string[] =>
  value
    .toLowerCase()
    .split(/[^\p{L}\p{N}*]+/u)
    .filter(Boolean)

/** A wildcard `*` stands for any rest of a token. */
function tokenMatcher(pattern: string): (value: string) => boolean {
  const wanted = tokens(pattern).map((token) => new RegExp(`^${token.replaceAll('*', '.*')}$`, 'u'))
  return (value) => {
    const found = tokens(value)
    return found.some((_, start) => wanted.every((token, offset) => token.test(found[start + offset] ?? '')))
  }
}

const isTime = (property: SimProperty): boolean => property.type === 'date' || property.type === 'datetime'

/** A value as the operators compare it. Enumerations keep their case, other text does not. */
function comparable(property: SimProperty, value: string): string | number | null {
  if (isTime(property)) return readTime(value)
  if (property.type === 'number')
    return value.trim() === '' || Number.isNaN(Number(value)) ? null : Number(value)
  return property.type === 'enumeration' ? value : value.toLowerCase()
}

function operand(property: SimProperty, filter: JsonObject, field: string): string | number {
  const raw = filter[field]
  if (raw === undefined || raw === null || raw === '') {
    throw validationError(`${String(filter['operator'])} needs ${field} for property ${property.name}`)
  }
  const value = comparable(property, String(raw))
  if (value === null)
    throw validationError(`${String(raw)} is no valid ${property.type} for property ${property.name}`)
  return value
}

type Compare = (value: string | number) => boolean

function ordered(property: SimProperty, filter: JsonObject, operator: string): Compare {
  const wanted = operand(property, filter, 'value')
  if (operator === 'EQ') return (value) => value === wanted
  if (operator === 'LT') return (value) => value < wanted
  if (operator === 'LTE') return (value) => value <= wanted
  if (operator === 'GT') return (value) => value > wanted
  if (operator === 'GTE') return (value) => value >= wanted
  const high = operand(property, filter, 'highValue')
  return (value) => value >= wanted && value <= high
}

function listed(property: SimProperty, filter: JsonObject): ReadonlySet<string | number> {
  const { values } = filter
  if (!Array.isArray(values) || values.length === 0) {
    throw validationError(`${String(filter['operator'])} needs values for property ${property.name}`)
  }
  // Text is not lower-cased here: the index holds lower case, so upper-case values never match.
  const plain = property.type === 'string' || property.type === 'enumeration' || property.type === 'bool'
  return new Set(
    values.map((value) => (plain ? String(value) : (comparable(property, String(value)) ?? String(value)))),
  )
}

function propertyMatcher(property: SimProperty, filter: JsonObject): Matcher {
  const operator = String(filter['operator'])
  const read = (values: Values): string | number | null => {
    const value = values[property.name]
    return value === undefined ? null : comparable(property, value)
  }
  const present = (compare: Compare): Matcher => {
    return (_, values) => {
      const value = read(values)
      return value !== null && compare(value)
    }
  }
  switch (operator) {
    case 'HAS_PROPERTY':
      return (_, values) => values[property.name] !== undefined
    case 'NOT_HAS_PROPERTY':
      return (_, values) => values[property.name] === undefined
    case 'EQ':
    case 'LT':
    case 'LTE':
    case 'GT':
    case 'GTE':
    case 'BETWEEN':
      return present(ordered(property, filter, operator))
    case 'NEQ': {
      const wanted = operand(property, filter, 'value')
      return (_, values) => read(values) !== wanted
    }
    case 'IN': {
      const wanted = listed(property, filter)
      return present((value) => wanted.has(value))
    }
    case 'NOT_IN': {
      const wanted = listed(property, filter)
      return (_, values) => !wanted.has(read(values) ?? '')
    }
    case 'CONTAINS_TOKEN': {
      const contains = tokenMatcher(String(operand(property, filter, 'value')))
      return (_, values) => contains(values[property.name] ?? '')
    }
    case 'NOT_CONTAINS_TOKEN': {
      const contains = tokenMatcher(String(operand(property, filter, 'value')))
      return (_, values) => !contains(values[property.name] ?? '')
    }
    default:
      throw validationError(`Invalid operator ${operator}`)
  }
}

function associationMatcher(name: string, filter: JsonObject): Matcher {
  const type = findObjectType(name)
  if (!type) throw validationError(`There was a problem with the request: unknown association ${name}`)
  if (filter['operator'] === 'EQ') {
    const id = String(filter['value'])
    return (record) => record.links.get(type.name)?.has(id) ?? false
  }
  if (filter['operator'] === 'IN' && Array.isArray(filter['values'])) {
    const ids = filter['values'].map(String)
    return (record) => ids.some((id) => record.links.get(type.name)?.has(id))
  }
  throw validationError(`Operator ${String(filter['operator'])} is not supported for associations`)
}

function filterMatcher(store: ObjectStore, filter: JsonObject): Matcher {
  const name = String(filter['propertyName'] ?? '')
  if (name.startsWith('associations.')) return associationMatcher(name.slice('associations.'.length), filter)
  const property = store.properties.get(name)
  if (!property)
    throw validationError(`There was a problem with the request: property ${name} does not exist`)
  return propertyMatcher(property, filter)
}

/** `query` looks for its words at the beginning of words of the object's searchable properties. */
export function queryMatcher(store: ObjectStore, query: unknown): Matcher {
  const wanted = typeof query === 'string' ? tokens(query) : []
  if (wanted.length === 0) return () => true
  return (_, values) => {
    const words = store.type.searchable.flatMap((name) => tokens(values[name] ?? ''))
    return wanted.every((token) => words.some((word) => word.startsWith(token)))
  }
}

/** Groups are joined by OR, filters within by AND. @throws ApiError 400 */
export function groupsMatcher(store: ObjectStore, input: unknown): Matcher {
  if (input === undefined || input === null) return () => true
  if (!Array.isArray(input)) throw validationError('Invalid input JSON: filterGroups must be an array')
  const groups = input.map((group: { filters?: unknown } | null) => {
    const filters: unknown = group?.filters
    if (!Array.isArray(filters) || filters.length === 0) throw validationError('A filter group needs filters')
    return filters as JsonObject[]
  })
  if (groups.length > MAX_GROUPS) throw validationError(`Too many filter groups: at most ${MAX_GROUPS}`)
  if (groups.some((filters) => filters.length > MAX_FILTERS_PER_GROUP)) {
    throw validationError(`Too many filters in a group: at most ${MAX_FILTERS_PER_GROUP}`)
  }
  if (groups.flat().length > MAX_FILTERS) throw validationError(`Too many filters: at most ${MAX_FILTERS}`)
  const matchers = groups.map((filters) => filters.map((filter) => filterMatcher(store, filter)))
  if (matchers.length === 0) return () => true
  return (record, values) => matchers.some((group) => group.every((matches) => matches(record, values)))
}
