import { seededRandom } from '../../../test/simulators/woocommerce/php.ts'

export const HOUR = 3_600
export const DAY = 24 * HOUR
export const WEEK = 7 * DAY

/** What happens in the virtual week, times in seconds from Monday 00:00. */
export interface WeekPlan {
  shops: number
  /** Orders a day of all shops together, on an average day. */
  ordersPerDay: number
  seed: number
  /** HubSpot answers nobody. */
  targetDown: Span
  /** The service itself is down: notices are refused, and the shops do not repeat them. */
  serviceDown: Span
  /** Every shop sells so many times as usual: the Friday before the holidays. */
  sale: Span & { factor: number }
  /** Single shops with a sale of their own, for an hour each. */
  ownSales: { count: number; factor: number }
  /** Shops that join on a working day, with all their history. */
  joiningPerDay: number
}

export interface Span {
  from: number
  to: number
}

export const inside = (span: Span, time: number): boolean => time >= span.from && time < span.to

export const defaultPlan = (shops: number, seed = 7): WeekPlan => ({
  shops,
  ordersPerDay: shops * 300,
  seed,
  targetDown: { from: DAY + 14 * HOUR, to: DAY + 14.75 * HOUR },
  serviceDown: { from: 2 * DAY + 10 * HOUR, to: 2 * DAY + 10 * HOUR + 600 },
  sale: { from: 4 * DAY, to: 5 * DAY, factor: 4 },
  ownSales: { count: Math.ceil(shops / 100), factor: 30 },
  joiningPerDay: Math.ceil(shops / 100),
})

/** Share of a day's orders per hour: little at night, a hill at noon, most after dinner. */
const HOURS = [1, 0.6, 0.4, 0.3, 0.3, 0.5, 1.2, 2.4, 3.6, 4.6, 5.2, 5.4, 5.6, 5.2, 5, 4.8, 4.8, 5.2, 6, 7.4, 9, 9.2, 7.4, 4.9] // prettier-ignore
const HOURS_SUM = HOURS.reduce((sum, one) => sum + one, 0)
/** Monday to Sunday. */
const WEEKDAYS = [1.06, 1, 0.98, 0.96, 0.92, 0.94, 1.14]

/** How much more than on average is sold at a time: daily and weekly rhythm, and the sale. */
export function rhythm(plan: WeekPlan, time: number): number {
  const hour = ((HOURS[Math.floor(time / HOUR) % 24] ?? 0) / HOURS_SUM) * 24
  const day = WEEKDAYS[Math.floor(time / DAY) % 7] ?? 1
  return hour * day * (inside(plan.sale, time) ? plan.sale.factor : 1)
}

/**
 * Orders a day of each shop, largest first: a power law (the nth largest sells n^-0.9 of the first), scaled to
 * `ordersPerDay`; nobody sells more than 2 % of all.
 */
export function shopSizes(plan: WeekPlan): Float64Array {
  const weights = Float64Array.from({ length: plan.shops }, (_, n) => (n + 1) ** -0.9)
  const cap = weights.reduce((sum, one) => sum + one, 0) * 0.02
  const capped = weights.map((one) => Math.min(one, cap))
  const sum = capped.reduce((total, one) => total + one, 0)
  return capped.map((one) => (one / sum) * plan.ordersPerDay)
}

export interface Joining {
  at: number
  shop: number
  orders: number
}

/** Shops that join, in office hours, with a history of 200 to a million orders (most are small). */
export function joinings(plan: WeekPlan): Joining[] {
  const random = seededRandom(plan.seed + 1)
  const all: Joining[] = []
  for (let day = 0; day < 5; day++) {
    for (let n = 0; n < plan.joiningPerDay; n++) {
      const orders = Math.min(1_000_000, Math.round(200 / (1 - random()) ** 1.2))
      all.push({ at: day * DAY + (9 + random() * 8) * HOUR, shop: Math.floor(random() * plan.shops), orders })
    }
  }
  return all.sort((a, b) => a.at - b.at)
}

/** Picks shops by their size, in constant time (Walker's alias method). */
export function createPicker(sizes: Float64Array, random: () => number): () => number {
  const count = sizes.length
  const mean = sizes.reduce((sum, one) => sum + one, 0) / count
  const share = sizes.map((one) => one / mean)
  const alias = Uint32Array.from(sizes.keys())
  const small: number[] = []
  const large: number[] = []
  for (const [n, one] of share.entries()) (one < 1 ? small : large).push(n)
  while (small.length > 0 && large.length > 0) {
    const [low, high] = [small.pop() as number, large.at(-1) as number]
    alias[low] = high
    share[high] = (share[high] ?? 0) - (1 - (share[low] ?? 0))
    if ((share[high] ?? 0) < 1) small.push(large.pop() as number)
  }
  return () => {
    const n = Math.floor(random() * count)
    return random() < (share[n] ?? 1) ? n : (alias[n] ?? n)
  }
}
