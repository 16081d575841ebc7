/** Ports that WordPress' safe HTTP client calls. */
const PORTS = new Set(['', '80', '443', '8080'])
const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|internal|lan|home|intranet|home\.arpa|invalid)$/

/** IPv4 ranges that the safe client refuses or that lead nowhere: [first address, prefix length]. */
const CLOSED: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
  ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24],
  ['203.0.113.0', 24], ['224.0.0.0', 3],
] // prettier-ignore

const asNumber = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

const inRange = (address: number, [from, length]: readonly [string, number]): boolean => {
  const size = 2 ** (32 - length)
  return Math.floor(address / size) === Math.floor(asNumber(from) / size)
}

/**
 * True when WooCommerce would deliver to this URL as far as the URL itself tells: http or https on port 80, 443 or 8080,
 * no user in it, and a host that is no private name or address. IPv6 addresses are refused by WordPress. What a name
 * resolves to in the shop's network is not looked at.
 */
export function reaches(url: URL): boolean {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return false
  if (!PORTS.has(url.port) || url.username !== '' || url.password !== '') return false
  const host = url.hostname.toLowerCase().replace(/\.$/, '')
  if (host.startsWith('[') || !host.includes('.') || LOCAL_NAMES.test(host)) return false
  // The URL parser has already turned every spelling of an IPv4 address into four parts.
  return !/^[\d.]+$/.test(host) || !CLOSED.some((range) => inRange(asNumber(host), range))
}
