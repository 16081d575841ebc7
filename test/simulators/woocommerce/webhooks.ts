import { batch } from './batch.ts'
import { links, listAnswer } from './collections.ts'
import { gmt, local } from './dates.ts'
import { badRequest, invalidId, noTrash } from './errors.ts'
import type { Webhook } from './model.ts'
import { collectionRules, oneOf, string, type ParamRules } from './params.ts'
import { bool, text, token, type Json } from './php.ts'
import { route, type Call, type Route } from './router.ts'
import { nextId, now, restUrl, type Shop } from './state.ts'

/** PHP hooks behind each topic, as the API shows them. */
const hooks: Record<string, string[]> = {
  'coupon.created': ['woocommerce_process_shop_coupon_meta', 'woocommerce_new_coupon'],
  'coupon.updated': ['woocommerce_process_shop_coupon_meta', 'woocommerce_update_coupon'],
  'coupon.deleted': ['wp_trash_post'],
  'coupon.restored': ['untrashed_post'],
  'customer.created': ['user_register', 'woocommerce_created_customer', 'woocommerce_new_customer'],
  'customer.updated': ['profile_update', 'woocommerce_update_customer'],
  'customer.deleted': ['delete_user'],
  // Taken like the others though nothing ever fires it: users have no trash.
  'customer.restored': [],
  'order.created': ['woocommerce_new_order'],
  'order.updated': ['woocommerce_update_order', 'woocommerce_order_refunded'],
  'order.deleted': ['wp_trash_post', 'woocommerce_trash_order'],
  'order.restored': ['untrashed_post', 'woocommerce_untrash_order'],
  'product.created': [
    'woocommerce_process_product_meta',
    'woocommerce_new_product',
    'woocommerce_new_product_variation',
  ],
  'product.updated': [
    'woocommerce_process_product_meta',
    'woocommerce_update_product',
    'woocommerce_update_product_variation',
  ],
  'product.deleted': ['wp_trash_post'],
  'product.restored': ['untrashed_post'],
}

const isTopic = (topic: string): boolean => topic in hooks || /^action\.(woocommerce|wc)_\w+$/.test(topic)

/** A webhook as REST shows it: never with its secret, nor with its count of failures. */
function webhookJson(shop: Shop, webhook: Webhook): Json {
  const [resource, event] = webhook.topic.split('.')
  return {
    id: webhook.id,
    name: webhook.name,
    status: webhook.status,
    topic: webhook.topic,
    resource,
    event,
    hooks: hooks[webhook.topic] ?? [event],
    delivery_url: webhook.deliveryUrl,
    date_created: local(webhook.createdAt, shop.site),
    date_created_gmt: gmt(webhook.createdAt),
    date_modified: local(webhook.modifiedAt, shop.site),
    date_modified_gmt: gmt(webhook.modifiedAt),
    _links: links(shop, `/wc/v3/webhooks/${webhook.id}`, '/wc/v3/webhooks'),
  }
}

const invalidTopic = () =>
  badRequest('woocommerce_rest_shop_webhook_invalid_topic', 'Webhook topic is required and must be valid.')
const invalidUrl = () =>
  badRequest(
    'woocommerce_rest_shop_webhook_invalid_delivery_url',
    'Webhook delivery URL must be a valid URL starting with http:// or https://.',
  )

function deliveryUrl(sent: Json): string {
  const url = text(sent['delivery_url'])
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw invalidUrl()
  return url
}

export type Ping = (webhook: Webhook) => void

