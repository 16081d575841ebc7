import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signature } from './deliveries.ts'
import { fillCatalogue, openLab, replayWrites, type Lab } from './lab.ts'
import type { Json } from './php.ts'
import { recordingText } from './recordings.ts'

interface Received {
  headers: [string, string][]
  body: string
}
const header = (one: Received | undefined, name: string): string | undefined =>
  one?.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]

let received: Received[] = []
let answer = 200
let receiver: Server
let target: string
let lab: Lab

beforeEach(async () => {
  received = []
  answer = 200
  receiver = createServer((message, response) => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => {
      const raw = message.rawHeaders
      const headers = Array.from({ length: raw.length / 2 }, (_, n): [string, string] => [
        raw[2 * n]!,
        raw[2 * n + 1]!,
      ])
      received.push({ headers, body: Buffer.concat(chunks).toString('utf8') })
      response.writeHead(answer, answer === 302 ? { location: '/elsewhere' } : {}).end()
    })
  })
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
  target = `127.0.0.1:${(receiver.address() as AddressInfo).port}`
  lab = await openLab({ allowTargets: [target] })
  await fillCatalogue(lab)
  await replayWrites(lab, ['coupons.json', 'customers.json'])
})
afterEach(async () => {
  await lab.close()
  receiver.closeAllConnections()
  await new Promise((done) => receiver.close(done))
})

const secret = 'lab-webhook-secret-1'
async function subscribe(topic: string, more: Json = {}): Promise<number> {
  const body = { name: topic, topic, delivery_url: `http://${target}/hooks/woo`, secret, ...more }
  const response = await lab.call('POST', '/wp-json/wc/v3/webhooks', { body })
  expect(response.status).toBe(201)
  expect(JSON.stringify(response.body)).not.toContain(secret)
  return (response.body as { id: number }).id
}
const deliveries = (): Received[] => received.filter((one) => header(one, 'x-wc-webhook-topic'))
const order = {
  line_items: [{ product_id: 12, quantity: 1 }],
  billing: { email: 'noor@example.test', country: 'NL' },
}

describe('webhooks over REST', () => {
  it('answers webhooks.json as recorded but for the host', async () => {
    for (const { request, response: recorded, note } of JSON.parse(recordingText('webhooks.json'))) {
      if (request.method === 'GET') continue
      const response = await lab.call('POST', request.path, { body: request.body })
      expect(response.status, note).toBe(recorded.status)
      const dates = /"date_\w+":"[^"]+"/g
      expect(JSON.stringify(response.body).replace(dates, '')).toBe(
        JSON.stringify(recorded.body).replace(dates, ''),
      )
    }
  })

  it('lists, pauses and deletes, and needs force to delete', async () => {
    const id = await subscribe('order.created')
    const path = `/wp-json/wc/v3/webhooks/${id}`
    expect((await lab.call('PUT', path, { body: { status: 'paused' } })).body).toMatchObject({
      id,
      status: 'paused',
    })
    const listed = (await lab.call('GET', '/wp-json/wc/v3/webhooks', { query: { status: 'paused' } })).body
    expect(listed).toMatchObject([{ id }])
    expect((await lab.call('DELETE', path)).status).toBe(501)
    expect((await lab.call('DELETE', path, { query: { force: 'true' } })).status).toBe(200)
    expect((await lab.call('GET', path)).status).toBe(404)
  })

  it('pings before it answers: form body, no signature, the recorded headers in order', async () => {
    const recorded = JSON.parse(recordingText('webhook-ping.json')) as Received
    const id = await subscribe('order.created')
    expect(received).toHaveLength(1)
    expect(received[0]?.body).toBe(`webhook_id=${id}`)
    expect(received[0]?.headers.map(([name]) => name)).toEqual(recorded.headers.map(([name]) => name))
    expect(header(received[0], 'content-type')).toBe('application/x-www-form-urlencoded')
  })

  it('makes the webhook though the ping fails', async () => {
    answer = 500
    await subscribe('order.created')
    expect(lab.sim.webhooks()).toMatchObject([{ status: 'active', failureCount: 0 }])
  })
})

