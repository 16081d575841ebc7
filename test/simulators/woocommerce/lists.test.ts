import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { manualClock } from '../clock.ts'
import { openLab, type Lab } from './lab.ts'
import type { Json } from './php.ts'

const newest = Date.parse('2026-11-21T12:00:00Z')
let lab: Lab
beforeAll(async () => void (lab = await openLab({ orderCount: 250, clock: manualClock(newest) })))
afterAll(() => lab.close())

const list = async (path: string, query: Record<string, string> = {}): Promise<Json[]> => {
  const response = await lab.call('GET', `/wp-json/wc/v3/${path}`, { query })
  expect(response.status, JSON.stringify(response.body)).toBe(200)
  return response.body as Json[]
}
const refused = async (path: string, query: Record<string, string>): Promise<Json> => {
  const response = await lab.call('GET', `/wp-json/wc/v3/${path}`, { query })
  expect(response.status).toBe(400)
  return response.body as Json
}
const ids = (rows: Json[]): number[] => rows.map((one) => one['id'] as number)

describe('pages', () => {
  it('walk through every order once, by id or by date of change', async () => {
    for (const orderby of ['id', 'modified', 'date']) {
      for (const order of ['asc', 'desc']) {
        const seen: number[] = []
        for (const page of ['1', '2', '3'])
          seen.push(...ids(await list('orders', { per_page: '100', page, orderby, order })))
        expect(new Set(seen).size, `${orderby} ${order}`).toBe(250)
      }
    }
    const rising = await list('orders', { per_page: '100', orderby: 'modified', order: 'asc' })
    const moments = rising.map((one) => String(one['date_modified_gmt']))
    expect(moments).toEqual([...moments].sort())
  })

  it('take an offset, which wins over the page', async () => {
    const whole = ids(await list('orders', { per_page: '20', orderby: 'id', order: 'asc' }))
    const part = await list('orders', { per_page: '5', offset: '7', page: '3', orderby: 'id', order: 'asc' })
    expect(ids(part)).toEqual(whole.slice(7, 12))
  })

  it('answer HEAD with totals and no body', async () => {
    const response = await lab.call('HEAD', '/wp-json/wc/v3/orders', { query: { per_page: '100' } })
    expect(response.status).toBe(200)
    expect(response.headers).toMatchObject({ 'x-wp-total': '250', 'x-wp-totalpages': '3' })
    expect(response.body).toBe('')
  })

  it('keep the total past the end', async () => {
    const response = await lab.call('GET', '/wp-json/wc/v3/products', { query: { page: '99' } })
    expect(response.body).toEqual([])
    expect(Number(response.headers['x-wp-total'])).toBe(60)
  })

  it('refuse what is out of bounds', async () => {
    const cases: [Record<string, string>, string][] = [
      [{ per_page: '0' }, 'per_page must be between 1 (inclusive) and 100 (inclusive)'],
      [{ page: '0' }, 'page must be greater than or equal to 1'],
      [{ page: 'x' }, 'page is not of type integer.'],
      [{ orderby: 'colour' }, 'orderby is not one of date, id, include, title, slug, and modified.'],
      [{ order: 'up' }, 'order is not one of asc, and desc.'],
      [{ include: '1,a' }, 'include[1] is not of type integer.'],
    ]
    for (const [query, message] of cases) {
      const body = await refused('orders', query)
      const [name = ''] = Object.keys(query)
      expect(body).toMatchObject({ code: 'rest_invalid_param', data: { params: { [name]: message } } })
    }
  })
})

describe('date filters', () => {
  const at = async (query: Record<string, string>): Promise<number> =>
    Number((await lab.call('HEAD', '/wp-json/wc/v3/orders', { query })).headers['x-wp-total'])

  it('read a bare time as site local, one with Z or an offset as it is', async () => {
    const [middle] = (await list('orders', {
      per_page: '1',
      offset: '120',
      orderby: 'modified',
      order: 'asc',
    })) as [Json]
    const gmt = String(middle['date_modified_gmt'])
    const local = String(middle['date_modified'])
    expect(gmt).not.toBe(local)
    const after = await at({ modified_after: `${gmt}Z` })
    expect(after).toBe(129)
    expect(await at({ modified_after: gmt, dates_are_gmt: 'true' })).toBe(after)
    expect(await at({ modified_after: local })).toBe(after)
    expect(await at({ modified_after: `${local}+01:00` })).toBe(after)
    expect(await at({ modified_after: `${gmt}Z`, dates_are_gmt: 'true' })).toBe(after)
    expect(await at({ modified_before: `${gmt}Z` })).toBe(120)
  })

  it('are strict, on whole seconds, and hold for creation as well', async () => {
    const [one] = (await list('orders', { per_page: '1', offset: '50', orderby: 'date', order: 'asc' })) as [
      Json,
    ]
    const gmt = `${String(one['date_created_gmt'])}Z`
    expect((await at({ after: gmt })) + (await at({ before: gmt }))).toBe(249)
    expect(await at({ after: gmt, before: gmt })).toBe(0)
    expect(await at({ after: gmt.replace('Z', '.900Z') })).toBe(await at({ after: gmt }))
  })

  it('are ignored by customers', async () => {
    const all = await list('customers', { per_page: '100' })
    const query = { per_page: '100', modified_after: '2030-01-01T00:00:00Z' }
    expect(ids(await list('customers', query))).toEqual(ids(all))
  })

  it('work on products, variations and refunds', async () => {
    const query = { modified_after: '2026-11-21T11:59:59Z', dates_are_gmt: 'true' }
    expect(await list('products', query)).toEqual([])
    const [variation] = (await list('variations', { per_page: '1' })) as [Json]
    lab.sim.updateProduct(variation['id'] as number, { regular_price: '1.00' })
    expect(ids(await list('variations', query))).toEqual([variation['id']])
    const refunds = await list('refunds', { per_page: '100', after: '2020-01-01T00:00:00Z' })
    expect(refunds.length).toBeGreaterThan(0)
    expect(await list('refunds', { after: '2030-01-01T00:00:00Z' })).toEqual([])
  })
})

