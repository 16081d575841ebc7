import Big from 'big.js'
import { z } from 'zod'

/**
 * An amount of money as decimal text ("12.50", "-3.1"), never a float. The currency stands beside it in the record,
 * once. Up to 30 digits before and 12 after the point, so that a hostile number stays bounded.
 */
export const Amount = z
  .string()
  .regex(/^-?\d{1,30}(\.\d{1,12})?$/, 'an amount is decimal text such as "12.50"')
  .meta({ title: 'Amount' })
export type Amount = z.infer<typeof Amount>

/** ISO 4217 code in capitals. */
export const Currency = z.string().regex(/^[A-Z]{3}$/, 'a currency is three capital letters such as "EUR"')

/** Minor-unit digits of currencies that do not have two (ISO 4217). */
const DIGITS: Readonly<Record<string, number>> = {
  BHD: 3, BIF: 0, CLP: 0, DJF: 0, GNF: 0, IQD: 3, ISK: 0, JOD: 3, JPY: 0, KMF: 0, KRW: 0, KWD: 3, LYD: 3, OMR: 3,
  PYG: 0, RWF: 0, TND: 3, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
} // prettier-ignore

/** Digits after the point of a currency's smallest unit: EUR 2, JPY 0, KWD 3. */
export const currencyDigits = (currency: string): number =>
  Object.hasOwn(DIGITS, currency) ? (DIGITS[currency] as number) : 2

/** Decimal text without an exponent, trailing zeros kept as computed. */
const text = (value: Big): Amount => {
  const fixed = value.toFixed()
  return fixed === '-0' ? '0' : fixed
}

/** Sum of amounts; "0" for none. */
export const add = (...amounts: readonly Amount[]): Amount =>
  text(amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)))

export const subtract = (from: Amount, amount: Amount): Amount => text(new Big(from).minus(amount))
export const multiply = (amount: Amount, factor: string | number): Amount =>
  text(new Big(amount).times(factor))
export const negate = (amount: Amount): Amount => text(new Big(amount).times(-1))

/** Divides to 12 digits in one rounding; rounding a longer quotient again could tip a digit. */
const Quotient = Big()
Quotient.DP = 12
Quotient.RM = Big.roundHalfUp

/** Quotient with 12 digits after the point, half away from zero. Throws RangeError when `by` is zero. */
export function divide(amount: Amount, by: string | number): Amount {
  const divisor = new Quotient(by)
  if (divisor.eq(0)) throw new RangeError('division by zero')
  return text(new Quotient(amount).div(divisor))
}

/** Rounds half away from zero to `digits` after the point and pads with zeros: round("1.5", 2) is "1.50". */
export function round(amount: Amount, digits: number): Amount {
  const fixed = new Big(amount).toFixed(digits, Big.roundHalfUp)
  return /^-0(\.0*)?$/.test(fixed) ? fixed.slice(1) : fixed
}

/** Rounds to the currency's smallest unit. */
export const roundTo = (amount: Amount, currency: string): Amount => round(amount, currencyDigits(currency))

/** -1, 0 or 1. */
export const compare = (a: Amount, b: Amount): -1 | 0 | 1 => new Big(a).cmp(b)
export const isZero = (amount: Amount): boolean => new Big(amount).eq(0)
export const isNegative = (amount: Amount): boolean => new Big(amount).lt(0)
