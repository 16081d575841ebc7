import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findOrder } from '../../simulators/woocommerce/orders.ts'
import { disagreements } from '../checker.ts'
import { buy, flowView, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { goLive } from '../shop-to-crm.ts'

let scene: Scene
let flow: FlowView

beforeAll(async () => {
  scene = await openScene()
  flow = await orderFlow(scene, { shippingAs: 'line', feesAs: 'line', roundingLine: true })
})
afterAll(() => scene.close())

const orderOf = (id: number): Record<string, unknown> =>
  scene.world.shop.orders().find((order) => order['id'] === id) ?? {}

/** Decimal text as a whole number of billionths, whose sums are exact; throws for anything but plain decimal text. */
function exact(amount: unknown): bigint {
  const found = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(String(amount))
  if (!found) throw new Error(`${String(amount)} is no plain decimal text`)
  const [, sign, whole = '', rest = ''] = found
  return BigInt(`${sign}${whole}${rest.padEnd(9, '0')}`)
}
const sum = (amounts: readonly unknown[]): bigint =>
  amounts.reduce<bigint>((all, one) => all + exact(one), 0n)

/** What does not add up in HubSpot: the document's own parts to its total, and its lines to it. Exact, not to a cent. */
function sums(id: number) {
  const of = flow.document(id)?.properties ?? {}
  const parts = ['subtotal', 'shipping', 'fees', 'tax', 'rounding'].map(
    (name) => of[`crosswalk_${name}`] ?? '0',
  )
  const lines = flow.linked(id, 'line_items').map((line) => line.properties['crosswalk_gross'])
  return {
    shop: exact(orderOf(id)['total']),
    told: exact(of['crosswalk_total']),
    parts: sum(parts) - exact(of['crosswalk_discount'] ?? '0'),
    lines: sum(lines),
  }
}
function expectExact(id: number): void {
  const { shop, ...others } = sums(id)
  expect(shop).toBeGreaterThan(0n)
  expect(others).toEqual({ told: shop, parts: shop, lines: shop })
}

describe('K2 totals are exact', () => {
  /** A shop set to a currency and so many decimals, while `trade` sells there. */
  async function inShop(currency: string, decimals: number, trade: () => number): Promise<number> {
    const { shop } = scene.world.shop
    const before = { currency: shop.currency, decimals: shop.decimals }
    Object.assign(shop, { currency, decimals })
    try {
      const id = trade()
      await flow.synced(id)
      expect(flow.document(id)?.properties['hs_currency_code']).toBe(currency)
      expectExact(id)
      return id
    } finally {
      Object.assign(shop, before)
    }
  }
  const sell = (price: string, quantity: number, more: Record<string, unknown> = {}): number => {
    const sku = `PRICE-${price}-${quantity}`
    const product = scene.world.shop.addProduct({ name: sku, sku, regular_price: price })
    return buy(scene, 'anna@example.com', {
      line_items: [
        { product_id: product['id'], quantity },
        { product_id: product['id'], quantity: 1 },
      ],
      shipping_lines: [{ method_id: 'flat_rate', method_title: 'Post', total: price }],
      ...more,
    })
  }

  it('K2 an order in yen, which has no decimals', async () => {
    const id = await inShop('JPY', 0, () => sell('1234', 3))
    expect(String(orderOf(id)['total'])).toMatch(/^\d+(\.0+)?$/)
    for (const line of flow.linked(id, 'line_items')) {
      expect(line.properties['crosswalk_gross']).toMatch(/^\d+$/)
    }
  })

  it('K2 an order in Kuwaiti dinar, which has three', async () => {
    const id = await inShop('KWD', 3, () => sell('1.375', 7))
    // Not a hundredth: the third decimal is there.
    expect(exact(flow.document(id)?.properties['crosswalk_total']) % 10_000_000n).not.toBe(0n)
  })

  it('K2 an order of a shop that counts with four decimals', async () => {
    const id = await inShop('EUR', 4, () => sell('0.1237', 7))
    expect(exact(flow.document(id)?.properties['crosswalk_total']) % 1_000_000n).not.toBe(0n)
  })

  it('K2 a tenth and two tenths are three tenths', async () => {
    const untaxed = ['0.10', '0.20'].map((price) =>
      scene.world.shop.addProduct({
        name: price,
        sku: `T-${price}`,
        regular_price: price,
        tax_status: 'none',
      }),
    )
    const id = buy(scene, 'berta@example.com', {
      line_items: untaxed.map((product) => ({ product_id: product['id'], quantity: 1 })),
    })
    await flow.synced(id)
    expectExact(id)
    const { crosswalk_total, crosswalk_subtotal } = flow.document(id)?.properties ?? {}
    expect([crosswalk_total, crosswalk_subtotal]).toEqual(['0.3', '0.3'])
  })

  it('K2 an order with a fee below zero, and one with a fee and shipping', async () => {
    const ids = [
      buy(scene, 'carla@example.com', { fee_lines: [{ name: 'Loyalty', total: '-7.35' }] }),
      buy(scene, 'dora@example.com', {
        fee_lines: [{ name: 'Gift wrap', total: '1.99' }],
        shipping_lines: [{ method_id: 'flat_rate', method_title: 'Post', total: '4.95' }],
      }),
    ]
    for (const id of ids) {
      await flow.synced(id)
      expectExact(id)
    }
    const fees = ids.map((id) => flow.document(id)?.properties['crosswalk_fees'])
    expect(fees).toEqual(['-7.35', '1.99'])
    const line = flow
      .linked(ids[0] ?? 0, 'line_items')
      .find((one) => one.properties['crosswalk_kind'] === 'fee')
    expect(line?.properties['crosswalk_net']).toBe('-7.35')
  })

  it('K2 a discount, and a cent that the shop itself cannot account for: it is a line of its own', async () => {
    scene.world.shop.addCoupon({ code: 'third', discount_type: 'percent', amount: '33.33' })
    const discounted = buy(scene, 'emma@example.com', { coupon_lines: [{ code: 'third' }] })
    const odd = buy(scene, 'finn@example.com')
    // A plugin that rounds as cash is paid leaves totals that no lines add up to.
    findOrder(scene.world.shop.shop, odd).total += 0.03
    for (const id of [discounted, odd]) {
      await flow.synced(id)
      expectExact(id)
    }
    expect(exact(flow.document(discounted)?.properties['crosswalk_discount'])).toBeGreaterThan(0n)
    expect(flow.document(odd)?.properties['crosswalk_rounding']).toBe('0.03')
    expect(flow.linked(odd, 'line_items').map((line) => line.properties['name'])).toContain('Rounding')
  })
})

describe('K3 refunds', () => {
  const stage = (id: number) => flow.document(id)?.properties['hs_pipeline_stage']
  const refunded = (id: number): number => Number(flow.document(id)?.properties['crosswalk_refunded'])

  it('K3 a partial refund and a second one are two amounts, the stage stays; the full one moves it', async () => {
    const id = buy(scene, 'gina@example.com')
    await flow.synced(id)
    const [total, before] = [Number(orderOf(id)['total']), stage(id)]
    scene.world.shop.refund(id, { amount: '5.00', reason: 'scratched' })
    await flow.synced(id, () => refunded(id) === 5)
    scene.world.shop.refund(id, { amount: '2.50' })
    await flow.synced(id, () => refunded(id) === 7.5)
    // Told again, it is not counted again.
    scene.world.shop.updateOrder(id, { customer_note: 'Please ring.' })
    await flow.synced(id, (order) => order.properties['crosswalk_customer_note'] === 'Please ring.')
    expect([refunded(id), stage(id)]).toEqual([7.5, before])
    scene.world.shop.refund(id, { amount: (total - 7.5).toFixed(2) })
    await flow.synced(id, () => refunded(id) === total)
    expect(stage(id)).not.toBe(before)
    const stages = (await flow.settings())['stages'] as Record<string, string>
    expect(stage(id)).toBe(stages['refunded'])
    expect(Number(flow.document(id)?.properties['crosswalk_total'])).toBe(total)
  })

  it('K3 a refund of the shipping only is its amount, as a field and as a line below zero', async () => {
    await flow.set({ refundsAs: 'negative_line' })
    const id = buy(scene, 'hans@example.com', {
      shipping_lines: [{ method_id: 'flat_rate', method_title: 'Post', total: '10.00' }],
    })
    await flow.synced(id)
    const before = stage(id)
    const [shipping] = orderOf(id)['shipping_lines'] as { id: number; taxes: { id: number }[] }[]
    scene.world.shop.refund(id, {
      line_items: [{ id: shipping?.id, refund_total: 10, refund_tax: [{ id: shipping?.taxes[0]?.id, refund_total: 2.1 }] }], // prettier-ignore
    })
    await flow.synced(id, () => refunded(id) === 12.1)
    expect(stage(id)).toBe(before)
    const gross = flow.linked(id, 'line_items').map((line) => line.properties['crosswalk_gross'])
    expect(gross.filter((amount) => String(amount).startsWith('-'))).toEqual(['-12.1'])
    expect(sum(gross)).toBe(exact(orderOf(id)['total']) - exact('12.1'))
    await flow.set({ refundsAs: 'property' })
  })

  it('K3 a deal given back in full has the amount and the stage of refunded; in part, it stays', async () => {
    const stages = Object.fromEntries(
      ['pending', 'on-hold', 'processing', 'completed', 'cancelled', 'failed', 'checkout-draft'].map((status) => [status, 'qualifiedtobuy']), // prettier-ignore
    )
    const settings = { pipeline: 'default', stages: { ...stages, refunded: 'closedlost' } }
    const dealFlow = await goLive(scene.service.api, scene.ends, { document: 'deal', settings })
    const deals = flowView(scene, dealFlow, 'deals')
    const id = buy(scene, 'ida@example.com')
    await deals.synced(id)
    const total = Number(orderOf(id)['total'])
    scene.world.shop.refund(id, { amount: '5.00' })
    await deals.synced(id, (deal) => Number(deal.properties['crosswalk_refunded']) === 5)
    expect(deals.document(id)?.properties['dealstage']).toBe('qualifiedtobuy')
    scene.world.shop.refund(id, { amount: (total - 5).toFixed(2) })
    await deals.synced(id, (deal) => deal.properties['dealstage'] === 'closedlost')
    const { crosswalk_refunded, crosswalk_total, amount } = deals.document(id)?.properties ?? {}
    expect([crosswalk_refunded, crosswalk_total, amount].map(Number)).toEqual([total, total, total])
    // Its order follows by a job of its own.
    await flow.synced(id, (order) => order.properties['crosswalk_source_status'] === 'refunded')
    expect(disagreements(scene.world.shop, scene.world.crm, (order) => order['id'] === id, 'deals')).toEqual(
      [],
    )
  })
})
