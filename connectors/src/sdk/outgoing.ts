import { randomBytes } from 'node:crypto'
import type { Call, OutgoingRequest } from './call.ts'
import type { Connector, Context } from './connector.ts'
import { ConnectorError } from './errors.ts'
import { checkBaseUrl, type AddressRules } from './safe-address.ts'
import type { WireRequest } from './transport.ts'

const USER_AGENT = 'Crosswalk/0.1'

/** Split once per base URL: `origin` such as `https://shop.example.com`, `path` such as `/wp-json`. */
export interface Base {
  origin: string
  host: string
  path: string
}

/** @throws ConnectorError `unsafe` where the address may not be called. */
export function baseOf(text: string, rules: AddressRules): Base {
  const checked = checkBaseUrl(text, rules)
  if (!checked.ok) {
    throw new ConnectorError({ kind: 'unsafe', publicMessage: `${checked.reason} ${checked.remedy}` })
  }
  const { url } = checked
  return { origin: url.origin, host: url.host, path: url.pathname.replace(/\/+$/, '') }
}

/**
 * One try, built and signed. The URL is put together as text and never leaves the base's origin and path.
 * @throws ConnectorError `invalid` for a path that would climb out of the base URL.
 */
export function buildTry<S, C>(
  call: Call,
  base: Base,
  connector: Connector<S, C>,
  credentials: C,
  context: Context<S>,
): WireRequest {
  const { text, contentType } = bodyOf(call)
  const path = base.path + pathOf(call, connector.label)
  const query = queryOf(call.query)
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-encoding': 'gzip, br',
    'user-agent': USER_AGENT,
    ...connector.http.headers?.(context.settings),
    ...(contentType === null ? {} : { 'content-type': contentType }),
  }
  const method = call.method ?? 'GET'
  const outgoing: OutgoingRequest = {
    method,
    url: `${base.origin}${path}${query === '' ? '' : `?${query}`}`,
    headers,
    body: text,
  }
  const nonce = randomBytes(16).toString('hex')
  const proof = connector.auth.authorize(outgoing, credentials, { ...context, nonce })
  const signed = [query, queryOf(proof.query)].filter((part) => part !== '').join('&')
  return {
    origin: base.origin,
    path: signed === '' ? path : `${path}?${signed}`,
    method,
    headers: { ...headers, ...proof.headers },
    body: text === '' ? null : Buffer.from(text, 'utf8'),
  }
}

function pathOf(call: Call, label: string): string {
  const path = call.path === '' || call.path.startsWith('/') ? call.path : `/${call.path}`
  if (/[\s\\?#]|(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(path)) {
    throw new ConnectorError({
      kind: 'invalid',
      publicMessage: `The call to ${label} has an impossible path.`,
    })
  }
  return path
}

/**
 * Strict percent-encoding (RFC 3986), which signatures over the query need. A slash may stand as it is in a query, and
 * WordPress without pretty permalinks looks for one in plain text.
 */
function queryOf(query: Record<string, string> | undefined): string {
  return Object.entries(query ?? {})
    .map(([name, value]) => `${encode(name)}=${encode(value).replaceAll('%2F', '/')}`)
    .join('&')
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

function bodyOf(call: Call): { text: string; contentType: string | null } {
  if (call.form !== undefined) {
    return {
      text: new URLSearchParams(call.form).toString(),
      contentType: 'application/x-www-form-urlencoded',
    }
  }
  if (call.body === undefined) return { text: '', contentType: null }
  return { text: JSON.stringify(call.body), contentType: 'application/json' }
}
