import type { RawWebhook } from '@crosswalk/connectors/sdk'
import { payload, signature } from '../../simulators/woocommerce/deliveries.ts'
import type { WooCommerceSimulator } from '../../simulators/woocommerce/index.ts'
import type { Chance } from './chance.ts'

interface Letter {
  raw: RawWebhook
  hookId: string
}

type Receive = (raw: RawWebhook, hookId: string) => Promise<{ status: number }>

/**
 * Carries the shop's webhooks to the service in its place, and not well: late, in another order, twice, or not at all.
 * A letter's body is what was true when it was written, as the shop's own.
 */
export function createPost(shop: WooCommerceSimulator, receive: Receive, chance: Chance) {
  let waiting: Letter[] = []
  let held: Letter[] = []
  let sent: Letter[] = []
  /** Orders of which the shop's word that they are in the trash was lost. */
  const untold = new Set<string>()
  /** Left to lose, to repeat. */
  const next = { lose: 0, repeat: 0 }

  shop.shop.emit = ({ resource, event, id }) => {
    for (const webhook of shop.shop.webhooks.values()) {
      const topic = `${resource}.${event}`
      if (webhook.status !== 'active' || webhook.topic !== topic) continue
      const body = Buffer.from(payload(shop.shop, topic, id))
      const headers = {
        'content-type': 'application/json',
        'x-wc-webhook-source': `${shop.url}/`,
        'x-wc-webhook-topic': topic,
        'x-wc-webhook-resource': resource,
        'x-wc-webhook-event': event,
        'x-wc-webhook-signature': signature(body.toString(), webhook.secret),
        'x-wc-webhook-id': String(webhook.id),
      }
      const letter = {
        raw: { method: 'POST', url: webhook.deliveryUrl, headers, body },
        hookId: webhook.deliveryUrl.slice(webhook.deliveryUrl.lastIndexOf('/') + 1),
      }
      if (event === 'deleted') untold.delete(String(id))
      if (next.lose > 0) {
        next.lose -= 1
        if (event === 'deleted') untold.add(String(id))
      } else waiting.push(letter)
    }
  }

  async function hand(letters: readonly Letter[]): Promise<void> {
    const answers = await Promise.all(letters.map(({ raw, hookId }) => receive(raw, hookId)))
    const refused = answers.find(({ status }) => status < 200 || status > 299)
    if (refused) throw new Error(`a webhook was answered ${refused.status}`)
  }

  return {
    untold,
    /** The next letters are lost on the way. */
    lose: (count: number): void => void (next.lose += count),
    /** The next letters handed over are handed over again, at once and later. */
    repeat: (count: number): void => void (next.repeat += count),
    /** What waits now is held back until `release`. */
    hold: (): void => {
      held = held.concat(waiting)
      waiting = []
    },
    release: (): void => {
      waiting = held.concat(waiting)
      held = []
    },
    pending: (): number => waiting.length + held.length,
    /** Hands over what waits, in any order. Throws when the service does not take it: it must, whatever else fails. */
    async deliver(): Promise<void> {
      const letters = chance.shuffled(waiting)
      waiting = []
      const again = letters.slice(0, next.repeat)
      next.repeat -= again.length
      await hand(again.concat(letters))
      if (again.length > 0 && sent.length > 0) await hand(chance.shuffled(sent).slice(0, 3))
      sent = letters.slice(0, 50)
    },
  }
}
export type Post = ReturnType<typeof createPost>
