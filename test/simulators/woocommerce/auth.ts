import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SimRequest } from '../server.ts'
import { authError } from './errors.ts'
import type { ApiKey, Shop } from './state.ts'

export interface AuthOptions {
  /** What PHP believes: only over TLS it looks at Basic and at keys in the query string. */
  secure: boolean
  /** The host drops the `Authorization` header before PHP sees it. */
  stripAuthorization: boolean
}

const equal = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** `is_request_to_rest_api`: keys are looked at only where the request URI holds `wp-json/wc/` or `wp-json/wc-`. */
export const looksAtKeys = (url: string): boolean => /wp-json\/wc[/-]/.test(url)

/** Checks consumer keys as `WC_REST_Authentication` does. Nonces are remembered per key. */
export function createAuth(shop: Shop, options: AuthOptions) {
  const nonces = new Map<string, Map<string, number>>()
  const find = (key: string): ApiKey | undefined => shop.keys.find((one) => one.key === key)

  /**
   * The key the call came with, or null where it came with none that is looked at (the call then goes on
   * without rights). Throws 401 where a key is there and wrong.
   */
  function authenticate(request: SimRequest): ApiKey | null {
    if (!looksAtKeys(request.url)) return null
    const header = options.stripAuthorization ? undefined : request.headers.authorization
    if (options.secure) {
      const [key, secret] = sentKeys(request, header)
      const known = key && secret ? find(key) : undefined
      if (known) {
        if (!equal(known.secret, secret)) throw authError('Consumer secret is invalid.')
        return known
      }
    }
    return oauth(request, header)
  }

  function oauth(request: SimRequest, header: string | undefined): ApiKey | null {
    const params = oauthParams(request, header)
    const names = [
      'oauth_consumer_key',
      'oauth_timestamp',
      'oauth_nonce',
      'oauth_signature',
      'oauth_signature_method',
    ]
    const missing = names.filter((name) => !params.get(name))
    if (missing.length === names.length) return null
    if (missing.length > 0) {
      const word = missing.length === 1 ? 'parameter' : 'parameters'
      throw authError(
        `Missing OAuth ${word} ${missing.join(', ')}`,
        'woocommerce_rest_authentication_missing_parameter',
      )
    }
    const known = find(params.get('oauth_consumer_key') as string)
    if (!known) throw authError('Consumer key is invalid.')
    checkSignature(request, params, known)
    checkNonce(known, Number(params.get('oauth_timestamp')), params.get('oauth_nonce') as string)
    return known
  }

  function checkSignature(request: SimRequest, params: Map<string, string>, known: ApiKey): void {
    const method = params.get('oauth_signature_method') as string
    if (method !== 'HMAC-SHA1' && method !== 'HMAC-SHA256') {
      throw authError('Invalid signature - signature method is invalid.')
    }
    const pairs = [...params]
      .filter(([name]) => name !== 'oauth_signature')
      .sort(([a], [b]) => (a < b ? -1 : 1))
    const query = pairs.map(([name, value]) => rfc3986(`${rfc3986(name)}=${rfc3986(value)}`)).join('%26')
    const home = `${new URL(shop.url).origin}${request.path}`
    const base = `${request.method}&${rfc3986(options.secure ? home.replace(/^http:/, 'https:') : home)}&${query}`
    const expected = createHmac(method.slice(5).toLowerCase(), `${known.secret}&`)
      .update(base)
      .digest('base64')
    const sent = (params.get('oauth_signature') as string).replaceAll(' ', '+')
    if (!equal(expected, sent)) throw authError('Invalid signature - provided signature does not match.')
  }

  /** A timestamp may be 15 minutes off; a nonce counts once per key within that window. */
  function checkNonce(known: ApiKey, timestamp: number, nonce: string): void {
    const now = Math.floor(shop.clock.now() / 1000)
    const window = 15 * 60
    if (!(Math.abs(timestamp - now) <= window)) throw authError('Invalid timestamp.')
    const used = nonces.get(known.key) ?? new Map<string, number>()
    nonces.set(known.key, used)
    for (const [old, at] of used) if (at < now - window) used.delete(old)
    if (used.has(nonce)) throw authError('Invalid nonce - nonce has already been used.')
    used.set(nonce, timestamp)
  }

  return { authenticate }
}

const rfc3986 = (value: string): string =>
  encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** Key and secret from the query string, which wins, or from Basic. */
function sentKeys(request: SimRequest, header: string | undefined): [string, string] {
  const key = request.query.get('consumer_key')
  const secret = request.query.get('consumer_secret')
  if (key && secret) return [key, secret]
  const basic = /^Basic\s+(.+)$/i.exec(header ?? '')?.[1]
  if (!basic) return ['', '']
  const decoded = Buffer.from(basic, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon < 0 ? ['', ''] : [decoded.slice(0, colon), decoded.slice(colon + 1)]
}

/** All query parameters plus what an `Authorization: OAuth` header holds. */
function oauthParams(request: SimRequest, header: string | undefined): Map<string, string> {
  const params = new Map<string, string>(request.query)
  if (!header?.startsWith('OAuth ')) return params
  for (const part of header.slice(6).split(',')) {
    const match = /^\s*(oauth_\w+)="?([^"]*)"?\s*$/.exec(part)
    if (match) params.set(match[1] as string, decodeURIComponent(match[2] as string))
  }
  return params
}

/** 401 where the key's permission does not cover the method, as the check before routing says it. */
export function checkPermission(key: ApiKey, method: string): void {
  if (method === 'OPTIONS') return
  const needed = method === 'GET' || method === 'HEAD' ? 'read' : 'write'
  if (key.permissions === 'read_write' || key.permissions === needed) return
  throw authError(`The API key provided does not have ${needed} permissions.`)
}
