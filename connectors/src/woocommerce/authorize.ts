import type { Context, OutgoingRequest } from '../sdk/index.ts'
import type { WooCredentials } from './credentials.ts'
import { readFacts, type ShopFacts, type Way } from './facts.ts'
import { oneLegged } from './oauth1.ts'
import { TRANSPORT_MARK } from './rest.ts'
import type { WooSettings } from './settings.ts'

/** WooCommerce looks at keys only here; elsewhere a Basic header is taken for a WordPress login and refused. */
const TAKES_KEYS = /wp-json\/wc\/|[?&]rest_route=(?:\/|%2F)wc(?:\/|%2F)/i

const WAYS: readonly string[] = ['basic', 'query', 'oauth1', 'oauth1-https'] satisfies Way[]

/** The way a request goes: the check's mark, else what the check found; over plain http always signed. */
function wayOf(url: URL, facts: ShopFacts): Way {
  const mark = url.searchParams.get(TRANSPORT_MARK)
  const found =
    facts.transport === 'oauth1' && facts.signedScheme === 'https' ? 'oauth1-https' : facts.transport
  const way = mark !== null && WAYS.includes(mark) ? (mark as Way) : found
  return url.protocol === 'http:' && !way.startsWith('oauth1') ? 'oauth1' : way
}

/**
 * Proof of who calls. Over plain http neither header nor query keys count, so requests are signed (OAuth 1.0a), anew
 * for every try. The shop checks signatures against its own address, with the scheme it believes to be called by:
 * behind a proxy that may be the other one.
 */
export function authorize(
  request: OutgoingRequest,
  credentials: WooCredentials,
  context: Context<WooSettings> & { nonce: string },
): { headers?: Record<string, string>; query?: Record<string, string> } {
  if (!TAKES_KEYS.test(request.url)) return {}
  const { consumerKey: key, consumerSecret: secret } = credentials
  const url = new URL(request.url)
  const way = wayOf(url, readFacts(context.facts, context.settings.shopUrl))
  if (way === 'query') return { query: { consumer_key: key, consumer_secret: secret } }
  if (way === 'basic') {
    return { headers: { authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}` } }
  }
  const signed = request.url.replace(/^https?:/i, way === 'oauth1' ? 'http:' : 'https:')
  const timestamp = Math.floor(context.now.getTime() / 1000)
  return {
    query: oneLegged({ method: request.method, url: signed, key, secret, nonce: context.nonce, timestamp }),
  }
}
