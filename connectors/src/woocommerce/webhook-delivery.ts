import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseJson, type Notice, type RawWebhook, type Webhooks } from '../sdk/index.ts'
import { gmt } from './dates.ts'
import { isVariable } from './product-decode.ts'
import { isObject } from './rest.ts'

type Topics = Webhooks['topics']
type Read = ReturnType<Webhooks['notices']>

/** Customers have no trash, so nothing restores them. */
const EVENTS = {
  order: ['created', 'updated', 'deleted', 'restored'],
  product: ['created', 'updated', 'deleted', 'restored'],
  customer: ['created', 'updated', 'deleted'],
} as const

/** `order.created` … `customer.deleted`, with what each tells. */
export const topics: Topics = Object.fromEntries(
  (Object.keys(EVENTS) as (keyof typeof EVENTS)[]).flatMap((entity) =>
    EVENTS[entity].map(
      (event) =>
        [`${entity}.${event}`, { entity, change: event === 'deleted' ? 'deleted' : 'upserted' }] as const,
    ),
  ),
)

const SPECIAL: Readonly<Record<string, string>> = {
  amp: '&', lt: '<', gt: '>', quot: '"', '#038': '&', '#38': '&', '#060': '<', '#60': '<', '#062': '>', '#62': '>',
  '#034': '"', '#34': '"', '#039': "'", '#39': "'",
} // prettier-ignore

/** WooCommerce signs with the secret decoded from HTML (`wp_specialchars_decode` with both quotes), once. */
const signingKey = (secret: string): string =>
  secret.replace(/&(#0?\d{2}|amp|lt|gt|quot);/g, (whole, name: string) => SPECIAL[name] ?? whole)

/** Checks base64(HMAC-SHA256(raw body)). A signature sent twice is none. The ping of a new webhook is not signed. */
export function verify(raw: RawWebhook, secret: string): ReturnType<Webhooks['verify']> {
  const sent = raw.headers['x-wc-webhook-signature']
  if (sent === undefined || sent === '') return isPing(raw) ? 'ping' : 'unsigned'
  if (typeof sent !== 'string' || secret === '') return 'bad_signature'
  const expected = Buffer.from(
    createHmac('sha256', signingKey(secret)).update(raw.body).digest('base64'),
    'latin1',
  )
  const given = Buffer.from(sent, 'latin1')
  return given.length === expected.length && timingSafeEqual(given, expected) ? 'ok' : 'bad_signature'
}

const isPing = (raw: RawWebhook): boolean =>
  raw.body.length < 40 &&
  raw.headers['x-wc-webhook-topic'] === undefined &&
  /^webhook_id=\d{1,20}$/.test(raw.body.toString('latin1'))

const ignored = (reason: string): Read => ({ notices: [], problem: null, ignored: reason })
const problem = (text: string): Read => ({ notices: [], problem: text, ignored: null })

/** What a verified delivery tells. The body is only believed for its id: the record is read again. */
export function notices(raw: RawWebhook): Read {
  const topic = raw.headers['x-wc-webhook-topic']
  if (typeof topic !== 'string') return ignored('The delivery names no topic.')
  const told = Object.hasOwn(topics, topic) ? topics[topic] : undefined
  if (told === undefined) return ignored(`The topic ${topic.slice(0, 80)} is not one of ours.`)
  const body = parse(raw.body)
  if (!isObject(body)) return ignored('The delivery holds no record.')
  if (typeof body['code'] === 'string' && body['id'] === undefined) return errorBody(body['code'])
  const id = body['id']
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id <= 0)
    return ignored('The delivery names no record.')
  const common = { topic, change: told.change, occurredAt: gmt(body['date_modified_gmt']) }
  const list =
    told.entity === 'product'
      ? productNotices(body, id, common)
      : [{ ...common, entity: told.entity, externalId: String(id) }]
  return { notices: list, problem: null, ignored: null }
}

/**
 * A variation tells of its parent, and of its own stock. Of a variable parent only the variations have stock: they are
 * named where the parent counts for them. A deleted variation changes its parent, which goes on; a body of an id alone
 * does not say which of both it was.
 */
function productNotices(
  body: Record<string, unknown>,
  id: number,
  common: Omit<Notice, 'entity' | 'externalId'>,
): Notice[] {
  const parent = body['parent_id']
  if (body['type'] === 'variation' && typeof parent === 'number' && parent > 0) {
    return [
      { ...common, change: 'upserted', entity: 'product', externalId: String(parent) },
      { ...common, entity: 'stock', externalId: String(id) },
    ]
  }
  const product: Notice = { ...common, entity: 'product', externalId: String(id) }
  if (!isVariable(body)) return [product, { ...common, entity: 'stock', externalId: String(id) }]
  const counted = body['manage_stock'] === true && Array.isArray(body['variations']) ? body['variations'] : []
  return [product, ...counted.map((one): Notice => ({ ...common, entity: 'stock', externalId: String(one) }))]
}

/** Bodies are made when the delivery runs, as the user who made the webhook: then the record or the right may be gone. */
function errorBody(code: string): Read {
  if (/_invalid_id$/.test(code)) {
    return ignored(
      'The record was gone when the shop came to tell of it; the next sweep sees what became of it.',
    )
  }
  if (/cannot_|forbidden|authentication|not_logged_in/.test(code)) {
    return problem(
      'The user whose key made the webhooks lost rights in the shop, so its messages are empty. Connect again with the key of an administrator or shop manager.',
    )
  }
  return problem(`The shop sent an error (${code.slice(0, 80)}) instead of a record.`)
}

function parse(body: Buffer): unknown {
  try {
    return parseJson(body)
  } catch {
    return undefined
  }
}
