import { parseDate } from './dates.ts'
import { bool, list, number, text, type Json } from './php.ts'
import type { Answer, Call } from './router.ts'
import { restUrl, type Shop } from './state.ts'

export interface Paging {
  perPage: number
  page: number
  offset: number
}

export function pagingOf(params: Json): Paging {
  const perPage = params['per_page'] === undefined ? 10 : number(params['per_page'])
  const page = params['page'] === undefined ? 1 : number(params['page'])
  const offset = params['offset'] === undefined ? (page - 1) * perPage : Math.max(0, number(params['offset']))
  return { perPage, page, offset }
}

const encode = (value: string): string => encodeURIComponent(value).replaceAll('%20', '+')

/** Query parameters as `add_query_arg` writes them back: booleans as 1, lists by index. */
function queryText(call: Call, params: Json): string {
  const pairs: string[] = []
  for (const [name, value] of Object.entries(params)) {
    const rule = call.rules[name]
    if (rule?.type === 'array' || Array.isArray(value)) {
      for (const [index, item] of list(value).entries())
        pairs.push(`${encode(`${name}[${index}]`)}=${encode(text(item))}`)
    } else if (rule?.type === 'boolean') {
      pairs.push(`${name}=${bool(value) ? 1 : 0}`)
    } else {
      pairs.push(`${encode(name)}=${encode(text(value))}`)
    }
  }
  return pairs.join('&')
}

/**
 * Totals and `Link` of a list. `extra` are parameters a route sets by itself and which therefore show up in the
 * links. Without a neighbouring page there is no `Link` here, and the answer keeps the one to the API root.
 */
export function pageHeaders(
  call: Call,
  total: number,
  extra: Json = {},
  pages = Math.ceil(total / pagingOf(call.params).perPage),
): Record<string, string> {
  const { page } = pagingOf(call.params)
  const query = { ...call.query, ...extra }
  const address = restUrl(call.shop, call.path)
  const to = (target: number): string => {
    const joint = address.includes('?') ? '&' : '?'
    return `${address}${joint}${queryText(call, { ...query, page: String(target) })}`
  }
  const links: string[] = []
  if (page > 1) links.push(`<${to(Math.min(page - 1, pages))}>; rel="prev"`)
  if (page < pages) links.push(`<${to(page + 1)}>; rel="next"`)
  return {
    'x-wp-total': String(total),
    'x-wp-totalpages': String(pages),
    ...(links.length > 0 ? { link: links.join(', ') } : {}),
  }
}

/** Bounds of a date filter in epoch seconds: the moment must lie strictly between. */
export interface Span {
  after: number
  before: number
}

export function spanOf(shop: Shop, params: Json, after: string, before: string): Span {
  const read = (name: string, otherwise: number): number => {
    if (params[name] === undefined) return otherwise
    return parseDate(text(params[name]), shop.site, bool(params['dates_are_gmt'])) ?? otherwise
  }
  return { after: read(after, -Infinity), before: read(before, Infinity) }
}

export const within = (moment: number | null, span: Span): boolean =>
  moment === null ? span.after === -Infinity : moment > span.after && moment < span.before

/** Reads a list parameter of ids; null where it was not sent. */
export const idsOf = (value: unknown): Set<number> | null =>
  value === undefined ? null : new Set(list(value).map(number))

interface ListOptions<T> {
  /** What to sort by, per `orderby` value. */
  orders: Record<string, (one: T) => number | string>
  orderby: string
  direction?: 'asc' | 'desc'
  id: (one: T) => number
  json: (one: T) => unknown
}

/** A page of a collection that is small enough to filter and sort each time. */
export function listAnswer<T>(call: Call, all: Iterable<T>, options: ListOptions<T>): Answer {
  const { params } = call
  const include = idsOf(params['include'])
  const exclude = idsOf(params['exclude'])
  const by = text(params['orderby']) || options.orderby
  const sortKey = options.orders[by] ?? options.id
  const sign = (text(params['order']) || options.direction || 'desc') === 'asc' ? 1 : -1
  const rows = [...all].filter((one) => {
    const id = options.id(one)
    return (!include || include.size === 0 || include.has(id)) && !exclude?.has(id)
  })
  const compare = (a: T, b: T): number => {
    const [left, right] = [sortKey(a), sortKey(b)]
    const first = typeof left === 'string' ? left.localeCompare(String(right)) : left - Number(right)
    return sign * (first || options.id(a) - options.id(b))
  }
  if (by === 'include' && include) {
    const position = new Map([...include].map((id, index) => [id, index]))
    rows.sort((a, b) => (position.get(options.id(a)) ?? 0) - (position.get(options.id(b)) ?? 0))
  } else {
    rows.sort(compare)
  }
  const { offset, perPage } = pagingOf(params)
  return {
    body: rows.slice(offset, offset + perPage).map(options.json),
    headers: pageHeaders(call, rows.length),
  }
}

/** `_links` of one resource. */
export function links(
  shop: Shop,
  self: string,
  collection: string,
  more: Json = {},
  allow = allMethods,
): Json {
  return {
    self: [{ href: restUrl(shop, self), targetHints: { allow } }],
    collection: [{ href: restUrl(shop, collection) }],
    ...more,
  }
}
export const allMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
