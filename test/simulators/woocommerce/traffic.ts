import { number, type Json } from './php.ts'
import type { Verbs } from './verbs.ts'

/** Made-up people who order while somebody looks on. Of each only what a checkout asks for. */
const people: [first: string, last: string, company: string, city: string, postcode: string, country: string][] = [
  ['Sanne', 'de Wit', '', 'Utrecht', '3511 AB', 'NL'],
  ['Jonas', 'Peeters', 'Peeters Interieur BV', 'Gent', '9000', 'BE'],
  ['Aylin', 'Yılmaz', '', 'Rotterdam', '3011 AA', 'NL'],
  ['Erik', 'Lindqvist', 'Kaffe & Ko', 'Amsterdam', '1012 JS', 'NL'],
  ['Marie', 'Dubois', '', 'Brussel', '1000', 'BE'],
] // prettier-ignore

const payments: [id: string, title: string][] = [
  ['mollie_wc_gateway_ideal', 'iDEAL'],
  ['bacs', 'Bank transfer'],
]

const pick = <T>(values: readonly T[], random: () => number): T =>
  values[Math.floor(random() * values.length)] as T

function checkout(verbs: Verbs, count: number, random: () => number): Json {
  const [first, last, company, city, postcode, country] = pick(people, random)
  const [method, title] = pick(payments, random)
  const address = { first_name: first, last_name: last, company, address_1: `Kerkstraat ${1 + (count % 90)}`, city, postcode, country } // prettier-ignore
  const email = `${first}.${last}`.toLowerCase().replaceAll(' ', '').replaceAll('ı', 'i')
  const goods = verbs.products().filter((one) => one['type'] === 'simple' && one['price'] !== '')
  const lines = [pick(goods, random), pick(goods, random)].filter(
    (one, index, all) => all.indexOf(one) === index,
  )
  return {
    billing: { ...address, email: `${email}@example.test`, phone: '+31 30 555 0199' },
    shipping: address,
    payment_method: method,
    payment_method_title: title,
    set_paid: method !== 'bacs',
    line_items: lines.map((one) => ({ product_id: one['id'], quantity: 1 + Math.floor(random() * 3) })),
    shipping_lines: [{ method_id: 'flat_rate', method_title: 'PostNL', total: '4.95' }],
  }
}

/**
 * Life in a shop: a new order, then a status that moves on, now and then a refund. `step` does the next thing and
 * says which. The orders it changes are the ones it placed.
 */
export function createTraffic(verbs: Verbs, random: () => number): { step: () => string } {
  const placed: number[] = []
  let count = 0
  const place = (): string => {
    const order = verbs.placeOrder(checkout(verbs, count, random))
    placed.push(number(order['id']))
    return 'placed'
  }
  const moveOn = (id: number): string => {
    verbs.updateOrder(id, { status: 'completed' })
    return 'completed'
  }
  const giveBack = (id: number): string => {
    verbs.refund(id, { amount: '5.00', reason: 'Box was dented' })
    return 'refunded'
  }
  return {
    step: () => {
      count += 1
      const latest = placed.at(-1)
      if (latest === undefined || count % 3 === 1) return place()
      if (count % 9 === 0) return giveBack(latest)
      return count % 3 === 2 ? moveOn(latest) : place()
    },
  }
}
