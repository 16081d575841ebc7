import { createHmac } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP } from 'node:net'
import { couponJson, findCoupon } from './coupons.ts'
import { customerJson, findCustomer } from './customers.ts'
import { ApiError, notAllowed } from './errors.ts'
import type { Webhook } from './model.ts'
import { orderJson } from './order-json.ts'
import { readOrder } from './orders.ts'
import { decodeHtml, phpJson } from './php.ts'
import { productJson } from './product-json.ts'
import { findProduct } from './products.ts'
import { now, withInjected, type Shop, type ShopEvent } from './state.ts'

/** One attempt to deliver, as the shop's log would hold it. `status` is 0 where no answer came. */
export interface Delivery {
  webhookId: number
  topic: string
  resourceId: number
  deliveryId: string
  body: string
  status: number
  error: string | null
  /** The simulator's clock, in milliseconds. */
  at: number
}

interface Queued {
  webhookId: number
  resourceId: number
}

export interface DeliveryOptions {
  /** `host:port` that the safe client lets through though it would refuse them; `*` lets all through. */
  allowTargets: string[]
  timeoutMs: number
  /** Called whenever something has been queued. */
  queued: () => void
}

/** After more than this many failures in a row the next one disables the webhook (so: the seventh). */
const maxFailures = 5
const refused = 'A valid URL was not provided.'

/** Ranges that WordPress' safe client does not call. */
const blocked = new BlockList()
for (const range of [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
].flatMap((line) => line.split(' '))) {
  const [net = '', bits = ''] = range.split('/')
  blocked.addSubnet(net, Number(bits))
}

async function isRefused(target: URL, allowed: string[]): Promise<boolean> {
  const port = target.port || (target.protocol === 'https:' ? '443' : '80')
  if (allowed.includes('*') || allowed.includes(`${target.hostname}:${port}`)) return false
  if (!/^https?:$/.test(target.protocol) || !['80', '443', '8080'].includes(port)) return true
  if (target.hostname.startsWith('[')) return true
  try {
    const address = isIP(target.hostname) ? target.hostname : (await lookup(target.hostname, 4)).address
    return blocked.check(address)
  } catch {
    return true
  }
}

/** Sends bytes with exactly these headers in this order. Redirects are not followed. Throws where no answer came. */
function post(target: URL, headers: string[], body: string, timeoutMs: number): Promise<number> {
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((done, fail) => {
    const sent = send(target, { method: 'POST', headers, timeout: timeoutMs }, (response) => {
      response.resume()
      response.on('end', () => done(response.statusCode ?? 0))
      response.on('error', fail)
    })
    sent.on('timeout', () => sent.destroy(new Error('cURL error 28: Operation timed out')))
    sent.on('error', fail)
    sent.end(body)
  })
}

/** `<webhook id><current second>`, hashed: two deliveries of one webhook in one second share it. */
export const deliveryId = (shop: Shop, webhookId: number): string =>
  createHmac('md5', `salt of ${shop.url}`)
    .update(`${webhookId}${now(shop)}`)
    .digest('hex')

/** Base64 of HMAC-SHA256 over the body; a secret stored with HTML entities is decoded first. */
export const signature = (body: string, secret: string): string =>
  createHmac('sha256', decodeHtml(secret)).update(body).digest('base64')

/**
 * The body of a delivery as of now: the resource, its id where it was deleted, an error where it is gone or where the
 * user who made the webhook may not read it.
 */
export function payload(shop: Shop, topic: string, id: number, owner: string | null = null): string {
  const [resource = '', event] = topic.split('.')
  if (event === 'deleted') return phpJson({ id })
  try {
    if (owner !== null && shop.powerless.has(owner)) throw notAllowed('view', 403)
    return withInjected(shop, phpJson(resourceJson(shop, resource, id)))
  } catch (error) {
    if (error instanceof ApiError) return phpJson(error.body())
    throw error
  }
}

function resourceJson(shop: Shop, resource: string, id: number): unknown {
  if (resource === 'order') return orderJson(shop, readOrder(shop, id))
  if (resource === 'product') return productJson(shop, findProduct(shop, id))
  if (resource === 'customer') return customerJson(shop, findCustomer(shop, id))
  return couponJson(shop, findCoupon(shop, id))
}

