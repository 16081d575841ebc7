import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLab, type Lab } from './lab.ts'

let received: string[] = []
let receiver: Server
let lab: Lab

beforeEach(async () => {
  received = []
  receiver = createServer((message, response) => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => {
      received.push(Buffer.concat(chunks).toString('utf8'))
      response.end()
    })
  })
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
  lab = await openLab({ allowTargets: ['*'] })
})
afterEach(async () => {
  await lab.close()
  receiver.closeAllConnections()
  await new Promise((done) => receiver.close(done))
})

async function subscribe(topic: string, key = 0): Promise<number> {
  const { port } = receiver.address() as AddressInfo
  const body = { topic, delivery_url: `http://127.0.0.1:${port}/hooks` }
  const made = await lab.call('POST', '/wp-json/wc/v3/webhooks', { body, key })
  received = []
  return (made.body as { id: number }).id
}
const order = { billing: { email: 'noor@example.test', country: 'NL' }, meta_data: [] as object[] }

describe('a user who loses rights', () => {
  it('gets 403 for each call, and webhooks made with the key tell of an error instead of the order', async () => {
    await subscribe('order.created')
    await subscribe('order.created', 2)
    await subscribe('order.deleted')
    lab.sim.takeRights(lab.sim.keys[0]!.key)
    const id = lab.sim.placeOrder(order)['id'] as number
    await lab.sim.deliverDue()
    lab.sim.trashOrder(id)
    await lab.sim.deliverDue()
    expect(received.map((body) => JSON.parse(body) as object)).toEqual([
      { code: 'woocommerce_rest_cannot_view', message: 'Sorry, you cannot view this resource.', data: { status: 403 } },
      expect.objectContaining({ id, status: 'on-hold' }),
      { id },
    ]) // prettier-ignore
    const refused = await lab.call('GET', `/wp-json/wc/v3/orders/${id}`)
    expect(refused).toMatchObject({ status: 403, body: { code: 'woocommerce_rest_cannot_view' } })
  })
})

it('a webhook deleted by hand is gone and sends nothing more', async () => {
  const id = await subscribe('order.created')
  lab.sim.deleteWebhook(id)
  lab.sim.placeOrder(order)
  expect(await lab.sim.deliverDue()).toBe(0)
  expect((await lab.call('GET', `/wp-json/wc/v3/webhooks/${id}`)).status).toBe(404)
})

it('JSON put in for a mark stands in answers and in deliveries', async () => {
  await subscribe('order.created')
  const deep = '['.repeat(10_000) + ']'.repeat(10_000)
  lab.sim.inject('@deep', deep)
  lab.sim.inject('@long', '9'.repeat(400))
  const meta_data = [{ key: 'a', value: '@deep' }, { key: 'b', value: '@long' }, { key: 'c', value: 'so @deep' }] // prettier-ignore
  const id = lab.sim.placeOrder({ ...order, meta_data })['id'] as number
  await lab.sim.deliverDue()
  const answer = await fetch(`${lab.sim.url}/wp-json/wc/v3/orders/${id}?consumer_key=${lab.sim.keys[0]?.key}&consumer_secret=${lab.sim.keys[0]?.secret}`) // prettier-ignore
  for (const text of [received[0] ?? '', await answer.text()]) {
    expect(text).toContain(`"value":${deep}`)
    expect(text).toContain(`"value":${'9'.repeat(400)}`)
    expect(text).toContain('"so @deep"')
  }
})
