import { Agent, request } from 'node:http'
import { payload, signature } from '../../simulators/woocommerce/deliveries.ts'
import type { WooCommerceSimulator } from '../../simulators/woocommerce/index.ts'

/** What a test changes about a delivery that a shop would make. */
export interface Odd {
  url?: string
  secret?: string
  headers?: Record<string, string>
}

/** A connection for each delivery, as WooCommerce makes it; a shop has only so many workers. */
const workers = new Agent({ keepAlive: false, maxSockets: 100 })

const send = (url: string, body: string | Buffer, headers: Record<string, string>): Promise<number> =>
  new Promise((done, failed) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) }
    const sent = request(
      url,
      { method: 'POST', agent: workers, headers: { ...headers, ...length } },
      (answer) => answer.resume().once('end', () => done(answer.statusCode ?? 0)),
    )
    sent.once('error', failed)
    sent.end(body)
  })

/** Posts what a shop would, with its own webhooks' addresses and secrets, and what a forger would. */
export function senderOf(shop: WooCommerceSimulator) {
  const hookOf = (topic: string) => {
    const hook = shop.webhooks().find((one) => one.topic === topic && one.status !== 'disabled')
    if (!hook) throw new Error(`no webhook for ${topic}`)
    return hook
  }
  /** @returns what the sender is told */
  async function post(topic: string, body: string | Buffer, odd: Odd = {}): Promise<number> {
    const hook = odd.url !== undefined && odd.secret !== undefined ? undefined : hookOf(topic)
    return send(odd.url ?? (hook?.deliveryUrl as string), body, {
      'content-type': 'application/json',
      'x-wc-webhook-topic': topic,
      'x-wc-webhook-signature': signature(body.toString(), odd.secret ?? (hook?.secret as string)),
      ...odd.headers,
    })
  }
  return {
    hookOf,
    post,
    /** The body the shop would send now. */
    bodyOf: (topic: string, id: number): string => payload(shop.shop, topic, id),
    /** As the shop tells of an order now. */
    tell: (topic: string, id: number, odd: Odd = {}): Promise<number> =>
      post(topic, payload(shop.shop, topic, id), odd),
    /** `paused`: the shop itself tells nothing, so that only what a test posts arrives. */
    shopTells: (status: 'active' | 'paused'): void => {
      for (const webhook of shop.shop.webhooks.values()) webhook.status = status
    },
    /** How often an order was read at the shop. */
    reads: (id: number): number =>
      shop.calls.filter((call) =>
        new URL(call.url, 'http://shop').searchParams.get('include')?.split(',').includes(String(id)),
      ).length,
  }
}
export type Sender = ReturnType<typeof senderOf>

export const isGood = (status: number): boolean => status >= 200 && status < 300
