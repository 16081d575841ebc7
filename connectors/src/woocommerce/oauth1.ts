import { createHmac } from 'node:crypto'

/** Percent-encoding of RFC 3986, as OAuth 1.0a wants it (RFC 5849, section 3.6). */
export const percentEncode = (value: string): string =>
  encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** Compares by bytes; encoded text is ASCII, so code units will do. */
const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Signature base string (RFC 5849, section 3.4.1) of a request whose parameters all stand in its query or in `more`. */
export function signatureBase(
  method: string,
  address: string,
  more: readonly (readonly [string, string])[],
): string {
  const url = new URL(address)
  const pairs = [...url.searchParams, ...more].map(
    ([name, value]) => [percentEncode(name), percentEncode(value)] as const,
  )
  pairs.sort((a, b) => byBytes(a[0], b[0]) || byBytes(a[1], b[1]))
  const parameters = pairs.map(([name, value]) => `${name}=${value}`).join('&')
  // `origin` is lower case and leaves default ports out, as section 3.4.1.2 asks.
  return [method.toUpperCase(), `${url.origin}${url.pathname}`, parameters].map(percentEncode).join('&')
}

export interface OneLegged {
  method: string
  url: string
  key: string
  secret: string
  /** Fresh for every try: WooCommerce refuses one it has seen. */
  nonce: string
  /** Seconds since 1970; WooCommerce takes 15 minutes of difference. */
  timestamp: number
}

/** OAuth 1.0a parameters of a request without a token, HMAC-SHA256, for the query string. */
export function oneLegged(request: OneLegged): Record<string, string> {
  const parameters: [string, string][] = [
    ['oauth_consumer_key', request.key],
    ['oauth_nonce', request.nonce],
    ['oauth_signature_method', 'HMAC-SHA256'],
    ['oauth_timestamp', String(request.timestamp)],
    ['oauth_version', '1.0'],
  ]
  const base = signatureBase(request.method, request.url, parameters)
  // There is no token, so the signing key ends with the `&` after the consumer's secret.
  const signature = createHmac('sha256', `${percentEncode(request.secret)}&`)
    .update(base)
    .digest('base64')
  return Object.fromEntries([...parameters, ['oauth_signature', signature]])
}
