import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fillCatalogue, openLab, replayWrites, type Lab } from './lab.ts'
import type { Json } from './php.ts'

let lab: Lab
beforeEach(async () => {
  lab = await openLab()
  await fillCatalogue(lab)
  await replayWrites(lab, ['coupons.json', 'customers.json'])
})
afterEach(() => lab.close())

const api = '/wp-json/wc/v3'
const send = async (
  method: string,
  path: string,
  body?: unknown,
  status = method === 'POST' ? 201 : 200,
): Promise<Json> => {
  const response = await lab.call(method, api + path, body === undefined ? {} : { body })
  expect(response.status, JSON.stringify(response.body)).toBe(status)
  return response.body as Json
}
const create = (body: Json = {}) => send('POST', '/orders', body)
const beans = { line_items: [{ product_id: 12, quantity: 2 }] }
const stock = async (id = 12): Promise<unknown> => (await send('GET', `/products/${id}`))['stock_quantity']

describe('creating', () => {
  it('takes a line by SKU, and an empty body', async () => {
    const order = await create({ line_items: [{ sku: 'BEAN-HOUSE-250-W', quantity: 2 }] })
    expect(order['line_items']).toMatchObject([
      { product_id: 13, variation_id: 14, quantity: 2, parent_name: 'House blend' },
    ])
    expect(await create()).toMatchObject({ status: 'pending', total: '0.00', line_items: [] })
  })

  it('ignores what a client may not set', async () => {
    const sent = {
      number: 'X1',
      order_key: 'k',
      date_created: '2020-01-01T00:00:00',
      date_paid: '2020-01-01T00:00:00',
    }
    const order = await create({ ...sent, ...beans })
    expect(order).toMatchObject({ number: String(order['id']), date_paid: null })
    expect(order['order_key']).not.toBe('k')
    expect(String(order['date_created'])).toMatch(/^2026-/)
  })

  it('keeps posted line amounts and computes tax itself', async () => {
    const line = {
      product_id: 12,
      quantity: 1,
      subtotal: '10.004',
      total: '10.004',
      taxes: [{ id: 1, total: '99' }],
    }
    const order = await create({ line_items: [line] })
    expect(order).toMatchObject({
      total: '10.90',
      total_tax: '0.90',
      line_items: [{ total: '10.00', total_tax: '0.90' }],
    })
  })

  it('takes the base tax off for a country without a rate', async () => {
    await send('POST', '/products', { name: 'Seven', sku: 'SEVEN', regular_price: '7.00' })
    const order = await create({ billing: { country: 'US' }, line_items: [{ sku: 'SEVEN' }] })
    expect(order).toMatchObject({ total: '5.79', total_tax: '0.00', tax_lines: [] })
  })

  it('refuses unknown customers and coupons', async () => {
    expect(await send('POST', '/orders', { customer_id: 4242 }, 400)).toMatchObject({
      code: 'woocommerce_rest_invalid_customer_id',
    })
    const coupon = { ...beans, coupon_lines: [{ code: 'nope' }] }
    expect(await send('POST', '/orders', coupon, 400)).toMatchObject({
      code: 'woocommerce_rest_invalid_coupon',
    })
    expect(lab.sim.orders()).toEqual([])
  })

  it('reduces stock once, and may oversell', async () => {
    const before = Number(await stock())
    const order = await create({ line_items: [{ product_id: 12, quantity: before + 5 }], status: 'on-hold' })
    await send('PUT', `/orders/${String(order['id'])}`, { status: 'processing' })
    expect(await stock()).toBe(-5)
    await send('PUT', `/orders/${String(order['id'])}`, { status: 'cancelled' })
    expect(await stock()).toBe(before)
  })

  it('moves the date of a product whose stock it takes', async () => {
    const before = (await send('GET', '/products/12'))['date_modified_gmt']
    lab.sim.clock.advance(60_000)
    await create({ ...beans, status: 'processing' })
    expect((await send('GET', '/products/12'))['date_modified_gmt']).not.toBe(before)
  })

  it('completes at once what is virtual and downloadable', async () => {
    const file = { name: 'File', sku: 'FILE', regular_price: '5.00', virtual: true, downloadable: true }
    await send('POST', '/products', file)
    const order = await create({ line_items: [{ sku: 'FILE' }], set_paid: true, payment_method: 'bacs' })
    expect(order).toMatchObject({ status: 'completed', needs_processing: false })
  })
})