describe('other filters', () => {
  it('take statuses as a list or a comma list; any leaves trash out', async () => {
    const states = async (query: Record<string, string>) =>
      new Set((await list('orders', { per_page: '100', ...query })).map((one) => one['status']))
    expect(await states({ status: 'pending,failed' })).toEqual(new Set(['pending', 'failed']))
    const indexed = await lab.call(
      'GET',
      '/wp-json/wc/v3/orders?status[0]=pending&status[1]=failed&per_page=100',
    )
    const rows = indexed.body as Json[]
    expect(new Set(rows.map((one) => one['status']))).toEqual(new Set(['pending', 'failed']))
    const [first] = (await list('orders', { per_page: '1' })) as [Json]
    lab.sim.trashOrder(first['id'] as number)
    expect(ids(await list('orders', { status: 'trash' }))).toEqual([first['id']])
    expect(ids(await list('orders', { status: 'any' }))).not.toContain(first['id'])
    expect((await lab.call('GET', `/wp-json/wc/v3/orders/${String(first['id'])}`)).body).toMatchObject({
      status: 'trash',
    })
    lab.sim.updateOrder(first['id'] as number, { status: String(first['status']) })
  })

  it('find orders by customer, product, search, include and exclude', async () => {
    const [customer] = (await list('customers', { per_page: '1' })) as [Json]
    const [order] = (await list('orders', { customer: String(customer['id']) })) as [Json]
    expect(order).toMatchObject({ customer_id: customer['id'], billing: { email: customer['email'] } })
    expect(ids(await list('orders', { search: String(customer['email']) }))).toEqual([order['id']])
    const [line] = order['line_items'] as [Json]
    expect(ids(await list('orders', { product: String(line['product_id']), per_page: '100' }))).toContain(
      order['id'],
    )
    const id = String(order['id'])
    expect(ids(await list('orders', { include: id, exclude: id }))).toEqual([])
  })

  it('cut an answer to _fields, nested ones too', async () => {
    const [order] = await list('orders', { _fields: 'id,billing.email', per_page: '1' })
    expect(order).toEqual({ id: expect.any(Number), billing: { email: expect.any(String) } })
  })

  it('give more decimals with dp', async () => {
    const [order] = (await list('orders', { dp: '4', per_page: '1' })) as [Json]
    expect(order['total']).toMatch(/^\d+\.\d{4}$/)
  })

  it.each([
    [0, /^\d+$/],
    [3, /^\d+\.\d{3}$/],
  ])('round and show amounts to the %i decimals the shop is set to', async (decimals, shape) => {
    const before = lab.sim.shop.decimals
    lab.sim.shop.decimals = decimals
    const product = lab.sim.addProduct({ name: 'Odd', regular_price: '12.3456' })
    const { id } = lab.sim.placeOrder({
      line_items: [{ product_id: product['id'], quantity: 3 }],
      shipping_lines: [{ method_id: 'flat_rate', method_title: 'Post', total: '4.5678' }],
    })
    const [order] = (await list('orders', { include: String(id) })) as [Json]
    lab.sim.shop.decimals = before
    const [line] = order['line_items'] as [Json]
    const amounts = [
      order['total'],
      order['total_tax'],
      order['shipping_total'],
      line['total'],
      line['total_tax'],
    ]
    for (const amount of amounts) expect(amount).toMatch(shape)
    const parts = [line['total'], order['shipping_total'], order['total_tax']].map(Number)
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(Number(order['total']), 6)
  })

  it('find products by SKU, variations included, by GTIN and by status', async () => {
    const [variation] = (await list('variations', { per_page: '1' })) as [Json]
    const found = await list('products', { sku: `${String(variation['sku'])},SKU-002` })
    expect(found.map((one) => one['type']).sort()).toEqual(['simple', 'variation'])
    const simple = found.find((one) => one['type'] === 'simple')
    expect(ids(await list('products', { global_unique_id: String(simple?.['global_unique_id']) }))).toEqual([
      simple?.['id'],
    ])
    lab.sim.trashProduct(simple?.['id'] as number)
    expect(ids(await list('products', { sku: 'SKU-002' }))).toEqual([])
    expect(ids(await list('products', { sku: 'SKU-002', include_status: 'trash,publish' }))).toEqual([
      simple?.['id'],
    ])
  })
})
