import { applyCoupon } from './discounts.ts'
import { fee, linesOf, refundAll, refundOne, shipping } from './generate-lines.ts'
import { contactOf, pick, streamOf } from './generate-people.ts'
import type { Address, Coupon, Order } from './model.ts'
import type { OrderEntry } from './order-store.ts'
import { newOrder } from './order-write.ts'
import { token } from './php.ts'
import { nextId, reserveIds, type Shop } from './state.ts'
import { calculateTotals } from './totals.ts'

interface OrderGeneratorOptions {
  seed: number
  orderCount: number
  until: number
  /** Every fifth order belongs to a customer, as long as there are any. */
  registered: number
  firstCustomer: number
}

const payments: [string, string][] = [
  ['mollie_wc_gateway_ideal', 'iDEAL'],
  ['bacs', 'Bank transfer'],
  ['cod', 'Cash on delivery'],
]
const statuses: [string, number][] = [
  ['completed', 0.58],
  ['processing', 0.8],
  ['on-hold', 0.85],
  ['pending', 0.89],
  ['cancelled', 0.94],
  ['refunded', 0.97],
  ['failed', 1],
]
const years = 2 * 365 * 86400

/** What the lists need of an order, drawn without building it. */
interface Head {
  created: number
  modified: number
  status: string
  customerId: number
  partlyRefunded: boolean
}

/** Ids an order may use for its lines and meta: fixed ranges, so that an order can be built alone. */
const itemsPerOrder = 24
const metaPerOrder = 40

/** Builds order after order from nothing but seed and position, so that a million need not be held. */
export function createOrderGenerator(live: Shop, options: OrderGeneratorOptions) {
  const { orderCount, seed } = options
  // Orders are built late, from the catalogue as it was: a price changed since must not change them.
  const shop: Shop = {
    ...live,
    products: structuredClone(live.products),
    taxRates: structuredClone(live.taxRates),
  }
  const sellable = [...shop.products.values()].filter((one) => one.type !== 'variable')
  const coupon = [...shop.coupons.values()][0] as Coupon
  const until = Math.floor(options.until / 1000)
  const gap = Math.max(1, Math.floor(years / Math.max(1, orderCount)))
  const firstId = nextId(live, 'post')
  const firstItem = nextId(live, 'item')
  const firstMeta = nextId(live, 'meta')
  reserveIds(live, 'post', firstId + 2 * orderCount)
  reserveIds(live, 'item', firstItem + itemsPerOrder * orderCount)
  reserveIds(live, 'meta', firstMeta + metaPerOrder * orderCount)

  function headOf(index: number): Head {
    const random = streamOf(seed, index, 2)
    const created = until - (orderCount - 1 - index) * gap - Math.floor(random() * gap)
    const later = Math.floor(random() ** 3 * 14 * 86400)
    const drawn = random()
    const status = statuses.find(([, upTo]) => drawn < upTo)?.[0] ?? 'completed'
    return {
      created,
      modified: Math.min(until, created + later),
      status,
      customerId: index % 5 === 0 && index / 5 < options.registered ? options.firstCustomer + index / 5 : 0,
      partlyRefunded: status === 'completed' && random() < 0.05,
    }
  }

  function entries(): OrderEntry[] {
    return Array.from({ length: orderCount }, (_, index) => {
      const { created, modified, status, customerId, partlyRefunded } = headOf(index)
      const refunded = partlyRefunded || status === 'refunded'
      return {
        id: firstId + 2 * index,
        created,
        modified,
        status,
        customerId,
        refunded,
        order: null,
        text: null,
      }
    })
  }

  function order(id: number): Order {
    const index = (id - firstId) / 2
    const head = headOf(index)
    const random = streamOf(seed, index, 3)
    let [item, meta] = [firstItem + index * itemsPerOrder, firstMeta + index * metaPerOrder]
    const ids = { item: () => item++, meta: () => meta++ }
    const one = newOrder({ ...shop, random }, id)
    fillHead(one, head, contactOf(seed, index), random)
    one.lines = linesOf(shop, sellable, head.status, random, ids)
    if (random() < 0.8) one.shippingLines = [shipping(ids.item())]
    if (random() < 0.06) one.feeLines = [fee(ids.item())]
    if (random() < 0.08) applyCoupon(shop, one, coupon, ids.meta)
    calculateTotals(shop, one, ids.item)
    if (head.status === 'refunded') one.refunds = [refundAll(one, ids.meta())]
    else if (head.partlyRefunded) one.refunds = [refundOne(shop, one, ids)]
    return one
  }

  return { entries, order }
}

function fillHead(order: Order, head: Head, contact: Address, random: () => number): void {
  const [method, title] = pick(random, payments)
  const paid = ['completed', 'processing', 'refunded'].includes(head.status)
  Object.assign(order, {
    status: head.status,
    createdAt: head.created,
    modifiedAt: head.modified,
    paidAt: paid ? Math.min(head.created + 45, head.modified) : null,
    completedAt: head.status === 'completed' || head.status === 'refunded' ? head.modified : null,
    customerId: head.customerId,
    billing: contact,
    shipping: { ...contact, email: '' },
    paymentMethod: method,
    paymentMethodTitle: title,
    transactionId: paid && method.startsWith('mollie') ? `tr_${token(random, 10)}` : '',
    customerIp: '198.51.100.7',
    createdVia: random() < 0.7 ? 'checkout' : 'store-api',
    customerNote: random() < 0.1 ? 'Leave at the neighbours' : '',
    cartHash: token(random, 32).toLowerCase(),
  })
}
