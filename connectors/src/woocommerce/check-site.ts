import type { Conversation, Finding } from '../sdk/index.ts'
import { type Answer, failed, isWall, obstacle, ok, probe, warning } from './check-answer.ts'
import { PLAIN_ROOT } from './facts.ts'
import { isObject } from './rest.ts'
import { plain } from './text.ts'

/** What the site says of itself without a key. `root` is null where no API was found. */
export interface Site {
  root: string | null
  name: string
  timezone: string
  /** The site's own address, as WordPress has it. */
  home: string
  findings: Finding[]
}

const FIELDS = 'name,home,url,namespaces,timezone_string,gmt_offset'
const REST_LINK = /<([^<>]+)>;\s*rel="https:\/\/api\.w\.org\/"/

const nothing = (finding: Finding): Site => ({
  root: null,
  name: '',
  timezone: '',
  home: '',
  findings: [finding],
})

/** Finds the REST API below the shop's address: `/wp-json/` first, then where the home page says it is. */
export function* findSite(shopUrl: string): Conversation<Site> {
  const first = yield* probe({ path: '/wp-json/', query: { _fields: FIELDS } })
  if (first.is === 'json') return readIndex(first.body, '/wp-json')
  if (first.is === 'failed') return nothing(obstacle(first))
  if (first.is === 'refused' && first.reply.status !== 404) return closed()
  if (first.is === 'page' && isWall(first)) return nothing(obstacle(first))
  const elsewhere = first.is === 'moved' ? otherHost(first.to, shopUrl) : null
  if (elsewhere !== null) return nothing(elsewhere)
  return yield* askHomePage(shopUrl, first)
}

/** Security plugins close the index to strangers and yet let WooCommerce's keys pass. */
const closed = (): Site => ({
  ...nothing(
    warning(
      'index',
      'A security plugin hides the list of the shop’s APIs from visitors.',
      'Nothing needs to be done as long as the key works.',
    ),
  ),
  root: '/wp-json',
})

function readIndex(body: unknown, root: string): Site {
  const index = isObject(body) ? body : {}
  const names = Array.isArray(index['namespaces']) ? index['namespaces'] : []
  const offset = Number(index['gmt_offset'] ?? 0)
  const found = names.includes('wc/v3')
  return {
    root: found ? root : null,
    name: plain(index['name']),
    timezone: plain(index['timezone_string']) || `UTC${offset < 0 ? '' : '+'}${offset}`,
    home: plain(index['home']) || plain(index['url']),
    findings: [
      found
        ? ok('api', 'WordPress and the WooCommerce API (wc/v3) answer.')
        : failed(
            'woocommerce',
            names.length === 0
              ? 'Something answers at this address, but it is no WordPress.'
              : 'WordPress answers, but without the WooCommerce API (wc/v3).',
            'Switch WooCommerce on and bring it to version 5.8 or newer.',
          ),
    ],
  }
}

/** A redirect to another host or scheme: the address to enter. Null for one within the shop. */
function otherHost(to: string, shopUrl: string): Finding | null {
  const target = URL.parse(to, `${shopUrl}/wp-json/`)
  if (target === null || target.origin === new URL(shopUrl).origin) return null
  const path = target.pathname.replace(/\/(?:wp-json|index\.php)(?:\/.*)?$/, '').replace(/\/+$/, '')
  return failed(
    'redirect',
    `The shop sends its callers on to ${target.origin}.`,
    `Enter ${target.origin}${path} as the address of the shop, if that is yours.`,
  )
}

/** The home page's `Link` header names the API's root, whatever the permalinks. */
function* askHomePage(shopUrl: string, first: Answer): Conversation<Site> {
  const home = yield* probe({ path: '/' })
  if (home.is === 'failed') return nothing(obstacle(home))
  const elsewhere = home.is === 'moved' ? otherHost(home.to, shopUrl) : null
  if (elsewhere !== null) return nothing(elsewhere)
  const link = REST_LINK.exec(home.reply.headers['link'] ?? '')?.[1]
  const target = link === undefined ? null : URL.parse(link)
  if (target === null) {
    if (home.is === 'page' && isWall(home)) return nothing(obstacle(home))
    const blocked = first.is === 'page' || first.is === 'moved'
    return nothing(
      failed(
        'api',
        'No WordPress REST API was found at this address.',
        blocked
          ? 'Enter the address of the shop itself, with its sub-folder if it has one. In WordPress, Settings > Permalinks must not be “Plain”, and no plugin may switch the REST API off.'
          : 'Enter the address of the shop itself.',
      ),
    )
  }
  if (target.host !== new URL(shopUrl).host) {
    return nothing(otherHost(link ?? '', shopUrl) ?? obstacle(first))
  }
  return target.searchParams.has('rest_route')
    ? yield* plainPermalinks()
    : yield* otherRoot(target, shopUrl, first)
}

const USE_PERMALINKS = 'In WordPress, open Settings > Permalinks, choose any structure but “Plain” and save.'

function* plainPermalinks(): Conversation<Site> {
  const index = yield* probe({ path: '/', query: { rest_route: '/', _fields: FIELDS } })
  if (index.is !== 'json') {
    return nothing(
      failed('permalinks', 'The shop’s permalinks are set to “Plain”, which hides its API.', USE_PERMALINKS),
    )
  }
  const site = readIndex(index.body, PLAIN_ROOT)
  const text = 'The shop’s permalinks are set to “Plain”. WooCommerce then looks at keys only by a detour.'
  return { ...site, findings: [...site.findings, warning('permalinks', text, USE_PERMALINKS)] }
}

/** Another path, such as `/index.php/wp-json` where the server cannot rewrite addresses. */
function* otherRoot(target: URL, shopUrl: string, first: Answer): Conversation<Site> {
  const base = new URL(shopUrl).pathname.replace(/\/+$/, '')
  const path = target.pathname.replace(/\/+$/, '')
  const root = path.startsWith(`${base}/`) ? path.slice(base.length) : null
  if (root === null) {
    const right = `${target.origin}${path.replace(/\/(?:index\.php\/)?wp-json$/, '')}`
    return nothing(
      failed('redirect', `The shop’s API lies below ${right}.`, `Enter ${right} as the address of the shop.`),
    )
  }
  if (root === '/wp-json') return nothing(obstacle(first))
  const index = yield* probe({ path: `${root}/`, query: { _fields: FIELDS } })
  return index.is === 'json' ? readIndex(index.body, root) : nothing(obstacle(index))
}
