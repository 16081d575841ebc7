import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fillCatalogue, openLab, type Lab } from './lab.ts'
import type { Json } from './php.ts'

let lab: Lab
beforeEach(async () => {
  lab = await openLab()
  await fillCatalogue(lab)
})
afterEach(() => lab.close())

const send = async (
  method: string,
  path: string,
  body?: unknown,
  status = method === 'POST' ? 201 : 200,
): Promise<Json> => {
  const response = await lab.call(method, `/wp-json/wc/v3${path}`, body === undefined ? {} : { body })
  expect(response.status, JSON.stringify(response.body)).toBe(status)
  return response.body as Json
}

describe('SKU', () => {
  it('is unique over products and variations', async () => {
    const taken = await send('POST', '/products', { name: 'x', sku: 'BEAN-HOUSE-250-W' }, 400)
    expect(taken).toMatchObject({
      code: 'product_invalid_sku',
      data: { resource_id: 14, unique_sku: 'BEAN-HOUSE-250-W-1' },
    })
    expect(await send('PUT', '/products/16', { sku: 'MUG-1' }, 400)).toMatchObject({
      code: 'product_invalid_sku',
    })
    expect(await send('GET', '/products/16')).toMatchObject({ sku: 'PAPER-100' })
  })

  it('stays taken by a product in the trash, with no owner named, until it is gone for good', async () => {
    await send('DELETE', '/products/16')
    const held = await send('POST', '/products', { name: 'x', sku: 'PAPER-100' }, 400)
    expect(held).toMatchObject({ code: 'woocommerce_rest_product_not_created', data: { status: 400 } })
    expect(held['data']).not.toHaveProperty('resource_id')
    await send('DELETE', '/products/16?force=true')
    await send('POST', '/products', { name: 'x', sku: 'PAPER-100' })
  })

  it('goes to exactly one of parallel creates', async () => {
    const create = () => lab.call('POST', '/wp-json/wc/v3/products', { body: { name: 'x', sku: 'RACE' } })
    const answers = await Promise.all(Array.from({ length: 5 }, create))
    expect(answers.filter((one) => one.status === 201)).toHaveLength(1)
  })
})

describe('stock', () => {
  it('is set, or moved by inventory_delta, and ignored where it is not managed', async () => {
    expect(await send('PUT', '/products/12', { stock_quantity: 7 })).toMatchObject({ stock_quantity: 7 })
    expect(await send('PUT', '/products/12', { inventory_delta: -9 })).toMatchObject({
      stock_quantity: -2,
      stock_status: 'outofstock',
    })
    expect(await send('PUT', '/products/16', { stock_quantity: 5 })).toMatchObject({
      manage_stock: false,
      stock_quantity: null,
    })
    const body = await send('PUT', '/products/12', { stock_quantity: 1.5 }, 400)
    expect(body).toMatchObject({
      data: { params: { stock_quantity: 'stock_quantity is not of type integer.' } },
    })
  })

  it('of a variation may be the parent’s', async () => {
    await send('PUT', '/products/13', { manage_stock: true, stock_quantity: 31 })
    expect(await send('GET', '/products/13/variations/15')).toMatchObject({
      manage_stock: 'parent',
      stock_quantity: 31,
    })
    expect(await send('GET', '/products/13/variations/14')).toMatchObject({
      manage_stock: true,
      stock_quantity: 12,
    })
  })
})

describe('saving', () => {
  it('replaces lists, merges meta and leaves the rest', async () => {
    const change = { categories: [{ id: 17 }], meta_data: [{ key: 'bridge_public_note', value: 'new' }] }
    const product = await send('PUT', '/products/12', change)
    expect(product).toMatchObject({ categories: [{ id: 17 }], tags: [{ id: 18 }], regular_price: '18.50' })
    expect((product['meta_data'] as Json[]).map((one) => one['value'])).toEqual(['crm-1001', 'new'])
  })

  it('of a variation moves the parent’s date', async () => {
    const before = (await send('GET', '/products/13'))['date_modified_gmt']
    lab.sim.clock.advance(3000)
    await send('PUT', '/products/13/variations/14', { regular_price: '7.95' })
    const parent = await send('GET', '/products/13')
    expect(parent).toMatchObject({ price: '7.95' })
    expect(parent['date_modified_gmt']).not.toBe(before)
  })

  it('that is a variation without a SKU goes by its parent’s, on orders too', async () => {
    const parent = lab.sim.addProduct({ name: 'Cap', type: 'variable', sku: 'CAP', attributes: [{ name: 'Colour', options: ['Red'], variation: true }] }) // prettier-ignore
    const red = lab.sim.addVariation(parent['id'] as number, { regular_price: '9.00', attributes: [{ name: 'Colour', option: 'Red' }] }) // prettier-ignore
    const path = `/products/${String(parent['id'])}/variations/${String(red['id'])}`
    expect(await send('GET', path)).toMatchObject({ sku: 'CAP' })
    const order = lab.sim.placeOrder({ line_items: [{ product_id: parent['id'], variation_id: red['id'] }] })
    expect(order['line_items']).toMatchObject([{ sku: 'CAP', variation_id: red['id'] }])
  })

  it('keeps an image by id and makes a new one of a new src', async () => {
    const image = ((await send('GET', '/products/12'))['images'] as Json[])[0] as Json
    const kept = await send('PUT', '/products/12', { images: [{ id: image['id'] }] })
    expect(kept['images']).toMatchObject([{ id: image['id'] }])
    const other = await send('PUT', '/products/12', {
      images: [{ src: 'https://images.example.com/other.png' }],
    })
    expect((other['images'] as Json[])[0]?.['id']).not.toBe(image['id'])
  })

  it('of a sale with an end falls back when time passes', async () => {
    await send('PUT', '/products/12', { date_on_sale_to_gmt: '2026-11-21T21:00:00' })
    expect(await send('GET', '/products/12')).toMatchObject({ on_sale: true, price: '16.95' })
    lab.sim.clock.advance(3_600_000)
    expect(await send('GET', '/products/12')).toMatchObject({ on_sale: false, price: '18.50' })
  })
})

describe('customers', () => {
  it('have unique e-mail addresses and go only with force', async () => {
    const { id } = await send('POST', '/customers', { email: 'a.b@example.test' })
    const other = await send('POST', '/customers', { email: 'a.b@example.org' })
    expect(other['username']).toBe('a.b-1')
    const taken = await send('PUT', `/customers/${String(other['id'])}`, { email: 'A.B@example.test' }, 400)
    expect(taken).toMatchObject({ code: 'registration-error-email-exists' })
    await send('DELETE', `/customers/${String(id)}`, undefined, 501)
    await send('DELETE', `/customers/${String(id)}?force=true`)
    expect(await send('GET', `/customers/${String(id)}`, undefined, 404)).toMatchObject({
      code: 'wc_user_invalid_id',
    })
  })
})
