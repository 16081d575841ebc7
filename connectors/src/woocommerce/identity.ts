import type { Context, Conversation, Identity } from '../sdk/index.ts'
import { probe } from './check-answer.ts'
import { PLAIN_ROOT, readFacts } from './facts.ts'
import { isObject } from './rest.ts'
import { normaliseShopUrl, originOf, type WooSettings } from './settings.ts'
import { plain } from './text.ts'

const FIELDS = 'home,url'

/**
 * What a shop is told from its copies by: host and folder of its home address, without `www.`, since a change of scheme or
 * to `www.` is no move. Null for what is no web address.
 */
export function shopIdentity(address: unknown): string | null {
  const url = URL.parse(plain(address))
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null
  return originOf(url.href).slice('woocommerce:'.length)
}

/** From the index of the REST API, which anybody may read; null where a security plugin hides it. */
function* read({ settings, facts }: Context<WooSettings>): Conversation<string | null> {
  const { restRoot } = readFacts(facts, settings.shopUrl)
  const answer = yield* probe(
    restRoot === PLAIN_ROOT
      ? { path: '/', query: { rest_route: '/', _fields: FIELDS } }
      : { path: `${restRoot}/`, query: { _fields: FIELDS } },
  )
  if (answer.is !== 'json' || !isObject(answer.body)) return null
  return shopIdentity(answer.body['home']) ?? shopIdentity(answer.body['url'])
}

/** A shop copied with its database keeps keys and webhooks; only its home address is another. */
export const identity: Identity<WooSettings> = {
  read,
  ofDelivery: ({ headers }) => shopIdentity(headers['x-wc-webhook-source']),
  settingsAt: (address, settings) => ({
    ...settings,
    shopUrl: normaliseShopUrl(`${new URL(settings.shopUrl).protocol}//${address}`),
  }),
}
