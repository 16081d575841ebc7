import { isIPv6 } from 'node:net'
import type { Request } from 'express'

/**
 * Where a request comes from, for limits: the address of who is connected, or what a trusted proxy says of it. Of an IPv6
 * address the network.
 */
export const senderOf = (request: Pick<Request, 'ip'>): string =>
  networkOf(withoutPort(request.ip ?? 'unknown'))

/** Some proxies write a port with the address, which is another one with each connection. */
const withoutPort = (address: string): string =>
  /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/.exec(address)?.slice(1).find(Boolean) ?? address

/** An IPv6 sender has a whole /64 to send from; it counts as one. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || /^::ffff:/i.test(address)) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0')
  return [...groups, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
