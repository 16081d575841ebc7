import { lookup as dnsLookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { domainToUnicode } from 'node:url'
import ipaddr from 'ipaddr.js'

/** An address a name resolved to. */
export interface ResolvedAddress {
  address: string
  family: 4 | 6
}

/** Looks a name up, once; all its addresses. */
export type Resolver = (hostname: string) => Promise<readonly ResolvedAddress[]>

/** `allowHosts`: `host:port` entries, each opening one loopback or private host, also for plain http. */
export interface AddressRules {
  allowHosts?: readonly string[]
}

/** A refused address: what is wrong and what to do about it, in words for the user. */
export interface Refusal {
  ok: false
  reason: string
  remedy: string
}

const PUBLIC_NAME_REMEDY = 'Give the public https address of the shop, such as https://shop.example.com.'
const OPERATOR_REMEDY =
  'If this host may really be called, the operator of the bridge adds it to the list of allowed hosts.'

/** Names that never lead to the public internet (RFC 6761, 6762, 8375, 9476, ICANN's .internal, and habits). */
const PRIVATE_SUFFIX =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|private|lan|home|corp|home\.arpa|in-addr\.arpa|ip6\.arpa|onion|alt|invalid)$/

/** What an operator's entry may open beside public addresses; never link-local, where clouds serve credentials. */
const OPENABLE = new Set(['unicast', 'loopback', 'private', 'uniqueLocal', 'carrierGradeNat'])

const refuse = (reason: string, remedy: string): Refusal => ({ ok: false, reason, remedy })

/** Port of a URL as a number, with the scheme's default. */
export const portOf = (url: URL): number =>
  url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port)

/** True where the operator opened exactly this host and port. IPv6 entries are written `[::1]:8080`. */
export function isOpened(hostname: string, port: number, rules: AddressRules): boolean {
  const bare = (host: string) => host.replace(/^\[|\]$/g, '').toLowerCase()
  return (rules.allowHosts ?? []).some((entry) => {
    const at = entry.lastIndexOf(':')
    return at > 0 && Number(entry.slice(at + 1)) === port && bare(entry.slice(0, at)) === bare(hostname)
  })
}

/** True for an address of the public internet; `opened` also admits loopback and private ones. */
export function isAllowedAddress(text: string, opened: boolean): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.kind() === 'ipv6') {
    const v6 = address as ipaddr.IPv6
    if (v6.isIPv4MappedAddress()) return opened && isAllowedAddress(v6.toIPv4Address().toString(), true)
    // Global unicast is 2000::/3 so far; the rest holds deprecated and translated forms of IPv4 addresses.
    if (v6.range() === 'unicast') return (v6.parts[0] ?? 0) >> 13 === 1
  }
  const range = address.range()
  return opened ? OPENABLE.has(range) : range === 'unicast'
}

/**
 * Checks a base URL as a user typed it, without resolving the name: https, port 443, a public name, no user name,
 * query or fragment. Hosts of `allowHosts` may be plain http on their port. For the address behind the name see
 * `resolveChecked`.
 */
export function checkBaseUrl(text: string, rules: AddressRules = {}): { ok: true; url: URL } | Refusal {
  const trimmed = text.trim()
  let url: URL
  try {
    url = new URL(trimmed)
  } catch {
    return refuse('This is not a web address.', PUBLIC_NAME_REMEDY)
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse(`Addresses with ${url.protocol} cannot be called.`, PUBLIC_NAME_REMEDY)
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('The address contains a user name or password.', 'Remove everything up to the @ sign.')
  }
  if (url.search !== '' || url.hash !== '') {
    return refuse('The address contains a query or fragment.', 'Remove everything from the ? or # sign on.')
  }
  const opened = isOpened(url.hostname, portOf(url), rules)
  return (opened ? undefined : checkPublic(url)) ?? { ok: true, url }
}

