import type { WooCommerceSimulator } from '../../simulators/woocommerce/index.ts'
import type { Chance } from './chance.ts'

type Json = Record<string, unknown>
interface Line {
  id: number
  quantity: number
}

/** What people do in a shop, by how often. */
export const SHOP_EVENTS = {
  create: 28,
  status: 14,
  lines: 13,
  buyer: 6,
  note: 5,
  refund: 6,
  trash: 5,
  restore: 4,
  purge: 2,
  currency: 1,
} as const
export type ShopEventName = keyof typeof SHOP_EVENTS

const STATUSES = ['pending', 'on-hold', 'processing', 'completed', 'cancelled', 'failed']

/**
 * The people of a made-up shop. `act` does one thing and answers whether it could: one cannot refund what was never paid.
 * `untold`: orders whose way to the trash nobody was told of; they are not removed for good, for that is told to nobody.
 */
export function createShopPeople(shop: WooCommerceSimulator, chance: Chance, untold: ReadonlySet<string>) {
  const products = Array.from(
    { length: 12 },
    (_, i) =>
    Number(shop.addProduct({ name: `Thing ${i}`, sku: `SKU-${i}`, regular_price: `${3 + i * 2}.${i % 2 ? '95' : '50'}` })['id']), // prettier-ignore
  )
  let live: number[] = []
  let trash: number[] = []
  const buyer = (): Json => {
    const n = chance.whole(0, 250)
    return {
      first_name: 'Anna',
      last_name: `Jansen${n}`,
      email: chance.share() < 0.05 ? '' : `buyer${n}@example.com`,
      company: chance.share() < 0.3 ? `Firm ${n % 40}` : '',
      city: chance.pick(['Utrecht', 'Breda', 'Zwolle']),
      country: 'NL',
    }
  }
  const lines = (): Json[] =>
    Array.from({ length: chance.whole(1, 4) }, () => ({
      product_id: chance.pick(products),
      quantity: chance.whole(1, 3),
    }))
  const read = (id: number): Json => shop.updateOrder(id, {})
  const moved = (from: number[], id: number): number[] => from.filter((other) => other !== id)

  const acts: Record<ShopEventName, (id: number) => void> = {
    create: () => {
      const order = shop.placeOrder({
        status: chance.pick(STATUSES),
        billing: buyer(),
        line_items: lines(),
        ...(chance.share() < 0.1 ? { shipping_lines: [{ method_id: 'flat_rate', method_title: 'Post', total: '4.95' }] } : {}), // prettier-ignore
        ...(chance.share() < 0.1 ? { fee_lines: [{ name: 'Wrapping', total: '2.50' }] } : {}),
      })
      live.push(order['id'] as number)
    },
    status: (id) => void shop.updateOrder(id, { status: chance.pick(STATUSES) }),
    lines: (id) => {
      const present = read(id)['line_items'] as Line[]
      const one = chance.pick(present)
      const quantity = present.length > 1 && chance.share() < 0.4 ? 0 : one.quantity + 1
      const changed = { id: one.id, quantity, total: (quantity * 7.5).toFixed(2) }
      shop.updateOrder(id, { line_items: chance.share() < 0.4 ? [changed, ...lines()] : [changed] })
    },
    buyer: (id) => void shop.updateOrder(id, { billing: buyer() }),
    note: (id) => void shop.updateOrder(id, { customer_note: `Ring ${chance.whole(1, 9)} times` }),
    refund: (id) => {
      const order = read(id)
      shop.refund(id, { amount: (Number(order['total']) / chance.whole(1, 3)).toFixed(2) })
    },
    trash: (id) => {
      shop.trashOrder(id)
      live = moved(live, id)
      trash.push(id)
    },
    restore: (id) => {
      shop.updateOrder(id, { status: chance.pick(STATUSES) })
      trash = moved(trash, id)
      live.push(id)
    },
    purge: (id) => {
      if (untold.has(String(id))) throw new Error('nobody was told')
      shop.deleteOrder(id)
      trash = moved(trash, id)
    },
    // HubSpot takes only the currencies of its account: such an order fails alone in its batch until it is mended.
    currency: (id) => void shop.updateOrder(id, { currency: chance.share() < 0.5 ? 'SEK' : 'EUR' }),
  }

  return {
    act(name: ShopEventName): boolean {
      const from = name === 'restore' || name === 'purge' ? trash : live
      if (name !== 'create' && from.length === 0) return false
      // Mostly what happened lately: that is what is still on its way.
      const at = chance.share() < 0.7 ? Math.max(0, from.length - 1 - chance.whole(0, 40)) : chance.whole(0, Math.max(0, from.length - 1)) // prettier-ignore
      try {
        acts[name](from[at] ?? 0)
        return true
      } catch {
        return false
      }
    },
    /** Gives every order a currency that HubSpot knows; so no failure is left that is the data's own. */
    orders: (): number => live.length + trash.length,
  }
}
