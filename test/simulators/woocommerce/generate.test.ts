import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startWooCommerce } from './index.ts'
import { basic } from './lab.ts'
import { decimal, type Json } from './php.ts'
import { exchanges } from './recordings.ts'

const until = Date.parse('2026-11-21T12:00:00Z')
const open = (orderCount: number, seed = 7) =>
  startWooCommerce({ orderCount, seed, generateUntil: until, record: false })
const cents = (amount: unknown): number => Math.round(Number(amount) * 100)
const sum = (rows: Json[], ...names: string[]): number =>
  rows.reduce((all, row) => all + names.reduce((part, name) => part + cents(row[name]), 0), 0)

describe('a generated shop', () => {
  it('is the same for the same seed and another for another', async () => {
    const [one, same, other] = await Promise.all([open(50), open(50), open(50, 8)])
    const shown = (orders: Json[], url: string) => JSON.stringify(orders).replaceAll(url, '')
    expect(shown(one.orders(), one.url)).toBe(shown(same.orders(), same.url))
    expect(shown(other.orders(), other.url)).not.toBe(shown(one.orders(), one.url))
    await Promise.all([one.close(), same.close(), other.close()])
  })

  it('has the mix it promises', async () => {
    const sim = await open(2000)
    const orders = sim.orders()
    const lines = orders.reduce((all, one) => all + (one['line_items'] as Json[]).length, 0)
    expect(lines / 2000).toBeGreaterThan(2.4)
    expect(lines / 2000).toBeLessThan(2.6)
    const contacts = orders.map((one) => one['billing'] as Json)
    expect(new Set(contacts.map((one) => one['email'])).size).toBe(2000)
    const companies = contacts.filter((one) => one['company'] !== '').length / 2000
    expect(companies).toBeGreaterThan(0.26)
    expect(companies).toBeLessThan(0.34)
    expect(new Set(orders.map((one) => one['status'])).size).toBe(7)
    const parts = ['shipping_lines', 'fee_lines', 'coupon_lines', 'refunds'] as const
    for (const part of parts)
      expect(
        orders.some((one) => (one[part] as Json[]).length > 0),
        part,
      ).toBe(true)
    const rates = orders.flatMap((one) => (one['tax_lines'] as Json[]).map((line) => line['rate_id']))
    expect(new Set(rates)).toEqual(new Set([1, 2, 4]))
    expect(sim.products().filter((one) => one['type'] !== 'variation')).toHaveLength(60)
    await sim.close()
  })

  it('adds up: every total is the sum of its parts, tax lines hold all tax', async () => {
    const sim = await open(1000)
    for (const order of sim.orders()) {
      const [lines, fees, shipping, taxes] = ['line_items', 'fee_lines', 'shipping_lines', 'tax_lines'].map(
        (name) => order[name] as Json[],
      ) as [Json[], Json[], Json[], Json[]]
      const parts = sum(lines, 'total') + sum(fees, 'total') + sum(shipping, 'total')
      const tax = sum(taxes, 'tax_total', 'shipping_tax_total')
      expect(cents(order['total'])).toBe(parts + tax)
      expect(cents(order['total_tax'])).toBe(tax)
      expect(sum(lines, 'total_tax') + sum(fees, 'total_tax')).toBe(cents(order['cart_tax']))
      expect(sum(lines, 'subtotal') - sum(lines, 'total')).toBe(cents(order['discount_total']))
      const refunded = (order['refunds'] as Json[]).reduce((all, one) => all - Number(one['total']), 0)
      expect(refunded).toBeLessThanOrEqual(Number(order['total']))
      if (order['status'] === 'refunded') expect(decimal(refunded)).toBe(order['total'])
    }
    await sim.close()
  })

  it('has no order whose ids meet those of another', async () => {
    const sim = await open(300)
    const orders = sim.orders()
    const items = orders.flatMap((one) =>
      ['line_items', 'tax_lines', 'shipping_lines', 'fee_lines', 'coupon_lines'].flatMap(
        (name) => one[name] as Json[],
      ),
    )
    expect(new Set(items.map((one) => one['id'])).size).toBe(items.length)
    const placed = sim.placeOrder({ line_items: [{ sku: 'SKU-002' }] })
    expect(orders.some((one) => one['id'] === placed['id'])).toBe(false)
    await sim.close()
  })

  it('keeps generated orders as they were when a price changes', async () => {
    const sim = await open(20)
    const before = JSON.stringify(sim.orders())
    for (const product of sim.products())
      sim.updateProduct(product['id'] as number, { regular_price: '1.00' })
    expect(JSON.stringify(sim.orders())).toBe(before)
    await sim.close()
  })

  it('shows refunds of generated orders in all three places', async () => {
    const sim = await open(300)
    const headers = { authorization: basic(sim.keys[0]!) }
    const get = async (path: string) =>
      (await (await fetch(`${sim.url}/wp-json/wc/v3${path}`, { headers })).json()) as Json[]
    const all = await get('/refunds?per_page=100')
    const withLines = all.find((one) => (one['line_items'] as Json[]).length > 0) as Json
    const recorded = (exchanges('order-refunds.json')[1]?.response.body ?? {}) as Json
    const [own] = (await get(`/orders/${String(withLines['parent_id'])}/refunds`)) as [Json]
    expect(Object.keys(own)).toEqual(Object.keys(recorded))
    expect(Object.keys((own['line_items'] as Json[])[0]!).sort()).toEqual(
      expect.arrayContaining(['id', 'price', 'product_id', 'quantity', 'taxes', 'total', 'total_tax']),
    )
    const order = sim.orders().find((one) => one['id'] === withLines['parent_id'])
    expect(order?.['refunds']).toMatchObject([{ id: own['id'], total: `-${String(own['amount'])}` }])
    await sim.close()
  })
})

describe('run.ts', () => {
  it('starts a shop as a process of its own, steered over /__sim/, and stops on SIGTERM', async () => {
    const script = fileURLToPath(new URL('run.ts', import.meta.url))
    const child = spawn(process.execPath, [script, '--orders', '30', '--seed', '7', '--no-record'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const line = await new Promise<string>((done) => createInterface(child.stdout).once('line', done))
    const { url, keys } = JSON.parse(line) as { url: string; keys: { key: string; secret: string }[] }
    const control = async (verb: string, input: unknown) => {
      const response = await fetch(`${url}/__sim/${verb}`, { method: 'POST', body: JSON.stringify(input) })
      return (await response.json()) as Json & Json[]
    }
    const placed = await control('placeOrder', { line_items: [{ sku: 'SKU-002' }] })
    expect(await control('updateOrder', { id: placed['id'], status: 'completed' })).toMatchObject({
      status: 'completed',
    })
    expect(await control('refund', { id: placed['id'], amount: '1.00' })).toMatchObject({ amount: '1.00' })
    expect(await control('orders', {})).toHaveLength(31)
    const response = await fetch(`${url}/wp-json/wc/v3/orders`, {
      headers: { authorization: basic(keys[0]!) },
    })
    expect(response.headers.get('x-wp-total')).toBe('31')
    expect(await control('calls', {})).toEqual([])
    const ended = new Promise<number | null>((done) => child.once('exit', done))
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })
})
