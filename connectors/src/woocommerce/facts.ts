import type { Facts } from '../sdk/index.ts'

/** How the shop takes its keys: in a header, in the address, or as an OAuth 1.0a signature. */
export type Transport = 'basic' | 'query' | 'oauth1'

/** A way to hand over keys that the check tries; `oauth1-https` is signed for the shop's https address. */
export type Way = Transport | 'oauth1-https'

/** Root of a shop with plain permalinks, where routes go into a parameter. */
export const PLAIN_ROOT = '?rest_route='

/** What the connect check learned of a shop. */
export interface ShopFacts {
  baseUrl: string
  /** Where the REST API hangs below the shop's address: `/wp-json`, `/index.php/wp-json` or `?rest_route=`. */
  restRoot: string
  transport: Transport
  /** Scheme the shop believes to be called by, for which signatures are made. */
  signedScheme: 'http' | 'https'
  wooVersion: string
  currency: string
  decimals: number
  timezone: string
  /** How prices of products are meant; null where the key's user may not see the settings. */
  pricesIncludeTax: boolean | null
  /** True where orders live in tables of their own; null when unknown. */
  hpos: boolean | null
  /** `https://shop.example.com/wp-admin`. */
  adminUrl: string
  hasRefundsCollection: boolean
  hasVariationsCollection: boolean
  keyPermissions: 'read' | 'read_write' | 'unknown'
  /** Names of order statuses by slug, for statuses that plugins added. */
  orderStatuses: Readonly<Record<string, string>>
}

const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise)
const flag = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)

/** Facts with what a shop that was never checked would most likely have in place of what is missing. */
export function readFacts(facts: Facts, shopUrl: string): ShopFacts {
  const transport = facts['transport']
  const permissions = facts['keyPermissions']
  return {
    baseUrl: text(facts['baseUrl'], shopUrl),
    restRoot: text(facts['restRoot'], '/wp-json'),
    transport: transport === 'query' || transport === 'oauth1' ? transport : 'basic',
    signedScheme: facts['signedScheme'] === 'https' ? 'https' : 'http',
    wooVersion: text(facts['wooVersion'], ''),
    currency: text(facts['currency'], ''),
    decimals: typeof facts['decimals'] === 'number' ? facts['decimals'] : 2,
    timezone: text(facts['timezone'], ''),
    pricesIncludeTax: flag(facts['pricesIncludeTax']),
    hpos: flag(facts['hpos']),
    adminUrl: text(facts['adminUrl'], `${shopUrl}/wp-admin`),
    hasRefundsCollection: facts['hasRefundsCollection'] === true,
    hasVariationsCollection: facts['hasVariationsCollection'] === true,
    keyPermissions: permissions === 'read' || permissions === 'read_write' ? permissions : 'unknown',
    orderStatuses: (facts['orderStatuses'] as Record<string, string> | undefined) ?? {},
  }
}
