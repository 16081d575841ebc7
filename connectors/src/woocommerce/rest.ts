import type { Call, Facts, Reply } from '../sdk/index.ts'
import { ConnectorError } from '../sdk/index.ts'
import type { Instant } from '@crosswalk/shared/model'
import { httpDate } from './dates.ts'
import { PLAIN_ROOT } from './facts.ts'

/** Most rows and ids WooCommerce takes in one call. */
export const MAX_PER_CALL = 100

/** Parameter by which the connect check says which transport a call is to try; WooCommerce ignores it. */
export const TRANSPORT_MARK = 'crosswalk_transport'

/**
 * A call of the `wc/v3` API. With plain permalinks the route goes into a parameter, and WooCommerce looks at keys only
 * where the address holds the very text `wp-json/wc/`, so that is sent along as a parameter that means nothing.
 */
export function wc(facts: Facts, route: string, query: Readonly<Record<string, string>> = {}): Call {
  const root = typeof facts['restRoot'] === 'string' ? facts['restRoot'] : '/wp-json'
  if (root !== PLAIN_ROOT) return { path: `${root}/wc/v3${route}`, query }
  return { path: '/', query: { rest_route: `/wc/v3${route}`, x: 'wp-json/wc/', ...query } }
}

/** The rows of a list answer. Throws `malformed` or, for a page of a wall or of maintenance, `unavailable`. */
export function listOf<N extends object>(reply: Reply, what: string): N[] {
  if (Array.isArray(reply.body)) return reply.body as N[]
  // PHP writes a list with gaps as an object; a filter of a plugin that removes rows makes such lists.
  if (isObject(reply.body) && Object.keys(reply.body).every((key) => /^\d+$/.test(key))) {
    return Object.values(reply.body) as N[]
  }
  throw unreadable(reply, what)
}

/** The object of an answer. Throws as `listOf` does. */
export function objectOf(reply: Reply, what: string): Record<string, unknown> {
  if (isObject(reply.body)) return reply.body
  throw unreadable(reply, what)
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

function unreadable(reply: Reply, what: string): ConnectorError {
  const html = typeof reply.body === 'string' && /<(?:!doctype|html|head|body)\b/i.test(reply.body)
  return new ConnectorError(
    html
      ? {
          kind: 'unavailable',
          status: reply.status,
          publicMessage: `The shop answered with a web page instead of its ${what}: a maintenance page, a security plugin or a bot check stands in front of it.`,
          holdsConnection: true,
        }
      : {
          kind: 'malformed',
          status: reply.status,
          publicMessage: `The shop's answer is no list of ${what} as WooCommerce gives it.`,
        },
  )
}

/** Rows in the whole list as `X-WP-Total` tells, null where a cache or a proxy took the header away. */
export function totalOf(reply: Reply): number | null {
  const header = reply.headers['x-wp-total']
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : null
}

export const clockOf = (reply: Reply): Instant | null => httpDate(reply.headers['date'])

/** `ids` in groups that fit into one call. Ids that are no WooCommerce ids are left out, as gone. */
export function idGroups(ids: readonly string[]): string[][] {
  const valid = [...new Set(ids)].filter((id) => /^[1-9]\d{0,18}$/.test(id))
  return Array.from({ length: Math.ceil(valid.length / MAX_PER_CALL) }, (_, i) =>
    valid.slice(i * MAX_PER_CALL, (i + 1) * MAX_PER_CALL),
  )
}
