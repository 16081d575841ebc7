import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addMugs, catalogueFiles, differences, keptHeaders, openLab, type Lab } from './lab.ts'
import { exchanges, type Exchange } from './recordings.ts'
import { reserveIds } from './state.ts'

/** Moments, random tokens and ids of meta rows are the only values that may differ from the recording. */
const skip = /date_|order_key|payment_url|\.meta_data\[\]\.id$|related_ids|avatar_url/

const nameOf = ({ note, request }: Exchange): string => `${note ?? ''} ${request.method} ${request.path}`

async function expectAsRecorded(lab: Lab, exchange: Exchange, ignore = skip): Promise<void> {
  const { response: recorded } = exchange
  if (exchange.request.method !== 'GET') lab.sim.clock.advance(1000)
  const response = await lab.replay(exchange)
  expect(response.status, nameOf(exchange)).toBe(recorded.status)
  expect(differences(response.body, recorded.body, ignore), nameOf(exchange)).toEqual([])
  expect(keptHeaders(response, recorded), nameOf(exchange)).toEqual(recorded.headers)
}

const errorCase = (note: string): Exchange => {
  const found = exchanges('errors.json').find((one) => one.note === note)
  if (!found) throw new Error(`errors.json has no case "${note}"`)
  return found
}

/** In the order they were recorded, so that every id comes out the same. */
const files = [
  ...catalogueFiles,
  'coupons.json',
  'customers.json',
  'order-full.json',
  'order-guest.json',
  'order-updates.json',
  'order-notes.json',
  'order-refunds.json',
  'orders-batch.json',
]

describe('the recorded calls, replayed from an empty shop, answer with the recorded values', () => {
  let lab: Lab
  beforeAll(async () => void (lab = await openLab()))
  afterAll(() => lab.close())

  it.each(files)('%s', async (file) => {
    if (file === 'coupons.json') addMugs(lab)
    for (const exchange of exchanges(file)) await expectAsRecorded(lab, exchange)
  })

  it('makes what errors.json accepts: a GTIN cut to its digits, an empty line for an unknown product', async () => {
    reserveIds(lab.sim.shop, 'post', 35)
    for (const note of ['Malformed global_unique_id', 'Order line with an unknown product']) {
      const exchange = errorCase(note)
      // The item and meta ids of the lab had moved on by then.
      await expectAsRecorded(
        lab,
        exchange,
        /date_|order_key|payment_url|related_ids|(line_items|tax_lines)\[\]\.id/,
      )
    }
  })

  it.each(['order-statuses.json', 'pagination.json', 'list-filters.json'])('%s', async (file) => {
    // The lab had made one more payment by then, whose ids show in the lines of the incremental pull.
    const ignore = new RegExp(`${skip.source}|_lines\\[\\]\\.id|line_items\\[\\]\\.id`)
    for (const exchange of exchanges(file)) await expectAsRecorded(lab, exchange, ignore)
  })

  it.each([
    'data.json',
    'payment-gateways.json',
    'settings.json',
    'shipping-methods.json',
    'shipping-zones.json',
    'system-status.json',
    'taxes.json',
  ])('%s, what it reads', async (file) => {
    // Lists that were cut for the recording are not compared as a whole.
    const cut = /163 entries|cut to/
    for (const exchange of exchanges(file)) {
      const { request, note } = exchange
      if (request.method === 'GET' && !cut.test(note ?? '')) await expectAsRecorded(lab, exchange)
    }
  })

  it('shows the site index without a key, and the routes of wc/v3 with their methods', async () => {
    const [site, routes] = exchanges('index.json') as [Exchange, Exchange]
    const index = await lab.call('GET', '/wp-json/', { key: null })
    expect(differences(index.body, site.response.body, /^$/)).toEqual([])
    expect(index.headers['link']).toBe(site.response.headers['link'])
    const shown = (await lab.call('GET', '/wp-json/wc/v3', { key: null })).body as {
      routes: Record<string, { methods: string[] }>
    }
    const recorded = (routes.response.body as { routes: Record<string, string[]> }).routes
    expect(
      Object.fromEntries(Object.entries(shown.routes).map(([path, { methods }]) => [path, methods])),
    ).toEqual(recorded)
  })
})

describe('a checkout order', () => {
  it('has the fields of the recorded one in the same order', async () => {
    const lab = await openLab({ orderCount: 40 })
    const [exchange] = exchanges('order-checkout.json') as [Exchange]
    const recorded = exchange.response.body as Record<string, unknown[]>
    const orders = (await lab.call('GET', '/wp-json/wc/v3/orders', { query: { per_page: '40' } }))
      .body as (typeof recorded)[]
    for (const order of orders) expect(Object.keys(order)).toEqual(Object.keys(recorded))
    for (const list of ['shipping_lines', 'tax_lines', 'coupon_lines'] as const) {
      const generated = orders.flatMap((order) => order[list] ?? [])
      expect(generated.length, list).toBeGreaterThan(0)
      expect(Object.keys(generated[0] as object)).toEqual(Object.keys(recorded[list]?.[0] as object))
    }
    await lab.close()
  })
})
