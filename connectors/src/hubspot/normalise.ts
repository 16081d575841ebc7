import { truncate } from '@crosswalk/shared/mapping'
import { add, Amount, normaliseEmail } from '@crosswalk/shared/model'
import { propertyFact, type HubSpotContext } from './facts.ts'
import { MAX_TEXT } from './field-types.ts'
import type { ObjectName } from './object-types.ts'

/**
 * A value as HubSpot gives it back, so that equal values are equal texts: every value is text on the wire, and empty
 * text is no value. Values that do not fit their property's type stay as they are: HubSpot refuses them by name.
 */
export function normaliseValue(
  object: ObjectName,
  field: string,
  value: unknown,
  context: Pick<HubSpotContext, 'facts'>,
): string | null {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) {
    const values = value.map((item) => normaliseValue(object, field, item, context))
    return values.filter((item) => item !== null).join(';') || null
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean)
  if (text === '') return null
  // In the form it is looked for by: an international domain in its ASCII form, whatever the buyer typed.
  if (object === 'contacts' && field === 'email') return normaliseEmail(text) ?? text.trim().toLowerCase()
  switch (propertyFact(context, object, field)?.type ?? typeName(value)) {
    case 'number':
      return canonicalNumber(text)
    case 'bool':
      return canonicalBoolean(text)
    case 'date':
      return canonicalTime(text)?.slice(0, 10) ?? text
    case 'datetime':
      return canonicalTime(text) ?? text
    default:
      return soundText(text) || null
  }
}

const typeName = (value: unknown): string => (typeof value === 'number' ? 'number' : 'string')

/** Decimal text as nearly every amount comes: no sign but a minus, no exponent, no leading zeros. */
const PLAIN = /^-?(?:0|[1-9]\d{0,29})(?:\.\d{1,12})?$/

/** Decimal text without superfluous zeros: "12.50" is "12.5"; text that is no number stays. */
function canonicalNumber(text: string): string {
  if (PLAIN.test(text)) return withoutZeros(text)
  const plain = text.trim().replace(/^\+/, '')
  const decimal = /e/i.test(plain) ? exponentOut(plain) : plain
  return Amount.safeParse(decimal).success ? add(decimal) : text
}

/** "-0.00" has no sign, as the decimal library writes it. */
function withoutZeros(text: string): string {
  if (!text.includes('.')) return text === '-0' ? '0' : text
  let end = text.length
  while (text.charCodeAt(end - 1) === ZERO) end -= 1
  if (text[end - 1] === '.') end -= 1
  const short = text.slice(0, end)
  return short === '-0' ? '0' : short
}
const ZERO = 0x30

/** "1e-7" as "0.0000001": numbers from JavaScript may come with an exponent. */
function exponentOut(text: string): string {
  const value = Number(text)
  return Number.isFinite(value) && Math.abs(value) < 1e21 ? value.toFixed(12) : text
}

function canonicalBoolean(text: string): string {
  const lower = text.trim().toLowerCase()
  if (lower === '1' || lower === 'yes') return 'true'
  if (lower === '0' || lower === 'no') return 'false'
  return lower
}

/** ISO text with milliseconds in UTC, from ISO text or from milliseconds since 1970. */
function canonicalTime(text: string): string | undefined {
  const trimmed = text.trim()
  const isMs = /^-?\d{9,15}$/.test(trimmed)
  if (!isMs && !/^\d{4}-\d{2}-\d{2}(?:$|T)/.test(trimmed)) return undefined
  // Without a zone, HubSpot's times are UTC; the machine's own zone must not come in.
  const zoned = /T[\d:.]+$/.test(trimmed) ? `${trimmed}Z` : trimmed
  const time = new Date(isMs ? Number(trimmed) : zoned)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}

/**
 * Text that any store takes: no NUL, no half of a surrogate pair, and cut to what a property holds, between two
 * characters as people see them and marked with ….
 */
export const soundText = (text: string): string =>
  text.length <= MAX_TEXT && text.isWellFormed() && !text.includes('\0')
    ? text
    : truncate(text.toWellFormed().replaceAll('\0', ''), MAX_TEXT)
