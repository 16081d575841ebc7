import { describe, expect, it } from 'vitest'
import { count, exactly, lasting, money, percent, plainDay, roughly, setFormats, when } from './format.ts'

const NOW = new Date('2026-11-04T15:00:00Z')

describe('times', () => {
  it.each([
    ['2026-11-04T14:02:40Z', '14:02'],
    ['2026-10-04T14:02:40Z', '4 Oct, 14:02'],
    ['2025-11-04T14:02:40Z', '4 Nov 2025'],
  ])('%s is %s in short', (at, text) => expect(when(at, NOW)).toBe(text))

  it('have their seconds where things happen by the second', () => {
    expect(exactly('2026-11-04T14:02:40Z', NOW)).toBe('14:02:40')
    expect(exactly('2026-11-03T14:02:40Z', NOW)).toBe('3 Nov, 14:02:40')
  })

  it('are those of the shop’s zone, in which also the day may be another', () => {
    setFormats({ locale: 'en-GB', timeZone: 'Europe/Amsterdam' })
    expect(when('2026-11-04T14:02:40Z', NOW)).toBe('15:02')
    expect(when('2026-11-03T23:30:00Z', NOW)).toBe('00:30')
  })

  it('never shift a day that has no zone', () => {
    setFormats({ locale: 'en-GB', timeZone: 'America/Los_Angeles' })
    expect(plainDay('2026-11-04')).toBe('4 Nov')
  })
})

describe('durations', () => {
  it.each([
    [0.2, 'under 1 s'],
    [9.2, '9 s'],
    [240, '4 min'],
    [5_400, '1.5 h'],
  ])('%d s is %s', (seconds, text) => expect(lasting(seconds)).toBe(text))

  it('are rounded to five minutes where nobody knows better', () => {
    expect(roughly(1_700)).toBe('30 min')
    expect(roughly(240)).toBe('4 min')
  })
})

describe('numbers', () => {
  it.each([
    [9_999, '9,999'],
    [12_431, '12.4k'],
    [2_400_000, '2.4m'],
  ])('%d is %s', (value, text) => expect(count(value)).toBe(text))

  it.each([
    [0, '0%'],
    [0.001, '<1%'],
    [0.996, '>99%'],
    [1, '100%'],
  ])('a share of %d is %s', (share, text) => expect(percent(share)).toBe(text))
})

describe('money', () => {
  const plain = (text: string) => text.replaceAll('\u00a0', ' ')

  it.each([
    ['108.90', 'EUR', 'EUR 108.90'],
    ['-6.05', 'EUR', '\u2212EUR 6.05'],
    ['1.2345', 'EUR', 'EUR 1.2345'],
    ['1200', 'JPY', 'JPY 1,200'],
    ['1.5', 'KWD', 'KWD 1.500'],
    // No float holds this one.
    ['9007199254740993.07', 'EUR', 'EUR 9,007,199,254,740,993.07'],
    ['0.00', 'EUR', 'EUR 0.00'],
  ])('%s %s is %s', (amount, currency, text) => expect(plain(money(amount, currency))).toBe(text))

  it('shows as it is what is no amount, or in a currency nobody knows', () => {
    expect(money('free', 'EUR')).toBe('free')
    expect(money('12', null)).toBe('12')
    expect(money('12', 'not a code')).toBe('not a code 12')
  })
})
