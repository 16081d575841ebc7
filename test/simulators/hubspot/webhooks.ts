import { createHash, createHmac } from 'node:crypto'
import type { Account, ChangeEvent } from './state.ts'

export interface Subscription {
  /** `contact.creation` style, or `object.creation` with `objectType`. */
  subscriptionType: string
  objectType?: string
  propertyName?: string
}

export interface WebhookOptions {
  targetUrl: string
  clientSecret: string
  appId: number
  subscriptions: Subscription[]
}

type Payload = Record<string, unknown> & { attemptNumber: number }

interface Delivery {
  events: Payload[]
  dueAt: number
}

const MAX_EVENTS = 100
const MAX_RETRIES = 10
const DEADLINE_MS = 5_000
/** Properties no app can subscribe to. */
const SILENT = new Set(['hs_lastmodifieddate', 'lastmodifieddate', 'num_unique_conversion_events'])

/** Exactly these escapes are decoded in the address before it is signed (scheme v3). */
const DECODED: Record<string, string> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
}

/** Signature v3: HMAC-SHA256 over method, address, body and timestamp (ms), base64. */
export function signV3(
  secret: string,
  method: string,
  uri: string,
  body: string,
  timestamp: number | string,
): string {
  const decoded = uri.replace(/%[0-9A-F]{2}/gi, (escape) => DECODED[escape.toUpperCase()] ?? escape)
  return createHmac('sha256', secret).update(`${method}${decoded}${body}${timestamp}`).digest('base64')
}

/** Signature v1: SHA-256 over secret and body, hex. */
export const signV1 = (secret: string, body: string): string =>
  createHash('sha256')
    .update(secret + body)
    .digest('hex')

function matches(subscription: Subscription, event: ChangeEvent): boolean {
  const [subject, kind] = subscription.subscriptionType.split('.')
  if (kind !== event.kind) return false
  if (
    subject === 'object' ? subscription.objectType !== event.type.singular : subject !== event.type.singular
  )
    return false
  if (kind !== 'propertyChange') return true
  const name = String(event.extra['propertyName'])
  return !SILENT.has(name) && (subscription.propertyName === undefined || subscription.propertyName === name)
}

/**
 * Sends events of an account to one target, our own writes included. Nothing goes out by itself: `deliverDue` sends
 * what is due by the simulator's clock, in batches of at most 100, and puts failed batches back with a growing delay.
 */
export function createWebhooks(account: Account, options: WebhookOptions) {
  let lastEvent = 480_000
  let waiting: Payload[] = []
  let retries: Delivery[] = []

  account.emit = (event) => {
    options.subscriptions.forEach((subscription, index) => {
      if (!matches(subscription, event)) return
      waiting.push({
        eventId: ++lastEvent,
        subscriptionId: 2_000 + index,
        portalId: account.portalId,
        appId: options.appId,
        occurredAt: account.clock.now(),
        subscriptionType: subscription.subscriptionType,
        attemptNumber: 0,
        objectId: Number(event.objectId),
        ...(subscription.subscriptionType.startsWith('object.') ? { objectTypeId: event.type.typeId } : {}),
        changeSource: /^\d+$/.test(event.sourceId) ? 'INTEGRATION' : 'CRM_UI',
        sourceId: event.sourceId,
        ...event.extra,
      })
    })
  }

  async function post(events: Payload[]): Promise<boolean> {
    const body = JSON.stringify(events)
    const timestamp = account.clock.now()
    try {
      const response = await fetch(options.targetUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-hubspot-signature': signV1(options.clientSecret, body),
          'x-hubspot-signature-version': 'v1',
          'x-hubspot-signature-v3': signV3(options.clientSecret, 'POST', options.targetUrl, body, timestamp),
          'x-hubspot-request-timestamp': String(timestamp),
        },
        body,
        signal: AbortSignal.timeout(DEADLINE_MS),
      })
      await response.arrayBuffer()
      return response.ok
    } catch {
      return false
    }
  }

  return {
    /** Events not delivered yet, first attempts and retries. */
    pending: (): number =>
      waiting.length + retries.reduce((sum, delivery) => sum + delivery.events.length, 0),
    /** Sends everything due now and tells how many events were accepted and how many failed. */
    async deliverDue(): Promise<{ delivered: number; failed: number }> {
      const now = account.clock.now()
      const due = retries.filter((delivery) => delivery.dueAt <= now)
      retries = retries.filter((delivery) => delivery.dueAt > now)
      const fresh = waiting
      waiting = []
      for (let start = 0; start < fresh.length; start += MAX_EVENTS) {
        due.push({ events: fresh.slice(start, start + MAX_EVENTS), dueAt: now })
      }
      const outcome = { delivered: 0, failed: 0 }
      for (const { events } of due) {
        if (await post(events)) {
          outcome.delivered += events.length
          continue
        }
        outcome.failed += events.length
        const attempt = (events[0]?.attemptNumber ?? 0) + 1
        if (attempt > MAX_RETRIES) continue
        const again = events.map((event) => ({ ...event, attemptNumber: attempt }))
        retries.push({ events: again, dueAt: now + 60_000 * 2 ** (attempt - 1) })
      }
      return outcome
    },
  }
}
export type Webhooks = ReturnType<typeof createWebhooks>
