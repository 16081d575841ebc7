import {
  type Call,
  ConnectorError,
  type Context,
  type Conversation,
  type Subscription,
  type Webhooks,
} from '../sdk/index.ts'
import { ID_START, idPage, type IdPosition } from './id-pages.ts'
import { reaches } from './public-host.ts'
import { MAX_PER_CALL, objectOf, wc } from './rest.ts'
import type { WooSettings } from './settings.ts'
import { notices, topics, verify } from './webhook-delivery.ts'

interface NativeWebhook {
  id: number
  name?: string
  status?: string
  topic?: string
  delivery_url?: string
}

const nameOf = (topic: string): string => `Crosswalk ${topic}`

/** All webhooks of the shop, everybody's. */
function* allWebhooks(context: Context<WooSettings>): Conversation<NativeWebhook[]> {
  const all: NativeWebhook[] = []
  for (let at: IdPosition | null = ID_START; at !== null;) {
    const page: { rows: NativeWebhook[]; next: IdPosition | null } = yield* idPage<NativeWebhook>(
      (offset, perPage) =>
        wc(context.facts, '/webhooks', {
          orderby: 'id',
          order: 'asc',
          per_page: String(perPage),
          offset: String(offset),
        }),
      at,
      MAX_PER_CALL,
      'webhooks',
    )
    all.push(...page.rows)
    at = page.next
  }
  return all
}

const samePath = (a: string, b: string): boolean => {
  const [one, other] = [URL.parse(a), URL.parse(b)]
  return one !== null && other !== null && one.pathname + one.search === other.pathname + other.search
}

/** Ours: those to our URL, and those we made for it when this service had another host name (the path names us). */
const isOurs = (hook: NativeWebhook, url: string): boolean =>
  hook.delivery_url === url ||
  (hook.name?.startsWith('Crosswalk ') === true && samePath(hook.delivery_url ?? '', url))

const remove = (hook: NativeWebhook, context: Context<WooSettings>): Call => ({
  ...wc(context.facts, `/webhooks/${hook.id}`, { force: 'true' }),
  method: 'DELETE',
  // Somebody else was quicker.
  accept: [404],
})

/**
 * Leaves exactly one active webhook of ours per wanted topic. One that was switched off is made anew rather than
 * switched on, since it would keep its count of failures and go off again at the next single one. The new one is made
 * before the old one goes, so that no event falls between.
 */
function* subscribe(
  want: { url: string; secret: string; topics: readonly string[]; renew?: boolean },
  context: Context<WooSettings>,
): Conversation<{ subscriptions: readonly Subscription[]; revived: readonly string[] }> {
  if (!/^[A-Za-z0-9]{8,}$/.test(want.secret)) {
    throw new ConnectorError({
      kind: 'malformed',
      publicMessage: 'A webhook secret is made of letters and digits only.',
    })
  }
  const ours = (yield* allWebhooks(context)).filter((hook) => isOurs(hook, want.url))
  const kept = new Set<number>()
  const subscriptions: Subscription[] = []
  const revived: string[] = []
  for (const topic of new Set(want.topics)) {
    const sound = ours.find(
      (hook) => hook.topic === topic && hook.status === 'active' && hook.delivery_url === want.url,
    )
    if (sound === undefined || want.renew === true) {
      subscriptions.push(yield* create(topic, want, context))
      revived.push(topic)
    } else {
      kept.add(sound.id)
      subscriptions.push({ id: String(sound.id), topic, active: true })
    }
  }
  for (const hook of ours) if (!kept.has(hook.id)) yield remove(hook, context)
  return { subscriptions, revived }
}

/** A lost answer is not tried again: the next look finds the webhook, or the lack of it. */
function* create(
  topic: string,
  want: { url: string; secret: string },
  context: Context<WooSettings>,
): Conversation<Subscription> {
  const body = { name: nameOf(topic), topic, delivery_url: want.url, secret: want.secret, status: 'active' }
  const reply = yield { ...wc(context.facts, '/webhooks'), method: 'POST', body, repeatable: false }
  const made = objectOf(reply, 'new webhook')
  return { id: String(made['id']), topic, active: made['status'] === 'active' }
}

function* unsubscribe(url: string, context: Context<WooSettings>): Conversation<void> {
  const all = yield* allWebhooks(context)
  for (const hook of all) if (isOurs(hook, url)) yield remove(hook, context)
}

export const webhooks: Webhooks<WooSettings> = {
  topics,
  how: 'created',
  // WordPress waits a minute, and tells nothing twice: late is better than never.
  answerWithinMs: 50_000,
  subscribe,
  unsubscribe,
  reaches,
  verify: (raw, secret) => verify(raw, secret),
  notices,
  trust: 'id_only',
}