/** The webhook queue of a shop: Action Scheduler's part. Nothing is sent before `deliverDue`. */
export function createDeliveries(shop: Shop, options: DeliveryOptions) {
  const queue = new Map<string, Queued>()
  const log: Delivery[] = []
  const agent = `WooCommerce/${shop.version} Hookshot (WordPress/${shop.wordpressVersion})`

  /** Queues what active webhooks want of this event. One already waiting for the same resource is not queued again. */
  function emit({ resource, event, id }: ShopEvent): void {
    for (const webhook of shop.webhooks.values()) {
      if (webhook.status !== 'active' || webhook.topic !== `${resource}.${event}`) continue
      const key = `${webhook.id}:${id}`
      if (!queue.has(key)) queue.set(key, { webhookId: webhook.id, resourceId: id })
    }
    if (queue.size > 0) options.queued()
  }

  const opening = (target: URL): string[] => [
    ...[
      'Host',
      target.host,
      'User-Agent',
      agent,
      'Accept',
      '*/*',
      'Accept-Encoding',
      'deflate, gzip, br, zstd',
    ],
  ]

  async function send(webhook: Webhook, resourceId: number): Promise<void> {
    const body = payload(shop, webhook.topic, resourceId, webhook.owner)
    const id = deliveryId(shop, webhook.id)
    const [resource = '', event = ''] = webhook.topic.split('.')
    const named = {
      'Content-Type': 'application/json',
      'X-WC-Webhook-Source': `${shop.url}/`,
      'X-WC-Webhook-Topic': webhook.topic,
      'X-WC-Webhook-Resource': resource,
      'X-WC-Webhook-Event': event,
      'X-WC-Webhook-Signature': signature(body, webhook.secret),
      'X-WC-Webhook-ID': String(webhook.id),
      'X-WC-Webhook-Delivery-ID': id,
      Connection: 'close',
      'Content-Length': String(Buffer.byteLength(body)),
    }
    const entry = {
      webhookId: webhook.id,
      topic: webhook.topic,
      resourceId,
      deliveryId: id,
      body,
      at: shop.clock.now(),
    }
    const outcome = await attempt(webhook.deliveryUrl, Object.entries(named).flat(), body)
    log.push({ ...entry, ...outcome })
    settle(webhook, outcome.status)
  }

  async function attempt(
    url: string,
    headers: string[],
    body: string,
  ): Promise<{ status: number; error: string | null }> {
    if (!URL.canParse(url)) return { status: 0, error: refused }
    const target = new URL(url)
    if (await isRefused(target, options.allowTargets)) return { status: 0, error: refused }
    try {
      return {
        status: await post(target, [...opening(target), ...headers], body, options.timeoutMs),
        error: null,
      }
    } catch (error) {
      return { status: 0, error: error instanceof Error ? error.message : String(error) }
    }
  }

  /** 200 to 302 count as success, a redirect included. There is no second try. */
  function settle(webhook: Webhook, status: number): void {
    if (status >= 200 && status < 303) webhook.failureCount = 0
    else if (webhook.failureCount > maxFailures) webhook.status = 'disabled'
    else webhook.failureCount += 1
  }

  /** Runs what is queued now, one after the other. Answers how many deliveries were tried. */
  async function deliverDue(): Promise<number> {
    const due = [...queue.entries()]
    let tried = 0
    for (const [key, { webhookId, resourceId }] of due) {
      if (!queue.delete(key)) continue
      const webhook = shop.webhooks.get(webhookId)
      if (!webhook) continue
      await send(webhook, resourceId)
      tried += 1
    }
    return tried
  }

  /** The ping while a webhook is made: form body, no signature. Null, or what went wrong. */
  async function ping(webhook: Webhook): Promise<string | null> {
    const body = `webhook_id=${webhook.id}`
    const headers = ['Connection', 'close', 'Content-Length', String(body.length)]
    const form = ['Content-Type', 'application/x-www-form-urlencoded']
    const outcome = await attempt(webhook.deliveryUrl, [...headers, ...form], body)
    if (outcome.error !== null) return outcome.error
    return outcome.status === 200 ? null : `Error: Delivery URL returned response code: ${outcome.status}`
  }

  return { emit, deliverDue, ping, log, pending: (): number => queue.size }
}
export type Deliveries = ReturnType<typeof createDeliveries>
