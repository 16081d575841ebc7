import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  add, Amount, compare, Currency, currencyDigits, divide, isNegative, isZero, multiply, negate, round, roundTo, subtract,
} from './money.ts' // prettier-ignore

/** Amounts over the whole range the schema allows. */
const amounts = fc
  .tuple(
    fc.boolean(),
    fc.bigInt(0n, 10n ** 30n - 1n),
    fc.integer({ min: 0, max: 12 }),
    fc.bigInt(0n, 10n ** 12n - 1n),
  )
  .map(([minus, whole, digits, part]) => {
    const fraction = digits === 0 ? '' : `.${String(part).padStart(12, '0').slice(0, digits)}`
    return `${minus ? '-' : ''}${whole}${fraction}`
  })

/** The amount in units of 10^-12, exact. */
function scaled(amount: string): bigint {
  const minus = amount.startsWith('-')
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.')
  const size = BigInt(whole) * 10n ** 12n + BigInt(fraction.padEnd(12, '0'))
  return minus ? -size : size
}

describe('Amount', () => {
  it.each(['0', '-0.5', '12.50', '9'.repeat(30), '0.123456789012'])('takes %s', (text) => {
    expect(Amount.safeParse(text).success).toBe(true)
  })
  it.each(['', '.5', '5.', '1e3', '1,5', ' 1', '+1', 'NaN', '9'.repeat(31), '0.1234567890123', '1\n'])('refuses %j', (text) => {
    expect(Amount.safeParse(text).success).toBe(false)
  }) // prettier-ignore
  it('names the form of a currency', () => {
    expect(Currency.safeParse('EUR').success).toBe(true)
    expect(Currency.safeParse('eur').success).toBe(false)
  })
})

describe('arithmetic', () => {
  it('does not drift as floats do', () => {
    expect(add('0.1', '0.2')).toBe('0.3')
    expect(add()).toBe('0')
    expect(subtract('0.3', '0.1')).toBe('0.2')
    expect(multiply('1.005', 100)).toBe('100.5')
  })

  it('adds and subtracts exactly', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        expect(scaled(add(a, b))).toBe(scaled(a) + scaled(b))
        expect(scaled(subtract(a, b))).toBe(scaled(a) - scaled(b))
        expect(scaled(negate(a))).toBe(-scaled(a))
        expect(compare(a, b)).toBe(scaled(a) < scaled(b) ? -1 : scaled(a) > scaled(b) ? 1 : 0)
      }),
    )
  })

  it('never writes an exponent or a minus before zero', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 12 }), (a, digits) => {
        for (const made of [add(a), negate(a), multiply(a, '0'), round(a, digits), subtract(a, a)]) {
          expect(made).toMatch(/^-?\d+(\.\d+)?$/)
          if (scaled(made.slice(0, made.indexOf('.') + 13 || undefined)) === 0n)
            expect(made).not.toMatch(/^-/)
        }
      }),
    )
  })

  it('divides to twelve digits in one rounding', () => {
    expect(divide('1', 3)).toBe('0.333333333333')
    expect(divide('2', 3)).toBe('0.666666666667')
    expect(divide('-2', 3)).toBe('-0.666666666667')
    // The quotient goes on 4999999999…: rounded to more digits first, it would end in 5 and go up.
    expect(divide('0.499999999999', '1000000000000')).toBe('0')
    expect(() => divide('1', '0.00')).toThrow(RangeError)
  })

  it('divides to the nearest twelfth digit', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        fc.pre(!isZero(b))
        const abs = (n: bigint) => (n < 0n ? -n : n)
        const exact = abs(scaled(a)) * 10n ** 12n
        const by = abs(scaled(b))
        const nearest = (2n * exact + by) / (2n * by)
        expect(abs(scaled(divide(a, b)))).toBe(nearest)
      }),
    )
  })
})

describe('rounding', () => {
  it.each([
    ['1.005', 2, '1.01'],
    ['-1.005', 2, '-1.01'],
    ['1.5', 0, '2'],
    ['2.5', 0, '3'],
    ['-0.001', 2, '0.00'],
    ['1.5', 2, '1.50'],
  ])('of %s to %i digits is %s', (amount, digits, expected) => {
    expect(round(amount, digits)).toBe(expected)
  })

  it('follows the currency', () => {
    expect(roundTo('12.345', 'EUR')).toBe('12.35')
    expect(roundTo('12.5', 'JPY')).toBe('13')
    expect(roundTo('1.23456', 'KWD')).toBe('1.235')
    expect(currencyDigits('constructor')).toBe(2)
  })

  it('moves an amount by half a unit at most', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 12 }), (a, digits) => {
        const moved = scaled(round(a, digits)) - scaled(a)
        expect((moved < 0n ? -moved : moved) * 2n <= 10n ** BigInt(12 - digits)).toBe(true)
      }),
    )
  })

  it('tells zero and sign', () => {
    expect([isZero('0.000'), isZero('0.001'), isNegative('-0.1'), isNegative('0')]).toEqual([
      true,
      false,
      true,
      false,
    ])
  })
})