/** Why a URL is not one of the public web; undefined where it is. */
function checkPublic(url: URL): Refusal | undefined {
  if (url.protocol !== 'https:') {
    return refuse('The address is not https.', `${PUBLIC_NAME_REMEDY} ${OPERATOR_REMEDY}`)
  }
  if (url.port !== '') {
    return refuse(`Port ${url.port} is not allowed, only 443.`, `Leave the port out. ${OPERATOR_REMEDY}`)
  }
  const host = url.hostname
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) {
    return refuse('The address is a number instead of a name.', `${PUBLIC_NAME_REMEDY} ${OPERATOR_REMEDY}`)
  }
  if (host.endsWith('.')) return refuse('The name ends with a dot.', 'Remove the dot at the end of the name.')
  if (!host.includes('.') || PRIVATE_SUFFIX.test(host)) {
    return refuse('The name is not a public one.', `${PUBLIC_NAME_REMEDY} ${OPERATOR_REMEDY}`)
  }
  if (looksAlike(host)) {
    return refuse(
      'The name has letters of a foreign script that look like Latin ones.',
      `Type the name by hand. ${OPERATOR_REMEDY}`,
    )
  }
  return undefined
}

/**
 * True where an internationalised label is not in plain Latin letters. Letters with accents are fine (søster.example);
 * Cyrillic, Greek and phonetic letters are not, since one of them makes another host look like a known one.
 */
function looksAlike(host: string): boolean {
  return host
    .split('.')
    .some(
      (label) =>
        label.startsWith('xn--') &&
        !/^[-a-z0-9ß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĵķĺļľłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżž]+$/.test(
          domainToUnicode(label),
        ),
    )
}

/** All addresses of a name by the system's resolver. */
export const systemResolver: Resolver = async (hostname) =>
  (await dnsLookup(hostname, { all: true, verbatim: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }))

/** Thrown where a name leads to an address that must not be called. */
export class UnsafeAddressError extends Error {
  readonly code = 'UNSAFE_ADDRESS'
  readonly hostname: string
  constructor(hostname: string) {
    super(`${hostname} leads to an address that is not public`)
    this.name = 'UnsafeAddressError'
    this.hostname = hostname
  }
}

/**
 * Resolves a host once and checks every address; the caller connects to what this answers and looks nothing up again,
 * so a name cannot lead elsewhere between check and use. One address that is not public refuses the whole name.
 * @throws UnsafeAddressError, or the resolver's error.
 */
export async function resolveChecked(
  hostname: string,
  port: number,
  rules: AddressRules,
  resolver: Resolver = systemResolver,
): Promise<readonly ResolvedAddress[]> {
  const bare = hostname.replace(/^\[|\]$/g, '')
  const literal = isIP(bare)
  const found: readonly ResolvedAddress[] =
    literal === 0 ? await resolver(bare) : [{ address: bare, family: literal === 6 ? 6 : 4 }]
  const opened = isOpened(hostname, port, rules)
  if (found.length === 0 || !found.every(({ address }) => isAllowedAddress(address, opened))) {
    throw new UnsafeAddressError(hostname)
  }
  return found
}

/**
 * Checks a base URL with the address behind its name, for the moment a user saves it. The same check is made again
 * at each new connection, since names change.
 */
export async function checkBaseUrlResolved(
  text: string,
  rules: AddressRules = {},
  resolver: Resolver = systemResolver,
): Promise<{ ok: true; url: URL } | Refusal> {
  const checked = checkBaseUrl(text, rules)
  if (!checked.ok) return checked
  const { url } = checked
  try {
    await resolveChecked(url.hostname, portOf(url), rules, resolver)
    return checked
  } catch (error) {
    if (error instanceof UnsafeAddressError) {
      return refuse(`${url.hostname} leads to an address that is not public.`, OPERATOR_REMEDY)
    }
    return refuse(`${url.hostname} was not found.`, 'Check how the name is written.')
  }
}
