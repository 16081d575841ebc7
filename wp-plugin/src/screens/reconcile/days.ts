import type { ReconcileDay } from '@crosswalk/shared/contract'
import { add, compare, negate } from '@crosswalk/shared/model'

/** Both sides added up, in one currency. */
export interface Total {
  currency: string | null
  source: ReconcileDay['source']
  target: ReconcileDay['target']
}

/** What the second side lacks: records, and an amount where both have one. */
export interface Difference {
  count: number
  /** Decimal text; null where a side has no amounts. */
  amount: string | null
}

type Sides = Pick<ReconcileDay, 'source' | 'target'>

export function differenceOf({ source, target }: Sides): Difference {
  const count = source.count - target.count
  const [here, there] = [amountOf(source), amountOf(target)]
  if (here === null || there === null || (source.amount ?? target.amount) === null)
    return { count, amount: null }
  return { count, amount: add(here, negate(there)) }
}

/** A side without records comes to nothing, where the other one has amounts. */
const amountOf = ({ count, amount }: ReconcileDay['source']): string | null =>
  amount ?? (count === 0 ? '0' : null)

const isZero = (amount: string | null): boolean => amount === null || compare(amount, '0') === 0

/** True where both sides, and each record that was looked at, agree. */
export const isLevel = (day: ReconcileDay): boolean => {
  const { count, amount } = differenceOf(day)
  return count === 0 && isZero(amount) && day.missing + day.incomplete + day.differing + day.failed === 0
}

/** Cents that sums of many records may differ by, for each side rounds in its own way. */
const ROUNDING = '0.05'

/** True for a difference of amounts alone that is no larger than rounding makes it. It is named as such, not hidden. */
export function isRounding({ count, amount }: Difference): boolean {
  if (count !== 0 || amount === null || isZero(amount)) return false
  const size = compare(amount, '0') < 0 ? negate(amount) : amount
  return compare(size, ROUNDING) <= 0
}

const plus = (a: string | null, b: string | null): string | null =>
  a === null ? b : b === null ? a : add(a, b)

/** Totals by currency, in the order in which they come; mixed currencies are never added. */
export function totalsOf(days: readonly ReconcileDay[]): Total[] {
  const totals = new Map<string | null, Total>()
  for (const { currency, source, target } of days) {
    const none = { count: 0, amount: null }
    const sum = totals.get(currency) ?? { currency, source: none, target: none }
    totals.set(currency, {
      currency,
      source: { count: sum.source.count + source.count, amount: plus(sum.source.amount, source.amount) },
      target: { count: sum.target.count + target.count, amount: plus(sum.target.amount, target.amount) },
    })
  }
  return [...totals.values()]
}
