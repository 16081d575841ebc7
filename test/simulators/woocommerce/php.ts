/** What PHP and WordPress do to numbers, texts and JSON, as far as clients can see it in an answer. */

/**
 * `round()` of PHP before 8.4: rounds after cutting the binary noise at 15 significant digits.
 * `half: 'down'` is WooCommerce's mode for tax where prices include tax (0.525 becomes 0.52).
 */
export function round(value: number, places = 0, half: 'up' | 'down' = 'up'): number {
  const factor = 10 ** places
  const size = Math.abs(value) * factor
  let rounded = Math.round(size)
  // Only next to a half does the noise matter; cutting it costs more than the rounding.
  if (Math.abs(Math.abs(size - rounded) - 0.5) < 1e-4) {
    const scaled = Number(size.toPrecision(15))
    const rest = scaled - Math.floor(scaled)
    rounded = Math.floor(scaled) + ((half === 'up' ? rest >= 0.5 : rest > 0.5) ? 1 : 0)
  }
  return rounded === 0 ? 0 : (Math.sign(value) * rounded) / factor
}

/** `wc_format_decimal`: a decimal string with `places` decimals, e.g. `4.95`. */
export function decimal(value: number, places = 2): string {
  return (round(value, places) || 0).toFixed(places)
}

const escapes = /[/\u0080-\uffff]/g
const escaped = (char: string): string =>
  char === '/' ? '\\/' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

/** `wp_json_encode` without options: `/` and everything outside ASCII is escaped. */
export function phpJson(value: unknown): string {
  return JSON.stringify(value).replace(escapes, escaped)
}

/** `sanitize_title`: the slug of a name. */
export function slugOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/&[a-z]+;/g, '')
    .replace(/[^a-z0-9\s_-]/g, '')
    .trim()
    .replace(/[\s-]+/g, '-')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** What WordPress stores for a name typed as plain text: `&`, `<` and `>` escaped, once. */
export function escapeHtml(text: string): string {
  return text.replace(/&(?!amp;|lt;|gt;|quot;|#0?39;)|[<>]/g, (char) => entities[char] ?? char)
}

/** `wp_specialchars_decode( $text, ENT_QUOTES )`, applied to a webhook's secret before signing. */
export function decodeHtml(text: string): string {
  return text
    .replace(/&quot;|&#0*34;/g, '"')
    .replace(/&#0*39;|&apos;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;|&#0*38;/g, '&')
}

/** `wpautop` for the texts a product holds: paragraphs and a newline at the end. */
export function paragraphs(text: string): string {
  if (text === '') return ''
  return /<p[\s>]/.test(text) ? `${text.trimEnd()}\n` : `<p>${text.trim()}</p>\n`
}

/** A deterministic stream of numbers in [0, 1) for one seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

/** A token of `length` characters, e.g. the tail of an order key. */
export function token(random: () => number, length: number): string {
  let text = ''
  for (let n = 0; n < length; n++) text += letters[Math.floor(random() * letters.length)]
  return text
}

export type Json = Record<string, unknown>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A posted value as text: PHP's `(string)` for scalars, empty for the rest. */
export const text = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || value === true
      ? String(value === true ? 1 : value)
      : ''

/** A posted value as a number: PHP's `(float)`, 0 where it is none. */
export const number = (value: unknown): number => {
  const parsed = typeof value === 'number' ? value : parseFloat(text(value))
  return Number.isFinite(parsed) ? parsed : 0
}

/** `wc_string_to_bool` for what REST accepts as a boolean. */
export const bool = (value: unknown): boolean =>
  value === true || value === 1 || value === '1' || (typeof value === 'string' && /^(true|yes)$/i.test(value))

/** A posted list; a comma list counts as one, as in WordPress. */
export function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return value === '' ? [] : value.split(/[\s,]+/)
  return value === undefined || value === null ? [] : [value]
}
