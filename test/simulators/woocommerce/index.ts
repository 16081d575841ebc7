import { realClock, type SimClock } from '../clock.ts'
import { startServer, type SimServer } from '../server.ts'
import { createAuth } from './auth.ts'
import { couponRoutes } from './coupons.ts'
import { customerRoutes } from './customers.ts'
import { fixedTime, zoneTime } from './dates.ts'
import { createDeliveries } from './deliveries.ts'
import { generateShop } from './generate.ts'
import { noteRoutes } from './notes.ts'
import { orderText } from './order-json.ts'
import { orderRoutes } from './orders.ts'
import { seededRandom } from './php.ts'
import { productRoutes } from './products.ts'
import { loadRecorded } from './recorded.ts'
import { refundRoutes } from './refunds.ts'
import { createSite } from './site.ts'
import { createShop, type ApiKey, type Shop } from './state.ts'
import { systemRoutes } from './system.ts'
import { taxRoutes } from './taxes.ts'
import { termRoutes } from './terms.ts'
import { variationRoutes } from './variations.ts'
import { controlRoutes, createVerbs, type Verbs } from './verbs.ts'
import { webhookRoutes } from './webhooks.ts'

export type { ApiKey } from './state.ts'
export type { Delivery } from './deliveries.ts'

export interface WooCommerceOptions {
  clock?: SimClock
  /** Keep every call in `calls`. Default true. */
  record?: boolean
  /** Seed of everything generated. Default 1. */
  seed?: number
  /** Home URL as the shop writes it in links and headers. Default: the simulator's own address. */
  storeUrl?: string
  keys?: ApiKey[]
  /** The site's offset from UTC. Default 60. */
  timezoneOffsetMinutes?: number
  /** A city instead, such as `America/New_York`: its clocks change. */
  timezone?: string
  /** No `/wp-json/`, only `/?rest_route=`. */
  plainPermalinks?: boolean
  /** The host drops the `Authorization` header. */
  stripAuthorization?: boolean
  /** A wall answers 403 with a page on `wc` routes. */
  securityPlugin?: boolean
  /** Generate a shop: products, customers and this many orders. Default: an empty shop. */
  orderCount?: number
  /** Begin with the recorded orders, products and customer; what is generated comes on top. */
  recorded?: boolean
  /** Build the JSON of every generated order at once, not when it is first asked for. For measurements. Default false. */
  readyMade?: boolean
  /** Moment the newest generated order is made, epoch ms. Default: the clock's now. */
  generateUntil?: number
  /** `terminated` (default): PHP believes in TLS and takes Basic and keys in the query. `none`: OAuth 1.0a only. */
  https?: 'terminated' | 'none'
  /** With `https: 'none'`: a shop whose owner lets Basic through all the same. */
  allowBasicOverHttp?: boolean
  /** `host:port` the shop may call though its safe client would refuse; `*` for all. Default none. */
  allowTargets?: string[]
  /** Run deliveries this long after being queued, in ms; `true` is 20 ms. Default: only `deliverDue`. */
  autoDeliver?: boolean | number
  /** Time a receiver has to answer a delivery. Default 60 s. */
  deliveryTimeoutMs?: number
  port?: number
}

export interface WooCommerceSimulator extends SimServer, Verbs {
  keys: ApiKey[]
  /** The shop behind it, for tests that look inside. */
  shop: Shop
}

const defaultKeys = (): ApiKey[] => [
  { key: `ck_${'1'.repeat(40)}`, secret: `cs_${'1'.repeat(40)}`, permissions: 'read_write' },
  { key: `ck_${'2'.repeat(40)}`, secret: `cs_${'2'.repeat(40)}`, permissions: 'read' },
  { key: `ck_${'3'.repeat(40)}`, secret: `cs_${'3'.repeat(40)}`, permissions: 'write' },
]

/** Runs deliveries a while after they were queued, never two runs at once. */
function autoDelivery(setting: boolean | number, deliver: () => Promise<unknown>) {
  let timer: NodeJS.Timeout | null = null
  let running: Promise<unknown> = Promise.resolve()
  let closed = false
  return {
    wake(): void {
      if (setting === false || timer || closed) return
      timer = setTimeout(
        () => {
          timer = null
          running = running.then(deliver)
        },
        setting === true ? 20 : setting,
      )
    },
    async stop(): Promise<void> {
      closed = true
      if (timer) clearTimeout(timer)
      await running
    },
  }
}

/** Starts a WooCommerce shop on a free loopback port. It behaves as WooCommerce 10.5 on WordPress 7.1 was recorded. */
export async function startWooCommerce(options: WooCommerceOptions = {}): Promise<WooCommerceSimulator> {
  const clock = options.clock ?? realClock()
  const seed = options.seed ?? 1
  // The shop's URL may be the server's own, which is known only once it listens.
  let handle: ReturnType<typeof createSite> | null = null
  let verbs: Verbs | null = null
  const server = await startServer({
    clock,
    control: controlRoutes(() => {
      if (!verbs) throw new Error('the shop is not open yet')
      return verbs
    }),
    random: seededRandom(seed),
    record: options.record ?? true,
    ...(options.port === undefined ? {} : { port: options.port }),
    handle: (request) => (handle ? handle(request) : { status: 503 }),
  })
  const shop = createShop({
    clock,
    seed,
    url: (options.storeUrl ?? server.url).replace(/\/$/, ''),
    site: options.timezone ? zoneTime(options.timezone) : fixedTime(options.timezoneOffsetMinutes ?? 60),
    plainPermalinks: options.plainPermalinks ?? false,
    keys: options.keys ?? defaultKeys(),
  })
  const deliveries = createDeliveries(shop, {
    allowTargets: options.allowTargets ?? [],
    timeoutMs: options.deliveryTimeoutMs ?? 60_000,
    queued: () => auto.wake(),
  })
  const auto = autoDelivery(options.autoDeliver ?? false, deliveries.deliverDue)
  if (options.recorded) loadRecorded(shop)
  if (options.orderCount !== undefined) {
    generateShop(shop, { seed, orderCount: options.orderCount, until: options.generateUntil ?? clock.now() })
  }
  if (options.readyMade) for (const entry of shop.orders.sorted('id')) orderText(shop, entry, true)
  shop.emit = deliveries.emit
  const pings: Promise<unknown>[] = []
  handle = createSite(shop, {
    auth: createAuth(shop, {
      secure: (options.https ?? 'terminated') === 'terminated' || options.allowBasicOverHttp === true,
      stripAuthorization: options.stripAuthorization ?? false,
    }),
    securityPlugin: options.securityPlugin ?? false,
    cron: deliveries.deliverDue,
    settled: () => Promise.all(pings.splice(0)),
    routes: [
      ...orderRoutes(),
      ...refundRoutes(),
      ...noteRoutes(),
      ...productRoutes(),
      ...variationRoutes(),
      ...termRoutes(),
      ...customerRoutes(),
      ...couponRoutes(),
      ...taxRoutes(),
      ...webhookRoutes((webhook) => void pings.push(deliveries.ping(webhook))),
      ...systemRoutes(),
    ],
  })
  verbs = createVerbs(shop, deliveries)
  const closeServer = server.close
  // One object, not a copy: `calls`, `latencyMs` and `record` of the server must stay live.
  return Object.assign(server, verbs, {
    keys: shop.keys,
    shop,
    close: async () => {
      await auto.stop()
      await closeServer()
    },
  })
}
