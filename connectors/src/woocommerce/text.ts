import { decode } from 'html-entities'

/**
 * Text as people read it. WooCommerce hands out names with HTML entities (`Salt &amp; Pepper`); they are decoded once,
 * and only where a semicolon ends them, so that "AT&T" and "R&copyright" stay as they are.
 */
export const plain = (value: unknown): string => {
  if (typeof value !== 'string') return typeof value === 'number' ? String(value) : ''
  return value.includes('&') ? decode(value, { scope: 'strict' }).trim() : value.trim()
}

/** Text of a short piece of HTML, such as a line option's `display_value`: tags gone, entities decoded once. */
export const plainFromHtml = (value: unknown): string =>
  plain(typeof value === 'string' && value.includes('<') ? value.replace(/<[^>]*>/g, '') : value)

/** An id as text; null for 0, nothing or no id (WooCommerce writes "no product" as 0). */
export const idOrNull = (value: unknown): string | null =>
  (typeof value === 'number' && value > 0) || (typeof value === 'string' && value !== '' && value !== '0')
    ? String(value)
    : null
