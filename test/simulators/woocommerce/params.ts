import { parseDate, UTC } from './dates.ts'
import { invalidParams, missingParams, type ParamFault } from './errors.ts'
import { isObject, list, type Json } from './php.ts'

/** What WordPress checks of one parameter before a route runs. */
export interface ParamRule {
  type: 'integer' | 'number' | 'string' | 'boolean' | 'array' | 'object' | 'date' | 'any'
  min?: number
  max?: number
  oneOf?: readonly string[]
  /** For arrays: what each entry may be. */
  itemsOneOf?: readonly string[]
  integers?: boolean
  /** For strings, and for objects with an `email` in them. */
  email?: boolean
}
export type ParamRules = Record<string, ParamRule>

export const integer = (min?: number, max?: number): ParamRule => ({
  type: 'integer',
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
})
export const oneOf = (...values: string[]): ParamRule => ({ type: 'string', oneOf: values })
export const string: ParamRule = { type: 'string' }
export const boolean: ParamRule = { type: 'boolean' }
export const date: ParamRule = { type: 'date' }
export const array: ParamRule = { type: 'array' }
export const integers: ParamRule = { type: 'array', integers: true }
export const object: ParamRule = { type: 'object' }

/** Parameters of every collection. */
export function collectionRules(orderby: string[], more: ParamRules = {}): ParamRules {
  return {
    page: integer(1),
    per_page: integer(1, 100),
    offset: integer(),
    order: oneOf('asc', 'desc'),
    orderby: oneOf(...orderby),
    include: integers,
    exclude: integers,
    ...more,
  }
}

export const dateRules: ParamRules = {
  after: date,
  before: date,
  modified_after: date,
  modified_before: date,
  dates_are_gmt: boolean,
}

const joined = (values: readonly string[]): string =>
  values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')}, and ${values.at(-1)}`

const emailPattern = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/
export const isEmail = (value: string): boolean => emailPattern.test(value)

const isInteger = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isInteger(value)
    : typeof value === 'string' && /^\s*-?\d+\s*$/.test(value)

const typeChecks: Record<ParamRule['type'], (value: unknown) => boolean> = {
  integer: isInteger,
  number: (value) => typeof value === 'number' || (typeof value === 'string' && /^-?\d*\.?\d+$/.test(value)),
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean' || /^(true|false|0|1)?$/i.test(String(value)),
  array: (value) => Array.isArray(value) || typeof value === 'string' || typeof value === 'number',
  object: (value) => isObject(value) || value === '' || (Array.isArray(value) && value.length === 0),
  date: () => true,
  any: () => true,
}

const wrongType = (name: string, at: string, type: string): ParamFault => ({
  name,
  code: 'rest_invalid_type',
  message: `${at} is not of type ${type}.`,
  data: { param: at },
})
const fault = (name: string, code: string, message: string): ParamFault => ({
  name,
  code,
  message,
  data: null,
})

function boundsFault(name: string, value: unknown, { min, max }: ParamRule): ParamFault | null {
  const amount = Number(value)
  if (min !== undefined && max !== undefined) {
    if (amount >= min && amount <= max) return null
    const message = `${name} must be between ${min} (inclusive) and ${max} (inclusive)`
    return fault(name, 'rest_out_of_bounds', message)
  }
  if (min !== undefined && amount < min) {
    return fault(name, 'rest_out_of_bounds', `${name} must be greater than or equal to ${min}`)
  }
  return null
}

function itemFault(name: string, value: unknown, rule: ParamRule): ParamFault | null {
  for (const [index, item] of list(value).entries()) {
    const at = `${name}[${index}]`
    if (rule.integers && !isInteger(item)) return wrongType(name, at, 'integer')
    if (rule.itemsOneOf && !rule.itemsOneOf.includes(String(item))) {
      return fault(name, 'rest_not_in_enum', `${at} is not one of ${joined(rule.itemsOneOf)}.`)
    }
  }
  return null
}

function check(name: string, value: unknown, rule: ParamRule): ParamFault | null {
  if (!typeChecks[rule.type](value)) return wrongType(name, name, rule.type)
  if (rule.type === 'date' && parseDate(String(value), UTC) === null) {
    return fault(name, 'rest_invalid_date', 'Invalid date.')
  }
  if (rule.oneOf && !rule.oneOf.includes(String(value))) {
    return fault(name, 'rest_not_in_enum', `${name} is not one of ${joined(rule.oneOf)}.`)
  }
  if (rule.type === 'array') return itemFault(name, value, rule)
  if (rule.email) {
    const address = isObject(value) ? value['email'] : value
    if (typeof address === 'string' && address !== '' && !isEmail(address)) {
      return fault(name, 'rest_invalid_email', 'Invalid email address.')
    }
  }
  return rule.type === 'integer' ? boundsFault(name, value, rule) : null
}

/** Throws 400 as WordPress does: first what is missing, then everything that is wrong. */
export function checkParams(params: Json, rules: ParamRules, required: readonly string[] = []): void {
  const missing = required.filter((name) => params[name] === undefined)
  if (missing.length > 0) throw missingParams(missing)
  const faults: ParamFault[] = []
  for (const [name, rule] of Object.entries(rules)) {
    const value = params[name]
    if (value === undefined) continue
    const found = check(name, value, rule)
    if (found) faults.push(found)
  }
  if (faults.length > 0) throw invalidParams(faults)
}

/** A query string as PHP reads it: `a[]=1`, `a[0]=1` and `a[b]=1` become lists and objects, one level deep. */
export function parseQuery(query: URLSearchParams): Json {
  const params: Json = {}
  for (const [name, value] of query) {
    const match = /^([^[\]]+)\[([^[\]]*)\]/.exec(name)
    if (!match) {
      params[name] = value
      continue
    }
    const [, key = '', inner = ''] = match
    const slot = params[key]
    if (/^\d*$/.test(inner)) params[key] = Array.isArray(slot) ? [...slot, value] : [value]
    else params[key] = { ...(isObject(slot) ? slot : {}), [inner]: value }
  }
  return params
}