describe('updating', () => {
  it('moves the date even for an empty post, and not for a note', async () => {
    const order = await create(beans)
    const path = `/orders/${String(order['id'])}`
    lab.sim.clock.advance(5000)
    await send('POST', `${path}/notes`, { note: 'hello' })
    expect((await send('GET', path))['date_modified_gmt']).toBe(order['date_modified_gmt'])
    expect((await send('PUT', path, {}))['date_modified_gmt']).not.toBe(order['date_modified_gmt'])
  })

  it('matches lines by id, adds those without and refuses foreign ids', async () => {
    const order = await create(beans)
    const path = `/orders/${String(order['id'])}`
    const [line] = order['line_items'] as [Json]
    const changed = await send('PUT', path, {
      line_items: [{ id: line['id'], quantity: 5, total: '50.00' }, { sku: 'MUG-1' }],
    })
    expect(changed['line_items']).toMatchObject([
      { id: line['id'], quantity: 5, total: '50.00' },
      { sku: 'MUG-1', quantity: 1 },
    ])
    const foreign = { line_items: [{ id: 99999, quantity: 1 }] }
    expect(await send('PUT', path, foreign, 400)).toMatchObject({ code: 'woocommerce_rest_invalid_item_id' })
  })

  it('merges meta by key, keeps objects, deletes with null', async () => {
    const order = await create({
      meta_data: [
        { key: 'a', value: 1 },
        { key: 'b', value: { deep: true } },
      ],
    })
    const path = `/orders/${String(order['id'])}`
    const change = {
      meta_data: [
        { key: 'a', value: null },
        { key: 'b', value: { deep: false } },
        { key: 'c', value: 'x' },
      ],
    }
    const meta = (await send('PUT', path, change))['meta_data'] as Json[]
    expect(meta.map(({ key, value }) => [key, value])).toEqual([
      ['b', { deep: false }],
      ['c', 'x'],
    ])
    expect(meta[0]?.['id']).toBe((order['meta_data'] as Json[])[1]?.['id'])
  })

  it('leaves an order alone when it refuses', async () => {
    const order = await create(beans)
    const path = `/orders/${String(order['id'])}`
    await send('PUT', path, { customer_note: 'x', line_items: [{ id: 99999 }] }, 400)
    expect(await send('GET', path)).toEqual(order)
  })

  it('works by X-HTTP-Method-Override', async () => {
    const order = await create(beans)
    const response = await lab.call('POST', `${api}/orders/${String(order['id'])}`, {
      body: { customer_note: 'n' },
      headers: { 'x-http-method-override': 'PUT' },
    })
    expect(response).toMatchObject({ status: 200, body: { customer_note: 'n' } })
  })

  it('ignores a body that is not sent as JSON', async () => {
    const headers = { 'content-type': 'text/plain' }
    const response = await lab.call('POST', `${api}/products`, { rawBody: '{"name":"Hidden"}', headers })
    expect(response).toMatchObject({ status: 201, body: { name: 'Product' } })
  })
})

describe('deleting', () => {
  it('trashes with the old status in the answer, restores by status, deletes with force', async () => {
    const order = await create({ ...beans, status: 'processing' })
    const path = `/orders/${String(order['id'])}`
    expect(await send('DELETE', path)).toMatchObject({ status: 'processing' })
    expect(await send('GET', path)).toMatchObject({ status: 'trash' })
    expect(await send('DELETE', path, undefined, 410)).toMatchObject({
      code: 'woocommerce_rest_already_trashed',
    })
    expect(await send('PUT', path, { status: 'completed' })).toMatchObject({ status: 'completed' })
    await send('DELETE', `${path}?force=true`)
    expect(await send('GET', path, undefined, 404)).toMatchObject({
      code: 'woocommerce_rest_shop_order_invalid_id',
    })
  })

  it('of a batch is for good', async () => {
    const order = await create(beans)
    await send('POST', '/orders/batch', { delete: [order['id']] }, 200)
    await send('GET', `/orders/${String(order['id'])}`, undefined, 404)
  })
})

describe('refunds', () => {
  it('leave the status until nothing remains, and move the date', async () => {
    const order = await create({ ...beans, status: 'completed' })
    const path = `/orders/${String(order['id'])}`
    lab.sim.clock.advance(2000)
    await send('POST', `${path}/refunds`, { amount: '10.00', api_refund: false })
    const partly = await send('GET', path)
    expect(partly).toMatchObject({
      status: 'completed',
      total: order['total'],
      refunds: [{ total: '-10.00' }],
    })
    expect(partly['date_modified_gmt']).not.toBe(order['date_modified_gmt'])
    await send('POST', `${path}/refunds`, { amount: '23.90', api_refund: false })
    expect(await send('GET', path)).toMatchObject({ status: 'refunded', total: order['total'] })
    const more = await send('POST', `${path}/refunds`, { amount: '0.01', api_refund: false }, 500)
    expect(more).toEqual({
      code: 'woocommerce_rest_cannot_create_order_refund',
      message: 'Invalid refund amount.',
      data: 500,
    })
  })

  it('go through the gateway unless told not to', async () => {
    const order = await create({ ...beans, status: 'completed', payment_method: 'bacs' })
    const body = await send('POST', `/orders/${String(order['id'])}/refunds`, { amount: '1.00' }, 500)
    expect(body).toMatchObject({
      message: 'The payment gateway for this order does not support automatic refunds.',
    })
    expect((await send('GET', `/orders/${String(order['id'])}`))['refunds']).toEqual([])
  })

  it('put stock back unless told not to', async () => {
    const before = Number(await stock())
    const order = await create({ ...beans, status: 'completed' })
    const [line] = order['line_items'] as [Json]
    const one = {
      id: line['id'],
      quantity: 1,
      refund_total: '15.55',
      refund_tax: [{ id: 2, refund_total: '1.40' }],
    }
    const path = `/orders/${String(order['id'])}/refunds`
    await send('POST', path, { line_items: [one], api_refund: false, api_restock: false })
    expect(await stock()).toBe(before - 2)
    await send('POST', path, { line_items: [one], api_refund: false })
    expect(await stock()).toBe(before - 1)
  })

  it('can be taken back, which does not move the order’s date', async () => {
    const order = await create({ ...beans, status: 'completed' })
    const path = `/orders/${String(order['id'])}`
    const refund = await send('POST', `${path}/refunds`, { amount: '1.00', api_refund: false })
    const before = (await send('GET', path))['date_modified_gmt']
    lab.sim.clock.advance(5000)
    await send('DELETE', `${path}/refunds/${String(refund['id'])}?force=true`)
    expect(await send('GET', path)).toMatchObject({ refunds: [], date_modified_gmt: before })
  })
})
