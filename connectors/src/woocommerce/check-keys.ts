import type { Call, Conversation, Facts, Finding } from '../sdk/index.ts'
import { type Answer, failed, obstacle, ok, probe, warning } from './check-answer.ts'
import { PLAIN_ROOT, type Transport, type Way } from './facts.ts'
import { isObject, TRANSPORT_MARK, wc } from './rest.ts'

/** How the shop took the keys. `way` is null when it took them in none. */
export interface Keys {
  way: Way | null
  permissions: 'read' | 'read_write' | 'unknown'
  /** The answer of `/system_status`, null where the key's user may not see it. */
  status: Record<string, unknown> | null
  findings: Finding[]
}

/** A call of the check that goes a given way, whatever the facts say. */
export const callBy = (facts: Facts, way: Way, route: string, query: Record<string, string> = {}): Call =>
  wc(facts, route, { ...query, [TRANSPORT_MARK]: way })

const NEW_KEY =
  'Make a new key under WooCommerce > Settings > Advanced > REST API, for an administrator, with permission “Read/Write”, and enter both lines of it.'

const WORKS: Readonly<Record<Transport, string>> = {
  basic: 'The shop takes the key in the Authorization header.',
  query: 'The server takes the Authorization header away, so the keys go into the address, over https.',
  oauth1: 'Calls are signed (OAuth 1.0a).',
}

const outcome = (findings: Finding[]): Keys => ({
  way: null,
  permissions: 'unknown',
  status: null,
  findings,
})

/**
 * Tries the ways to hand over the keys: header, address, signature over https; over plain http only signatures are
 * looked at, for the http address or, behind a proxy, for the https one. A way that WooCommerce does not see is answered
 * like no key at all, and a signature for the wrong scheme like a wrong secret, so the next one is tried.
 */
export function* tryKeys(facts: Facts, shopUrl: string): Conversation<Keys> {
  const secure = shopUrl.startsWith('https:')
  const ways: readonly Way[] = secure ? ['basic', 'query', 'oauth1'] : ['oauth1', 'oauth1-https']
  let refused: Keys | null = null
  for (const way of ways) {
    const answer = yield* probe(callBy(facts, way, '/system_status', { _fields: 'environment,settings' }))
    const seen = yield* readTry(answer, facts, way)
    if (seen === 'not seen') continue
    if (seen.way !== null) {
      return secure ? { ...seen, findings: [...seen.findings, ...transportFindings(way)] } : seen
    }
    if (secure || seen.findings[0]?.id !== 'secret') return seen
    refused ??= seen
  }
  return refused ?? outcome([unseen(facts)])
}

function unseen(facts: Facts): Finding {
  if (facts['restRoot'] === PLAIN_ROOT) {
    return failed(
      'permalinks',
      'With “Plain” permalinks WooCommerce does not look at keys.',
      'In WordPress, open Settings > Permalinks, choose any structure but “Plain”, save and try again.',
    )
  }
  return failed('key', 'The shop does not know this consumer key.', NEW_KEY)
}

function* readTry(answer: Answer, facts: Facts, way: Way): Conversation<Keys | 'not seen'> {
  if (answer.is === 'json' && isObject(answer.body)) return yield* accepted(facts, way, answer.body)
  if (answer.is !== 'refused') return outcome([obstacle(answer)])
  const { code, message } = answer
  if (answer.reply.status === 403) return yield* accepted(facts, way, null)
  if (code === 'rest_no_route') {
    return outcome([
      failed(
        'woocommerce',
        'WooCommerce is switched off or too old for this API.',
        'Bring WooCommerce to version 5.8 or newer.',
      ),
    ])
  }
  if (answer.reply.status !== 401) return outcome([obstacle(answer)])
  if (code.startsWith('woocommerce_rest_cannot_')) return 'not seen'
  if (code.startsWith('woocommerce_rest_authentication')) return yield* refusedKey(message, facts, way)
  return outcome([
    failed(
      'firewall',
      `A security plugin of the shop closes its REST API (${code}).`,
      'Allow calls to the WooCommerce API (wc/v3) in that plugin.',
    ),
  ])
}

/**
 * Whether the key may write, without writing: WooCommerce checks a key's permission before it looks for a route, and
 * this route takes no POST. A key that may write gets 404, one that may only read 401.
 */
function* writeProbe(facts: Facts, way: Way): Conversation<'yes' | 'no' | 'unknown'> {
  const answer = yield* probe({
    ...callBy(facts, way, '/data/currencies/current'),
    method: 'POST',
    body: {},
  })
  if (answer.is !== 'refused') return 'unknown'
  if (answer.reply.status === 401) return 'no'
  return answer.code === 'rest_no_route' ? 'yes' : 'unknown'
}

function* accepted(facts: Facts, way: Way, status: Record<string, unknown> | null): Conversation<Keys> {
  const writes = yield* writeProbe(facts, way)
  const findings = [ok('key', 'The key is right.')]
  if (writes === 'no') {
    findings.push(
      warning(
        'permissions',
        'The key may only read. That is enough to read orders, customers, products and stock, but the shop cannot be asked to tell of changes at once (webhooks), and nothing can be written back to it.',
        'For webhooks give the key “Read/Write” permission under WooCommerce > Settings > Advanced > REST API.',
      ),
    )
  }
  if (writes === 'unknown') {
    findings.push(
      warning(
        'permissions',
        'It could not be told whether the key may write: something answers POST calls before WooCommerce does.',
        'Let POST calls to /wp-json/wc/ pass in firewalls and security plugins.',
      ),
    )
  }
  if (status === null) findings.push(noManager())
  const permissions = writes === 'yes' ? 'read_write' : writes === 'no' ? 'read' : 'unknown'
  return { way, permissions, status, findings }
}

const noManager = (): Finding =>
  warning(
    'rights',
    'The WordPress user of the key is no shop manager, so shop settings cannot be read and webhooks cannot be made.',
    'Make the key for an administrator or shop manager.',
  )

/** The key was seen and refused. A key that may only write is told from a wrong secret by a call that writes nothing. */
function* refusedKey(message: string, facts: Facts, way: Way): Conversation<Keys> {
  if (/timestamp/i.test(message)) {
    return outcome([
      failed(
        'clock',
        'The clocks of the shop’s server and of this service differ by more than 15 minutes.',
        'Set the server’s clock right.',
      ),
    ])
  }
  // Only signed calls name an unknown key; over https it means that neither header nor address was looked at either.
  if (/consumer key/i.test(message)) return outcome([unseen(facts)])
  if ((yield* writeProbe(facts, way)) === 'yes') {
    return outcome([
      failed(
        'permissions',
        'The key may only write.',
        'Give it “Read/Write” permission under WooCommerce > Settings > Advanced > REST API.',
      ),
    ])
  }
  return outcome([failed('secret', 'The shop knows this key, but the consumer secret is wrong.', NEW_KEY)])
}

function transportFindings(way: Way): Finding[] {
  if (way === 'basic') return [ok('transport', WORKS.basic)]
  if (way === 'query') {
    return [
      warning(
        'transport',
        WORKS.query,
        'Addresses may end up in the server’s access log. Better: let the header pass, on Apache with “CGIPassAuth On” or “SetEnvIf Authorization "(.*)" HTTP_AUTHORIZATION=$1” in .htaccess.',
      ),
    ]
  }
  return [
    warning(
      'transport',
      `The shop does not notice that it is called over https (a proxy in front of it does not say so). ${WORKS.oauth1}`,
      'Let the proxy send “X-Forwarded-Proto: https” and let WordPress read it in wp-config.php.',
    ),
  ]
}
