import type { Instant } from '@crosswalk/shared/model'

const GMT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?$/

/**
 * An instant from one of WooCommerce's `_gmt` fields, which are UTC without a `Z`. The fields without `_gmt` are site
 * local and never read. Null for null and for WordPress' zero date.
 */
export function gmt(value: unknown): Instant | null {
  if (typeof value !== 'string' || value.startsWith('0000')) return null
  const bare = value.endsWith('Z') ? value.slice(0, -1) : value
  return GMT.test(bare) ? `${bare}Z` : null
}

/** The whole second of a `_gmt` field, such as `2026-11-21T20:43:03`; empty where there is none. Sorts as text. */
export const secondOf = (value: unknown): string => gmt(value)?.slice(0, 19) ?? ''

/** `instant` moved by whole seconds, its fraction dropped: `2026-11-21T20:43:02Z`. */
export function shifted(instant: string, seconds: number): Instant {
  const at = Date.parse(instant.endsWith('Z') ? instant : `${instant}Z`)
  return `${new Date(at + seconds * 1000).toISOString().slice(0, 19)}Z`
}

/** The source's clock from an answer's `Date` header, null where it has none that can be read. */
export function httpDate(header: string | undefined): Instant | null {
  const at = Date.parse(header ?? '')
  return Number.isNaN(at) ? null : `${new Date(at).toISOString().slice(0, 19)}Z`
}
