import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { RawWebhook } from '../sdk/index.ts'
import { recordedDeliveries, type RecordedDelivery } from './test-drive.ts'
import { reaches } from './public-host.ts'
import { notices, topics, verify } from './webhook-delivery.ts'

const rawOf = (one: RecordedDelivery): RawWebhook => ({
  method: 'POST',
  url: 'https://bridge.example.test/hooks/woo',
  headers: Object.fromEntries(one.headers.map(([name, value]) => [name.toLowerCase(), value])),
  body: Buffer.from(one.bodyBase64, 'base64'),
})
const all = recordedDeliveries()
const signed = all.filter((one) => one.headers.some(([name]) => name === 'X-WC-Webhook-Signature'))
const named = (file: string): RawWebhook => rawOf(all.find((one) => one.file === `webhook-${file}.json`)!)

describe('signatures', () => {
  it('are in eight recordings, the ping has none', () => {
    expect(signed).toHaveLength(all.length - 1)
    expect(verify(named('ping'), 'lab-webhook-secret-1')).toBe('ping')
  })
  it.each(signed)('of $file hold, and break with one byte', (one) => {
    const raw = rawOf(one)
    expect(verify(raw, one.secret)).toBe('ok')
    const changed = Buffer.from(raw.body)
    changed[changed.length - 2] = changed[changed.length - 2]! ^ 1
    expect(verify({ ...raw, body: changed }, one.secret)).toBe('bad_signature')
    expect(verify(raw, `${one.secret}x`)).toBe('bad_signature')
  })
  it('missing, doubled, cut or of other bytes are refused', () => {
    const raw = named('order-created')
    const sent = String(raw.headers['x-wc-webhook-signature'])
    const withSignature = (value: string | string[] | undefined) => ({
      ...raw,
      headers: { ...raw.headers, 'x-wc-webhook-signature': value },
    })
    expect(verify(withSignature(undefined), 'lab-webhook-secret-1')).toBe('unsigned')
    for (const bad of [
      [sent, sent],
      [sent],
      sent.slice(0, -1),
      `${sent}=`,
      'ü'.repeat(44),
      `é${sent.slice(1)}`,
    ]) {
      expect(verify(withSignature(bad), 'lab-webhook-secret-1')).toBe('bad_signature')
    }
    expect(verify({ ...raw, headers: {} }, '')).toBe('unsigned')
  })
  it('are made with the secret decoded from HTML, once', () => {
    const body = Buffer.from('{"id":1}')
    const sign = (key: string) => createHmac('sha256', key).update(body).digest('base64')
    const raw = (key: string): RawWebhook => ({
      method: 'POST',
      url: '',
      headers: { 'x-wc-webhook-signature': sign(key) },
      body,
    })
    expect(verify(raw('a&b<c>"\''), 'a&amp;b&lt;c&gt;&quot;&#039;')).toBe('ok')
    expect(verify(raw('&lt;'), '&amp;lt;')).toBe('ok')
  })
  it('are not needed only by a real ping', () => {
    const ping = named('ping')
    const other = (body: string, headers = ping.headers) =>
      verify({ ...ping, headers, body: Buffer.from(body) }, 's')
    expect(other('webhook_id=5&id=1')).toBe('unsigned')
    expect(other('webhook_id=5', { 'x-wc-webhook-topic': 'order.created' })).toBe('unsigned')
  })
})