function create(call: Call, sent: Json, ping: Ping): Json {
  const { shop } = call
  const topic = text(sent['topic'])
  if (!isTopic(topic)) throw invalidTopic()
  const moment = now(shop)
  const day = new Date((moment + shop.site.offsetAt(moment)) * 1000).toUTCString()
  const webhook: Webhook = {
    id: nextId(shop, 'webhook'),
    name:
      text(sent['name']) || `Webhook created on ${day.slice(8, 11)} ${day.slice(5, 7)}, ${day.slice(12, 16)}`,
    status: text(sent['status']) || 'active',
    topic,
    deliveryUrl: deliveryUrl(sent),
    secret: text(sent['secret']) || token(shop.random, 50),
    createdAt: moment,
    modifiedAt: null,
    failureCount: 0,
    owner: call.key?.key ?? null,
  }
  shop.webhooks.set(webhook.id, webhook)
  const body = webhookJson(shop, webhook)
  // The date of change is null in the answer to the create and set from then on, as recorded.
  webhook.modifiedAt = moment
  ping(webhook)
  return body
}

/** Switching on again keeps the count of failures. */
function update(call: Call, id: number, sent: Json): Json {
  const webhook = find(call.shop, id)
  if (sent['topic'] !== undefined && !isTopic(text(sent['topic']))) throw invalidTopic()
  if (sent['delivery_url'] !== undefined) webhook.deliveryUrl = deliveryUrl(sent)
  if (sent['topic'] !== undefined) webhook.topic = text(sent['topic'])
  if (sent['name'] !== undefined) webhook.name = text(sent['name'])
  if (sent['status'] !== undefined) webhook.status = text(sent['status'])
  if (sent['secret'] !== undefined) webhook.secret = text(sent['secret'])
  webhook.modifiedAt = now(call.shop)
  return webhookJson(call.shop, webhook)
}

function find(shop: Shop, id: number): Webhook {
  const webhook = shop.webhooks.get(id)
  if (!webhook) throw invalidId('shop_webhook')
  return webhook
}

function remove(call: Call, id: number): Json {
  const webhook = find(call.shop, id)
  call.shop.webhooks.delete(id)
  return webhookJson(call.shop, webhook)
}

const rules: ParamRules = {
  name: string,
  status: oneOf('active', 'paused', 'disabled'),
  topic: string,
  delivery_url: string,
  secret: string,
}
const listRules = collectionRules(['date', 'id', 'title'], {
  search: string,
  status: oneOf('all', 'active', 'paused', 'disabled'),
})

/** Routes of `/webhooks`. `ping` is told of each new webhook. */
export function webhookRoutes(ping: Ping): Route[] {
  const idOf = (call: Call): number => Number(call.ids['id'])
  return [
    route('/wc/v3/webhooks', {
      list: {
        rules: listRules,
        run: (call) => {
          const status = text(call.params['status']) || 'all'
          const search = text(call.params['search']).toLowerCase()
          const found = [...call.shop.webhooks.values()].filter(
            (one) => (status === 'all' || one.status === status) && one.name.toLowerCase().includes(search),
          )
          return listAnswer(call, found, {
            orders: { date: (one) => one.createdAt, title: (one) => one.name },
            orderby: 'date',
            id: (one) => one.id,
            json: (one) => webhookJson(call.shop, one),
          })
        },
      },
      create: {
        rules,
        required: ['delivery_url'],
        run: (call) => {
          const body = create(call, call.params, ping)
          const location = restUrl(call.shop, `/wc/v3/webhooks/${String(body['id'])}`)
          return { status: 201, body, headers: { location } }
        },
      },
    }),
    route('/wc/v3/webhooks/(?P<id>[\\d]+)', {
      view: { run: (call) => ({ body: webhookJson(call.shop, find(call.shop, idOf(call))) }) },
      edit: { rules, run: (call) => ({ body: update(call, idOf(call), call.params) }) },
      remove: {
        run: (call) => {
          if (!bool(call.params['force'])) throw noTrash('Webhooks')
          return { body: remove(call, idOf(call)) }
        },
      },
    }),
    route('/wc/v3/webhooks/batch', {
      batch: {
        run: (call) => batch(call, { create: (_, entry) => create(call, entry, ping), update, remove }),
      },
    }),
  ]
}
