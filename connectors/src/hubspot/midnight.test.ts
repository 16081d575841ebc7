import { describe, expect, it } from 'vitest'
import { msToMidnight } from './midnight.ts'

const HOUR = 3_600_000
describe('msToMidnight', () => {
  it.each([
    ['UTC', '2026-11-21T20:00:00Z', 4 * HOUR],
    ['Europe/Brussels', '2026-11-21T20:00:00Z', 3 * HOUR],
    ['US/Eastern', '2026-11-21T20:00:00Z', 9 * HOUR],
    ['Asia/Kolkata', '2026-11-21T18:29:59.999Z', 1],
    // The day on which clocks go back has 25 hours, the one on which they go forward 23.
    ['Europe/Brussels', '2026-10-24T22:00:00Z', 25 * HOUR],
    ['Europe/Brussels', '2026-03-28T23:00:00Z', 23 * HOUR],
    // In Cairo the clocks go forward at midnight, which then does not exist: the day begins at one.
    ['Africa/Cairo', '2026-04-23T12:00:00Z', 10 * HOUR],
  ])('%s from %s', (zone, now, expected) => {
    expect(msToMidnight(zone, new Date(now))).toBe(expected)
  })

  it('knows no such zone', () => {
    expect(msToMidnight('Mars/Olympus', new Date('2026-11-21T20:00:00Z'))).toBeNull()
  })
})