describe('notices', () => {
  const read = (file: string) => notices(named(file))
  const of = (topic: string | string[], body: unknown) =>
    notices({
      method: 'POST',
      url: '',
      headers: { 'x-wc-webhook-topic': topic },
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    })

  it('tell of orders, also by id alone', () => {
    expect(read('order-updated').notices).toEqual([
      {
        topic: 'order.updated',
        entity: 'order',
        change: 'upserted',
        externalId: '41',
        occurredAt: expect.stringMatching(/Z$/) as string,
      },
    ])
    expect(read('order-deleted').notices).toEqual([
      { topic: 'order.deleted', entity: 'order', change: 'deleted', externalId: '42', occurredAt: null },
    ])
    expect(read('customer-created').notices).toMatchObject([{ entity: 'customer', externalId: '5' }])
  })
  it('tell a product’s stock too, and of a variation its parent', () => {
    expect(read('product-updated').notices).toMatchObject([
      { entity: 'product', externalId: '12' },
      { entity: 'stock', externalId: '12' },
    ])
    expect(read('product-updated-variation').notices).toMatchObject([
      { entity: 'product', externalId: '13', change: 'upserted' },
      { entity: 'stock', externalId: '14' },
    ])
    expect(of('product.updated', { id: 13, type: 'variable', manage_stock: true, variations: [14, 15] }).notices.map((one) => [one.entity, one.externalId])).toEqual([
      ['product', '13'], ['stock', '14'], ['stock', '15'],
    ]) // prettier-ignore
    expect(
      of('product.updated', { id: 13, type: 'variable', manage_stock: false, variations: [14] }).notices,
    ).toHaveLength(1)
  })
  it('leave records that are gone to the sweep', () => {
    expect(read('resource-gone')).toMatchObject({
      notices: [],
      problem: null,
      ignored: expect.stringContaining('sweep') as string,
    })
  })
  it('tell of lost rights and other errors as a problem', () => {
    expect(
      of('order.updated', { code: 'woocommerce_rest_cannot_view', message: 'Nee', data: { status: 401 } })
        .problem,
    ).toMatch(/lost rights/)
    expect(of('order.updated', { code: 'internal_server_error' }).problem).toMatch(/internal_server_error/)
  })
  it('ignore what they do not know and never throw', () => {
    for (const [topic, body] of [
      ['coupon.created', { id: 1 }], ['__proto__', { id: 1 }], [['order.created', 'order.updated'], { id: 1 }],
      ['order.created', 'not json'], ['order.created', []], ['order.created', { id: '1; drop' }], ['order.created', { id: -1 }],
    ] as const) {
      const told = of(topic as string, body)
      expect(told.notices).toEqual([])
      expect(told.ignored).not.toBeNull()
    } // prettier-ignore
    expect(notices(named('ping')).ignored).not.toBeNull()
  })
  it('read past what is hostile in a body', () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
    const body = `{"meta":${deep},"__proto__":{"id":7},"constructor":{"id":8},"total":${'9'.repeat(400)},"id":5}`
    expect(of('order.updated', body).notices).toMatchObject([{ externalId: '5' }])
    expect(of('order.updated', `{"id":${'9'.repeat(400)}}`).ignored).not.toBeNull()
    expect(of('order.updated', '['.repeat(4_000_000)).ignored).not.toBeNull()
  })
  it('cover eleven topics', () => {
    expect(Object.keys(topics)).toHaveLength(11)
    expect(topics['product.deleted']).toEqual({ entity: 'product', change: 'deleted' })
  })
})

describe('reachable addresses', () => {
  it.each([
    ['https://bridge.example.com/h/1', true], ['http://bridge.example.com:8080/h', true], ['http://bridge.example.com:80/h', true],
    ['https://bridge.example.com:8443/h', false], ['ftp://bridge.example.com/h', false], ['https://localhost/h', false],
    ['https://shop.local/h', false], ['https://bridge/h', false], ['http://127.0.0.1/h', false], ['http://2130706433/', false],
    ['http://10.1.2.3/', false], ['http://100.64.0.1/', false], ['http://172.31.255.255/', false], ['http://172.32.0.1/', true],
    ['http://192.168.1.1:8080/', false], ['http://169.254.169.254/', false], ['http://198.51.100.7/', false], ['http://[::1]/', false],
    ['http://[2a00::1]/', false], ['https://u:p@bridge.example.com/', false], ['http://8.8.8.8/', true],
  ])('%s: %s', (url, expected) => expect(reaches(new URL(url))).toBe(expected)) // prettier-ignore
})
