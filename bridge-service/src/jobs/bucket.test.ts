import { describe, expect, it } from 'vitest'
import { allowanceOf } from './bucket.ts'

describe('allowance', () => {
  it.each([
    [190, 10, 0.94],
    [100, 10, 0.9],
    [2, 1, 0.8],
    [1, 3, 0.7],
    [600, 60, 0.95],
    [40, 1, 0.85],
  ])('keeps %i calls in %i s and uses most of them', (calls, seconds, share) => {
    const allowance = allowanceOf([{ calls, seconds }], 0.2)
    const { capacity = 0, rate } = allowance ?? {}
    expect(Math.floor(capacity + (rate ?? 0) * seconds)).toBeLessThanOrEqual(calls)
    expect(((rate ?? 0) * seconds) / calls).toBeGreaterThanOrEqual(share)
    expect(capacity).toBeGreaterThanOrEqual(1.2)
  })

  it('takes the tightest of several windows and counts a day as a quota', () => {
    const windows = [
      { calls: 190, seconds: 10 },
      { calls: 60, seconds: 60 },
      { calls: 500_000, seconds: 86_400 },
    ]
    const allowance = allowanceOf(windows, 0.2)
    expect(allowance?.rate).toBeLessThan(1)
    expect(allowance?.quota).toEqual({ calls: 500_000, seconds: 86_400 })
    expect(allowanceOf([], 0.2)).toBeNull()
  })
})
