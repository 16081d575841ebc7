import { woocommerce } from '@crosswalk/connectors/woocommerce'
import type { Entity } from '@crosswalk/shared/model'
import { startWooCommerce, type WooCommerceSimulator } from '../simulators/woocommerce/index.ts'
import type { Running, Subject } from './subject.ts'

interface RunningShop extends Running {
  sim: WooCommerceSimulator
}

const KEY = { consumerKey: `ck_${'1'.repeat(40)}`, consumerSecret: `cs_${'1'.repeat(40)}` }

/** A shop on plain http, as the loopback is: it takes signed calls only. */
async function start(options: { webhookTargets?: readonly string[] } = {}): Promise<RunningShop> {
  const allowTargets = [...(options.webhookTargets ?? [])]
  const sim = await startWooCommerce({ https: 'none', allowTargets })
  return { sim, settings: { shopUrl: sim.url }, credentials: KEY }
}

const billing = (index: number) => ({
  first_name: 'Anna',
  last_name: `Jansen ${index}`,
  company: index % 3 === 0 ? `Voorbeeld ${index} B.V.` : '',
  address_1: `Dorpsstraat ${index}`,
  postcode: '1234 AB',
  city: 'Utrecht',
  country: 'NL',
  email: `anna.${index}@example.com`,
})

const productOf = (index: number) => ({
  name: `Coffee & tea ${index}`,
  sku: `COFFEE-${index}`,
  regular_price: '6.05',
  manage_stock: true,
  stock_quantity: 12,
})

const variable = {
  name: 'Shirt',
  type: 'variable',
  attributes: [{ name: 'Size', variation: true, visible: true, options: ['S', 'L'] }],
  variations: ['S', 'L'].map((option) => ({
    regular_price: '20.00',
    sku: `SHIRT-${option}`,
    manage_stock: true,
    stock_quantity: 3,
    attributes: [{ name: 'Size', option }],
  })),
}

const idOf = (record: Record<string, unknown>): string => String(record['id'])

/** One product, customer and order after the other; every third in the same second as the one before. */
function seed({ sim }: RunningShop, entity: Entity, count: number): readonly string[] {
  const made = Array.from({ length: count }, (_, index) => {
    if (index % 3 !== 0) sim.clock.advance(7_000)
    switch (entity) {
      case 'order':
        return placeOrder(sim, index)
      case 'customer':
        return sim.addCustomer({
          email: `anna.${index}@example.com`,
          first_name: 'Anna',
          billing: billing(index),
        })
      default:
        return sim.addProduct(productOf(index))
    }
  })
  if (entity === 'product') made.push(sim.addProduct(variable))
  if (entity !== 'stock') return made.map(idOf)
  const shirt = sim.addProduct(variable)
  return [...made.map(idOf), ...(shirt['variations'] as number[]).map(String)]
}

function placeOrder(sim: WooCommerceSimulator, index: number) {
  const product = Number(idOf(sim.addProduct(productOf(index))))
  const order = sim.placeOrder({
    billing: billing(index),
    shipping: billing(index),
    set_paid: index % 2 === 0,
    line_items: [{ product_id: product, quantity: 2 }],
    shipping_lines: [{ method_id: 'flat_rate', method_title: 'Parcel', total: '4.95' }],
  })
  const id = Number(idOf(order))
  if (index % 8 === 0) sim.refund(id, { amount: '1.00', reason: 'Broken' })
  return order
}

function touch({ sim }: RunningShop, entity: Entity, key: string): void {
  const id = Number(key)
  if (entity === 'order') sim.updateOrder(id, { customer_note: 'Ring twice' })
  else if (entity === 'customer') sim.updateCustomer(id, { first_name: 'Bea' })
  else sim.updateProduct(id, { regular_price: '7.00' })
}

const refusal = (code: string, status: number) => ({ code, message: 'Sorry.', data: { status } })

export const woocommerceSubject: Subject<RunningShop> = {
  connector: woocommerce,
  start,
  anyCall: { path: '/wp-json/wc/v3/orders' },
  refusals: {
    401: refusal('woocommerce_rest_cannot_view', 401),
    403: refusal('woocommerce_rest_cannot_view', 403),
    404: refusal('woocommerce_rest_shop_order_invalid_id', 404),
  },
  refused: [
    {
      name: 'an unknown key',
      credentials: () => ({ ...KEY, consumerKey: `ck_${'9'.repeat(40)}` }),
      finding: 'key',
    },
    {
      name: 'a wrong secret',
      credentials: () => ({ ...KEY, consumerSecret: `cs_${'9'.repeat(40)}` }),
      finding: 'secret',
    },
    {
      name: 'a key that may only write',
      credentials: () => ({ consumerKey: `ck_${'3'.repeat(40)}`, consumerSecret: `cs_${'3'.repeat(40)}` }),
      finding: 'permissions',
    },
  ],
  // The shop counts products, and stock is kept by what of them is sold on its own.
  source: { seed, touch, unknownTotals: ['stock'] },
  webhooks: {
    topics: ['order.created', 'order.updated', 'order.deleted', 'order.restored'],
    change: ({ sim }) => {
      const order = placeOrder(sim, 500)
      sim.updateOrder(Number(idOf(order)), { customer_note: 'Ring twice' })
      return idOf(order)
    },
    deliver: ({ sim }) => sim.deliverDue(),
    signatureHeader: 'x-wc-webhook-signature',
    switchOff: ({ sim }) => {
      const [webhook] = sim.shop.webhooks.values()
      if (webhook === undefined) throw new Error('there is no webhook to switch off')
      webhook.status = 'disabled'
    },
    ping: () => ({
      method: 'POST',
      url: 'https://bridge.example.com/hooks/abc',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from('webhook_id=7'),
    }),
  },
}