describe('the recorded deliveries', () => {
  const names = [
    'order-created',
    'order-updated',
    'order-deleted',
    'product-updated',
    'product-updated-variation',
  ]
  const files = [...names, 'customer-created', 'resource-gone', 'ping']
  const read = (name: string) =>
    JSON.parse(recordingText(`webhook-${name}.json`)) as Received & {
      secret: string
      bodyBase64: string
      bodyText: string
    }

  it.each(files.filter((name) => name !== 'ping'))('%s: the signature is over the raw bytes', (name) => {
    const recorded = read(name)
    const bytes = Buffer.from(recorded.bodyBase64, 'base64')
    expect(signature(bytes.toString('utf8'), recorded.secret)).toBe(
      header(recorded, 'x-wc-webhook-signature'),
    )
  })

  const causes: Record<string, [topic: string, cause: () => unknown]> = {
    'order-created': ['order.created', () => lab.sim.placeOrder({ ...order, customer_id: 2 })],
    'order-updated': [
      'order.updated',
      () =>
        lab.sim.updateOrder(lab.sim.placeOrder({ ...order, customer_id: 2 })['id'] as number, {
          status: 'processing',
        }),
    ],
    'order-deleted': ['order.deleted', () => lab.sim.trashOrder(lab.sim.placeOrder(order)['id'] as number)],
    'product-updated': ['product.updated', () => lab.sim.updateProduct(12, { regular_price: '19.50' })],
    'product-updated-variation': ['product.updated', () => lab.sim.updateProduct(14, { stock_quantity: 20 })],
    'customer-created': [
      'customer.created',
      () => lab.sim.addCustomer({ email: 'lena.voorbeeld@example.test' }),
    ],
    'resource-gone': ['order.created', () => lab.sim.deleteOrder(lab.sim.placeOrder(order)['id'] as number)],
  }

  it.each(Object.entries(causes))(
    '%s: same headers in the same order, same fields, PHP escapes',
    async (name, [topic, cause]) => {
      const recorded = read(name)
      await subscribe(topic)
      cause()
      await lab.sim.deliverDue()
      const [delivery] = deliveries()
      expect(delivery?.headers.map(([key]) => key)).toEqual(recorded.headers.map(([key]) => key))
      const fixed = [
        'user-agent',
        'accept',
        'accept-encoding',
        'content-type',
        'x-wc-webhook-source',
        'x-wc-webhook-topic',
      ]
      for (const key of [...fixed, 'x-wc-webhook-resource', 'x-wc-webhook-event', 'connection']) {
        expect(header(delivery, key), key).toBe(header(recorded, key))
      }
      expect(header(delivery, 'x-wc-webhook-delivery-id')).toMatch(/^[0-9a-f]{32}$/)
      const body = delivery?.body ?? ''
      const expected = createHmac('sha256', secret).update(body).digest('base64')
      expect(header(delivery, 'x-wc-webhook-signature')).toBe(expected)
      expect(Object.keys(JSON.parse(body) as Json)).toEqual(
        Object.keys(JSON.parse(recorded.bodyText) as Json),
      )
      expect(body).toMatch(/^[\x20-\x7e]*$/)
      expect(body).not.toMatch(/[^\\]\//)
    },
  )
})

describe('deliveries', () => {
  it('wait for cron, and one new order sends created, updated and its stock', async () => {
    for (const topic of ['order.created', 'order.updated', 'product.updated']) await subscribe(topic)
    lab.sim.placeOrder({
      ...order,
      line_items: [
        { product_id: 12, quantity: 1 },
        { product_id: 13, variation_id: 14 },
      ],
    })
    expect(deliveries()).toEqual([])
    await lab.call('GET', '/wp-cron.php', { key: null })
    const topics = deliveries().map((one) => header(one, 'x-wc-webhook-topic'))
    expect(topics.sort()).toEqual(['order.created', 'order.updated', 'product.updated', 'product.updated'])
  })

  it('coalesce per webhook and resource, with the body as of delivery time', async () => {
    await subscribe('order.created')
    await subscribe('order.updated')
    const id = lab.sim.placeOrder(order)['id'] as number
    for (const status of ['processing', 'completed']) lab.sim.updateOrder(id, { status })
    expect(lab.sim.pendingDeliveries()).toBe(2)
    await lab.sim.deliverDue()
    expect(deliveries().map((one) => (JSON.parse(one.body) as Json)['status'])).toEqual([
      'completed',
      'completed',
    ])
  })

  it('share one id within a second', async () => {
    await subscribe('order.updated')
    const place = () => lab.sim.placeOrder(order)
    place()
    place()
    await lab.sim.deliverDue()
    lab.sim.clock.advance(1000)
    place()
    await lab.sim.deliverDue()
    const ids = deliveries().map((one) => header(one, 'x-wc-webhook-delivery-id'))
    expect(ids[0]).toBe(ids[1])
    expect(ids[2]).not.toBe(ids[0])
  })

  it('of a trashed order say trash; a hard delete sends nothing', async () => {
    await subscribe('order.created')
    await subscribe('order.deleted')
    const id = lab.sim.placeOrder(order)['id'] as number
    await lab.sim.deliverDue()
    received = []
    await lab.call('DELETE', `/wp-json/wc/v3/orders/${id}`, { query: { force: 'true' } })
    await lab.sim.deliverDue()
    expect(received).toEqual([])
    const second = lab.sim.placeOrder(order)['id'] as number
    await lab.call('DELETE', `/wp-json/wc/v3/orders/${second}`)
    await lab.sim.deliverDue()
    expect(deliveries().map((one) => JSON.parse(one.body) as Json)).toMatchObject([
      { status: 'trash' },
      { id: second },
    ])
  })

  it('sign with the secret decoded from HTML', async () => {
    await subscribe('order.created', { secret: 'a&amp;b&lt;c&quot;' })
    lab.sim.placeOrder(order)
    await lab.sim.deliverDue()
    const [one] = deliveries()
    const expected = createHmac('sha256', 'a&b<c"')
      .update(one?.body ?? '')
      .digest('base64')
    expect(header(one, 'x-wc-webhook-signature')).toBe(expected)
  })

  it('are not repeated; the seventh failure disables; switching on keeps the count', async () => {
    const id = await subscribe('order.created')
    answer = 500
    const fail = async () => {
      lab.sim.placeOrder(order)
      await lab.sim.deliverDue()
      return lab.sim.webhooks()[0]
    }
    for (let n = 1; n <= 6; n++) expect(await fail()).toMatchObject({ status: 'active', failureCount: n })
    expect(await fail()).toMatchObject({ status: 'disabled' })
    expect(deliveries()).toHaveLength(7)
    expect(await lab.sim.deliverDue()).toBe(0)
    const turnOn = () => lab.call('PUT', `/wp-json/wc/v3/webhooks/${id}`, { body: { status: 'active' } })
    await turnOn()
    expect(await fail()).toMatchObject({ status: 'disabled' })
    await turnOn()
    answer = 302
    expect(await fail()).toMatchObject({ status: 'active', failureCount: 0 })
    expect(lab.sim.deliveries().at(-1)).toMatchObject({ status: 302, error: null })
  })

  it('refuse targets the safe client refuses', async () => {
    for (const delivery_url of [
      `http://localhost:${target.split(':')[1]}/x`,
      'http://10.0.0.8/x',
      'http://example.com:3000/x',
    ]) {
      await subscribe('order.created', { delivery_url })
    }
    lab.sim.placeOrder(order)
    await lab.sim.deliverDue()
    const refused = { status: 0, error: 'A valid URL was not provided.' }
    expect(lab.sim.deliveries()).toMatchObject([refused, refused, refused])
    expect(received).toEqual([])
  })

  it('run by themselves where asked to', async () => {
    const auto = await openLab({ allowTargets: ['*'], autoDeliver: 1 })
    const body = { topic: 'customer.created', delivery_url: `http://${target}/auto` }
    await auto.call('POST', '/wp-json/wc/v3/webhooks', { body })
    const arrived = new Promise<void>((done) => {
      receiver.on('request', (message) => message.on('end', () => done()))
    })
    auto.sim.addCustomer({ email: 'auto@example.test' })
    await arrived
    await auto.close()
    expect(auto.sim.deliveries()).toMatchObject([{ topic: 'customer.created', status: 200 }])
  })
})
