import { round, type Amount } from '../../model/money.ts'

/** Longest text a transform makes; a target's own limit is far below. */
export const MAX_TEXT = 1_000_000

/** True for what counts as no value: '', null, undefined and an empty list. `false` and 0 are values. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** A scalar as text, null for what is none (a list, an object, a number that is not finite). */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return null
}

const DECIMAL = /^([+-]?)(\d{1,30})(\.\d{1,40})?$/

/** Decimal text of at most 30 digits before and 12 after the point (rounded there), or null when out of bounds. */
export function bounded(amount: string): Amount | null {
  const found = DECIMAL.exec(amount)
  if (!found) return null
  const sign = found[1] === '-' && /[1-9]/.test(amount) ? '-' : ''
  const plain = `${sign}${found[2]}${found[3] ?? ''}`
  if ((found[3]?.length ?? 0) <= 13) return plain
  const rounded = round(plain, 12).replace(/\.?0{1,12}$/, '')
  return DECIMAL.test(rounded) ? rounded : null
}

/** Decimal text of a finite number or of text such as "12.50"; null for everything else, also for "1,5" and "1e3". */
export function asDecimal(value: unknown): Amount | null {
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Math.abs(value) >= 1e21) return null
    // Numbers below one millionth print with an exponent.
    return bounded(Math.abs(value) < 1e-6 ? value.toFixed(12) : String(value))
  }
  if (typeof value === 'string' && value.length <= 100) return bounded(value.trim())
  return null
}

/** A value as it may stand in a sentence: short, in quotes, without control characters; never the inside of an object. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'an object'
  const text = asText(value) ?? (typeof value === 'number' ? String(value) : typeof value)
  const cut = text.length > 60 ? `${text.slice(0, 60)}…` : text
  if (typeof value === 'number' || typeof value === 'boolean') return cut
  return `"${cut.replace(/\p{Cc}/gu, ' ').toWellFormed()}"`
}
