import type { SimProperty } from './default-properties.ts'
import { invalidProperties, validationError, type PropertyProblem } from './errors.ts'
import type { Account, ObjectStore } from './state.ts'

/** HubSpot's limit for one value, in characters. */
const MAX_VALUE_LENGTH = 65_536
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/
const DATE = /^\d{4}-\d{2}-\d{2}$/
const DATETIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/
const EMAIL = /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]{2,}$/
const DAY_MS = 86_400_000

/** A value as stored, or what is wrong with it. */
type Checked = { value: string } | { code: string; message: string }

/** Reads a date or datetime in HubSpot's two spellings (ISO 8601, ms since the epoch); null where it is neither. */
export function readTime(value: string): number | null {
  if (/^-?\d{1,15}$/.test(value)) return Number(value)
  if (!DATE.test(value) && !DATETIME.test(value)) return null
  const time = Date.parse(value)
  if (Number.isNaN(time)) return null
  // Date.parse rolls 30 February over into March; HubSpot refuses it.
  if (DATE.test(value) && new Date(time).toISOString().slice(0, 10) !== value) return null
  return time
}

function checkDate(property: SimProperty, raw: string): Checked {
  const time = readTime(raw)
  const bad = `"${raw}" was not a valid ${property.type === 'date' ? 'date' : 'long'}.`
  if (time === null) return { code: property.type === 'date' ? 'INVALID_DATE' : 'INVALID_LONG', message: bad }
  if (property.type === 'datetime') return { value: new Date(time).toISOString() }
  if (time % DAY_MS !== 0) {
    return { code: 'INVALID_DATE', message: `${raw} is at ${new Date(time).toISOString()}, not midnight!` }
  }
  return { value: new Date(time).toISOString().slice(0, 10) }
}

function optionValues(account: Account, property: SimProperty): ReadonlySet<string> {
  if (property.referencedObjectType === 'OWNER') return new Set(account.owners.keys())
  if (property.name === 'deal_currency_code') return new Set(account.currencies)
  return new Set(property.options.filter((option) => !option.hidden).map((option) => option.value))
}

function checkOptions(account: Account, property: SimProperty, raw: string): Checked {
  const allowed = optionValues(account, property)
  const chosen = property.fieldType === 'checkbox' ? raw.split(';').filter((part) => part !== '') : [raw]
  const bad = chosen.find((part) => !allowed.has(part))
  if (bad === undefined) return { value: raw }
  const message = `${bad} was not one of the allowed options: [${[...allowed].join(', ')}]`
  return { code: property.referencedObjectType === 'OWNER' ? 'INVALID_OWNER_ID' : 'INVALID_OPTION', message }
}

/** Pipelines and stages are checked together, where the record is known. */
const isStaged = (store: ObjectStore, name: string): boolean =>
  name === store.type.pipeline?.pipeline || name === store.type.pipeline?.stage

function checkValue(account: Account, store: ObjectStore, property: SimProperty, raw: string): Checked {
  if (raw.length > MAX_VALUE_LENGTH) {
    return {
      code: 'VALUE_TOO_LONG',
      message: `Value is ${raw.length} characters long, more than ${MAX_VALUE_LENGTH}.`,
    }
  }
  switch (property.type) {
    case 'number': {
      if (!NUMBER.test(raw)) return { code: 'INVALID_INTEGER', message: `${raw} was not a valid number.` }
      const priced =
        property.name === 'price' && (store.type.name === 'products' || store.type.name === 'line_items')
      if (priced && Number(raw) < 0) return { code: 'INVALID_NUMBER', message: 'price must not be negative.' }
      return { value: raw }
    }
    case 'date':
    case 'datetime':
      return checkDate(property, raw)
    case 'bool': {
      const lower = raw.toLowerCase()
      if (lower === 'true' || lower === 'false') return { value: lower }
      return { code: 'INVALID_OPTION', message: `${raw} was not one of the allowed options: [true, false]` }
    }
    case 'enumeration':
      return isStaged(store, property.name) ? { value: raw } : checkOptions(account, property, raw)
    default:
      if (property.name === 'email' && store.type.name === 'contacts') {
        const value = raw.trim().toLowerCase()
        return EMAIL.test(value)
          ? { value }
          : { code: 'INVALID_EMAIL', message: `Email address ${raw} is invalid` }
      }
      return { value: raw }
  }
}

/** A value as text; HubSpot takes numbers and booleans too, anything else is no valid body. */
function asString(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw validationError(`Invalid input JSON: cannot deserialize value of property ${name} as a string`)
}

/**
 * Checks the `properties` of a write and gives them as HubSpot would store them; null clears a value.
 * @throws ApiError 400 that lists every refused property (unknown, read-only, wrong type)
 */
export function checkProperties(
  account: Account,
  store: ObjectStore,
  input: unknown,
): Record<string, string | null> {
  const values: Record<string, string | null> = {}
  const problems: PropertyProblem[] = []
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw validationError('Invalid input JSON: properties must be an object')
  }
  for (const name in input) {
    const raw = asString(name, (input as Record<string, unknown>)[name])
    const property = store.properties.get(name)
    if (!property) {
      problems.push({ name, code: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` })
      continue
    }
    if (property.readOnlyValue) {
      const message = `"${name}" is a read only property; its value cannot be set.`
      problems.push({ name, code: 'READ_ONLY_VALUE', message })
      continue
    }
    if (raw === '') {
      values[name] = null
      continue
    }
    const checked = checkValue(account, store, property, raw)
    if ('value' in checked) values[name] = checked.value
    else problems.push({ name, ...checked })
  }
  if (problems.length > 0) throw invalidProperties(problems, account.portalId)
  return values
}
