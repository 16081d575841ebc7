import type { Conversation, Facts, Finding } from '../sdk/index.ts'
import { type Answer, failed, obstacle, ok, probe, warning } from './check-answer.ts'
import { callBy, type Keys } from './check-keys.ts'
import type { Site } from './check-site.ts'
import type { ShopFacts, Way } from './facts.ts'
import { isObject } from './rest.ts'
import { plain } from './text.ts'

/** Since this version lists can be filtered by change (`modified_after`). */
const OLDEST: readonly [number, number] = [5, 8]

/** Reads what the connector needs to know of the shop, and tries a row of each kind. */
export function* readShop(
  facts: Facts,
  way: Way,
  keys: Keys,
  site: Site,
  shopUrl: string,
): Conversation<{ facts: ShopFacts; findings: Finding[] }> {
  const environment = part(keys.status, 'environment')
  const settings = part(keys.status, 'settings')
  const get = (route: string, query: Record<string, string> = {}) => probe(callBy(facts, way, route, query))
  const findings = [...versionFindings(plain(environment['version'])), ...httpFindings(shopUrl)]
  findings.push(...(yield* readable(get)))
  const currency = plain(settings['currency']) || codeOf(yield* get('/data/currencies/current'))
  const tax = rowsOf(yield* get('/settings/tax'))
  const statuses = rowsOf(yield* get('/orders/statuses'))
  const refunds = yield* get('/refunds', { per_page: '1', _fields: 'id' })
  const variations = yield* get('/variations', { per_page: '1', _fields: 'id' })
  const hpos = settings['HPOS_enabled']
  return {
    findings,
    facts: {
      baseUrl: shopUrl,
      restRoot: site.root ?? '/wp-json',
      transport: way === 'oauth1-https' ? 'oauth1' : way,
      signedScheme: way === 'oauth1-https' ? 'https' : 'http',
      wooVersion: plain(environment['version']),
      currency,
      decimals: Number.isInteger(settings['number_of_decimals']) ? Number(settings['number_of_decimals']) : 2,
      timezone: site.timezone,
      pricesIncludeTax: includesTax(tax),
      hpos: typeof hpos === 'boolean' ? hpos : null,
      adminUrl: adminUrl(plain(environment['site_url']), shopUrl),
      hasRefundsCollection: refunds.is === 'json',
      hasVariationsCollection: variations.is === 'json',
      keyPermissions: keys.permissions,
      orderStatuses: namesOf(statuses),
    },
  }
}

const part = (from: Record<string, unknown> | null, name: string): Record<string, unknown> => {
  const value = from?.[name]
  return isObject(value) ? value : {}
}

const rowsOf = (answer: Answer): Record<string, unknown>[] =>
  answer.is === 'json' && Array.isArray(answer.body) ? answer.body.filter(isObject) : []

const codeOf = (answer: Answer): string =>
  answer.is === 'json' && isObject(answer.body) ? plain(answer.body['code']) : ''

function includesTax(rows: readonly Record<string, unknown>[]): boolean | null {
  const value = rows.find((row) => row['id'] === 'woocommerce_prices_include_tax')?.['value']
  return value === 'yes' ? true : value === 'no' ? false : null
}

const namesOf = (rows: readonly Record<string, unknown>[]): Record<string, string> =>
  Object.fromEntries(
    rows
      .filter((row) => typeof row['slug'] === 'string')
      .map((row) => [String(row['slug']), plain(row['name'])]),
  )

/** WordPress may live elsewhere than the shop's pages; only a web address is taken over. */
const adminUrl = (siteUrl: string, shopUrl: string): string =>
  `${/^https?:\/\/[^\s"'<>]+$/.test(siteUrl) ? siteUrl.replace(/\/+$/, '') : shopUrl}/wp-admin`

function versionFindings(version: string): Finding[] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined || minor === undefined) return []
  const old = Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1])
  return [
    old
      ? failed(
          'version',
          `WooCommerce ${version} cannot list what has changed.`,
          'Bring WooCommerce to version 5.8 or newer.',
        )
      : ok('version', `WooCommerce ${version}.`),
  ]
}

const httpFindings = (shopUrl: string): Finding[] =>
  shopUrl.startsWith('http:')
    ? [
        warning(
          'https',
          'The shop is called over plain http: calls are signed, but everybody on the way can read the answers.',
          'Use https, except for a test shop on this machine.',
        ),
      ]
    : []

const KINDS = [
  { id: 'orders', query: { status: 'any', orderby: 'modified', order: 'asc', dates_are_gmt: 'true' } },
  { id: 'products', query: { orderby: 'modified', order: 'asc', dates_are_gmt: 'true' } },
  { id: 'customers', query: { role: 'all', orderby: 'id', order: 'asc' } },
] as const

/** One row of each kind, asked for as a sweep asks. What the key's user may not see is named; orders at least must work. */
function* readable(
  get: (route: string, query: Record<string, string>) => Conversation<Answer>,
): Conversation<Finding[]> {
  const findings: Finding[] = []
  for (const { id, query } of KINDS) {
    const answer = yield* get(`/${id}`, { ...query, per_page: '1', _fields: 'id' })
    if (answer.is === 'json' && Array.isArray(answer.body)) findings.push(ok(id, `The key can read ${id}.`))
    else if (answer.is !== 'refused') findings.push(obstacle(answer))
    else if (answer.reply.status === 400) {
      findings.push(
        failed(
          id,
          `The shop cannot list ${id} as needed (${answer.code}).`,
          'Bring WooCommerce to version 5.8 or newer.',
        ),
      )
    } else {
      const finding = {
        text: `The key’s user may not read ${id}.`,
        remedy: 'Make the key for an administrator or shop manager.',
      }
      findings.push(
        id === 'orders'
          ? failed(id, finding.text, finding.remedy)
          : warning(id, finding.text, finding.remedy),
      )
    }
  }
  return findings
}
