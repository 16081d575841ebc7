import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Shop } from './world.ts'

/** A notice ready to go: body and headers as WooCommerce writes them. */
interface Notice {
  id: number
  body: Buffer
  headers: Record<string, string | number>
}

/** What became of the notices: when each was acknowledged, and how long its answer took, in ms. */
export interface Sent {
  /** Order id → time of the answer with success, in ms since the epoch. */
  acknowledged: Map<number, number>
  latencies: number[]
}

/** Where the service takes a shop's notices of orders. */
export interface Hook {
  url: string
  secret: string
  id: number
}

/** The orders `from`–`to` of a shop by position, as notices of a change, signed beforehand: signing is the shop's work. */
export async function prepareNotices(shop: Shop, hook: Hook, from: number, to: number): Promise<Notice[]> {
  const [key] = shop.keys
  const authorization = `Basic ${Buffer.from(`${key?.key}:${key?.secret}`).toString('base64')}`
  const notices: Notice[] = []
  for (let offset = from; offset < to; offset += 100) {
    const query = `per_page=${Math.min(100, to - offset)}&offset=${offset}&orderby=id&order=asc`
    const reply = await fetch(`${shop.url}/wp-json/wc/v3/orders?${query}`, { headers: { authorization } })
    for (const order of (await reply.json()) as { id: number }[]) notices.push(noticeOf(shop, hook, order))
  }
  return notices
}

function noticeOf(shop: Shop, hook: Hook, order: { id: number }): Notice {
  const body = Buffer.from(JSON.stringify(order))
  return {
    id: order.id,
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': body.length,
      'x-wc-webhook-source': `${shop.url}/`,
      'x-wc-webhook-topic': 'order.updated',
      'x-wc-webhook-resource': 'order',
      'x-wc-webhook-event': 'updated',
      'x-wc-webhook-signature': createHmac('sha256', hook.secret).update(body).digest('base64'),
      'x-wc-webhook-id': hook.id,
      'x-wc-webhook-delivery-id': createHmac('md5', 'delivery').update(String(order.id)).digest('hex'),
    },
  }
}

function post(agent: Agent, url: string, { body, headers }: Notice): Promise<number> {
  return new Promise((done, failed) => {
    const sent = request(url, { method: 'POST', headers, agent }, (reply) => {
      reply.resume()
      reply.on('end', () => done(reply.statusCode ?? 0))
    })
    sent.on('error', failed)
    sent.end(body)
  })
}

/** Counts only answers of success: whoever is told no, or nothing, has not been acknowledged. */
async function deliver(agent: Agent, url: string, notice: Notice, due: number, sent: Sent): Promise<void> {
  const status = await post(agent, url, notice).catch(() => 0)
  const now = performance.now()
  if (status < 200 || status >= 300) return
  sent.latencies.push(now - due)
  sent.acknowledged.set(notice.id, Date.now())
}

/** Sends all as fast as `atOnce` open requests allow. */
export async function flood(url: string, notices: readonly Notice[], atOnce: number): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const sent: Sent = { acknowledged: new Map(), latencies: [] }
  let next = 0
  const work = async (): Promise<void> => {
    while (next < notices.length) {
      const notice = notices[next++] as Notice
      await deliver(agent, url, notice, performance.now(), sent)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  agent.destroy()
  return sent
}

/**
 * Sends `perSecond` notices a second whatever becomes of them. An answer's time counts from when its notice was due, so a
 * standstill shows in full.
 */
export async function steady(url: string, notices: readonly Notice[], perSecond: number): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const sent: Sent = { acknowledged: new Map(), latencies: [] }
  const began = performance.now()
  const open: Promise<void>[] = []
  for (const [n, notice] of notices.entries()) {
    const due = began + (n * 1_000) / perSecond
    const early = due - performance.now()
    if (early > 0) await sleep(early)
    open.push(deliver(agent, url, notice, Math.min(due, performance.now()), sent))
  }
  await Promise.all(open)
  agent.destroy()
  return sent
}

/** The value below which `share` of the numbers lie; NaN of none. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}
