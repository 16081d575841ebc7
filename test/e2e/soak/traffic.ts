import type { WooCommerceSimulator } from '../../simulators/woocommerce/index.ts'
import { buyer } from '../scene.ts'
import type { Chance } from './chance.ts'

/**
 * Buyers and clerks of a shop while processes are killed: orders come in singly and tell by webhook, and once in a while
 * a number of them that nobody was told of, for the next backfill.
 */
export function createTraffic(shop: WooCommerceSimulator, chance: Chance) {
  const products: number[] = []
  const newProduct = (): void => {
    const n = products.length
    const made = shop.addProduct({ name: `Thing ${n}`, sku: `SKU-${n}`, regular_price: `${5 + (n % 20)}.95` })
    products.push(made['id'] as number)
  }
  for (let i = 0; i < 8; i += 1) newProduct()
  const ids: number[] = []
  let changes = 0
  const place = (): void => {
    // New buyers, firms and products all the time beside those that come back.
    const n = chance.whole(0, ids.length)
    if (chance.share() < 0.08) newProduct()
    const order = shop.placeOrder({
      status: 'processing',
      set_paid: true,
      billing: buyer(`buyer${n}@example.com`, { company: n % 3 === 0 ? `Firm ${n >> 1}` : '' }),
      line_items: Array.from({ length: chance.whole(1, 4) }, () => ({
        product_id: chance.pick(products),
        quantity: chance.whole(1, 3),
      })),
    })
    ids.push(order['id'] as number)
  }
  const change = (): void => {
    const id = chance.pick(ids)
    const kind = chance.weighted({ status: 5, note: 2, line: 2, trash: 1 })
    if (kind === 'status')
      shop.updateOrder(id, { status: chance.pick(['processing', 'completed', 'on-hold']) })
    if (kind === 'note') shop.updateOrder(id, { customer_note: `Ring ${chance.whole(1, 9)} times` })
    if (kind === 'line') shop.updateOrder(id, { line_items: [{ product_id: chance.pick(products), quantity: 1 }] }) // prettier-ignore
    if (kind === 'trash') shop.trashOrder(id)
  }
  let timer: NodeJS.Timeout | undefined
  return {
    changes: (): number => changes,
    orders: (): number => ids.length,
    /** Something happens every `everyMs`. */
    start: (everyMs: number): void => {
      timer = setInterval(() => {
        changes += 1
        if (ids.length < 5 || chance.share() < 0.6) place()
        else change()
      }, everyMs)
    },
    stop: (): void => clearInterval(timer),
    /** Orders that the shop tells nobody of. */
    placeInSilence: (count: number): void => {
      const { emit } = shop.shop
      shop.shop.emit = () => undefined
      for (let i = 0; i < count; i += 1) place()
      shop.shop.emit = emit
    },
  }
}
export type Traffic = ReturnType<typeof createTraffic>
