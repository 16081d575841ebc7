import { describe, expect, it } from 'vitest'
import { backOff } from './conclude.ts'

describe('the wait before the next try', () => {
  it('doubles from two seconds to ten minutes', () => {
    const most = () => 1
    expect([0, 1, 2, 3].map((attempts) => backOff(attempts, most))).toEqual([2_000, 4_000, 8_000, 16_000])
    expect(backOff(30, most)).toBe(600_000)
  })

  it('is spread over the upper half, so that many records do not come back at once', () => {
    expect(backOff(3, () => 0)).toBe(8_000)
    expect(backOff(3, () => 0.5)).toBe(12_000)
  })
})
