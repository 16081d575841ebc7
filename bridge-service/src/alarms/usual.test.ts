import { describe, expect, it } from 'vitest'
import type { ActiveHour } from '../store/activity.ts'
import { expectedBetween, hoursOfWeek, learnUsual } from './usual.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** A Monday. */
const NOW = Date.parse('2026-03-30T10:00:00Z')

/** Numbers in [0, 1) that are the same every time. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

/** The hours of changes at these times. */
function hoursOf(times: readonly number[]): ActiveHour[] {
  const hours = Map.groupBy(times, (time) => Math.floor(time / HOUR) * HOUR)
  return [...hours].map(([at, inside]) => ({ at, changes: inside.length, firstAt: Math.min(...inside), lastAt: Math.max(...inside) })) // prettier-ignore
}

/** Changes by chance, `perHour(weekday, hour)` of them, over `days` before NOW, by the clock of `zone`. */
function shop(perHour: (day: number, hour: number) => number, days = 28, zone = 'UTC', seed = 7): number[] {
  const random = dice(seed)
  const hourOf = hoursOfWeek(zone)
  const times: number[] = []
  const most = 60
  for (let at = NOW - days * DAY; at < NOW; at += HOUR / most) {
    const slot = hourOf(at)
    if (random() < perHour(Math.floor(slot / 24), slot % 24) / most) times.push(Math.floor(at))
  }
  return times
}

/** How long a shop that falls silent at `from` is silent before it is unusual, in hours; null within a week. */
function noticedAfter(times: readonly number[], from: number, zone = 'UTC'): number | null {
  const hourOf = hoursOfWeek(zone)
  const before = times.filter((time) => time < from)
  const usual = learnUsual(hoursOf(before), from, hourOf)
  if (!usual) return null
  const last = Math.max(...before)
  for (let at = from; at < from + 7 * DAY; at += HOUR / 4) {
    if (expectedBetween(usual.perHour, last, at, hourOf) >= usual.missing) return (at - last) / HOUR
  }
  return null
}

/** How often a shop that goes on as ever is taken for silent, in the last days. */
function falseAlarms(times: readonly number[], days: number, zone = 'UTC'): number {
  const hourOf = hoursOfWeek(zone)
  let alarms = 0
  const watched = times.filter((time) => time > NOW - days * DAY)
  for (const [i, next] of watched.slice(1).entries()) {
    const last = watched[i] as number
    if (next - last < 3 * HOUR) continue
    const known = times.filter((time) => time <= last && time > last - 28 * DAY)
    const usual = learnUsual(hoursOf(known), last, hourOf)
    if (usual && expectedBetween(usual.perHour, last, next, hourOf) >= usual.missing) alarms += 1
  }
  return alarms
}

const office = (day: number, hour: number): number => (day % 6 !== 0 && hour >= 9 && hour < 18 ? 4 : 0)
const always = () => 2

describe('what is usual', () => {
  it('knows nights and weekends: silence then is none', () => {
    const times = shop(office, 56)
    expect(falseAlarms(times, 28)).toBe(0)
    // Friday 18:00 to Monday 9:00 is 63 hours; on Monday morning it takes some hours of shop time.
    const friday = Date.parse('2026-03-27T18:00:00Z')
    const noticed = noticedAfter(times, friday)
    expect(noticed).toBeGreaterThan(63)
    expect(noticed).toBeLessThan(63 + 9)
  })

  it('notices silence at noon within hours', () => {
    expect(noticedAfter(shop(office, 56), Date.parse('2026-03-25T11:00:00Z'))).toBeLessThan(8)
    expect(
      noticedAfter(
        shop(() => 30),
        NOW,
      ),
    ).toBeLessThan(6)
  })

  it.each([1, 2, 3, 4, 5])('does not cry wolf where changes come by chance (%i)', (seed) => {
    expect(falseAlarms(shop(always, 56, 'UTC', seed), 28)).toBe(0)
    expect(
      falseAlarms(
        shop(() => 0.1, 56, 'UTC', seed),
        28,
      ),
    ).toBe(0)
  })

  it('one great day changes little', () => {
    const times = shop(office, 56)
    const sale = Date.parse('2026-03-18T00:00:00Z')
    const crowd = Array.from({ length: 5_000 }, (_, i) => sale + 10 * HOUR + (i * 4 * HOUR) / 5_000)
    const both = [...times, ...crowd].sort((a, b) => a - b)
    expect(falseAlarms(both, 10)).toBe(0)
    const tuesday = Date.parse('2026-03-24T09:00:00Z')
    expect(noticedAfter(both, tuesday)).toBeLessThan(20)
  })

  it('counts days and hours by the zone, also over the change of its clocks', () => {
    const zone = 'America/New_York'
    const hourOf = hoursOfWeek(zone)
    // 9:00 on Friday before and on Monday after 8 March 2026, when the clocks there went forward.
    expect(hourOf(Date.parse('2026-03-06T14:00:00Z'))).toBe(5 * 24 + 9)
    expect(hourOf(Date.parse('2026-03-09T13:00:00Z'))).toBe(1 * 24 + 9)
    expect(falseAlarms(shop(office, 56, zone), 28, zone)).toBe(0)
  })

  it('says nothing with too little history', () => {
    const hourOf = hoursOfWeek('UTC')
    expect(learnUsual([], NOW, hourOf)).toBeNull()
    expect(learnUsual(hoursOf(shop(office, 13)), NOW, hourOf)).toBeNull()
    const few = Array.from({ length: 20 }, (_, i) => NOW - 27 * DAY + i * DAY)
    expect(learnUsual(hoursOf(few), NOW, hourOf)).toBeNull()
    expect(learnUsual(hoursOf([...few, NOW - DAY]), NOW, hourOf)).not.toBeNull()
  })
})
