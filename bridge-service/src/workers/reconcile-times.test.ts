import { describe, expect, it } from 'vitest'
import { dueNow, dueOn, lastDue, type Comparable } from './reconcile-times.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MONDAY = Date.UTC(2026, 4, 4)
const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `flow_${n}`)

/** How many fall due in each minute of a day. */
function perMinute(flows: number): Map<number, number> {
  const counts = new Map<number, number>()
  for (const id of ids(flows)) {
    const minute = Math.floor((dueOn(MONDAY, id, flows) - MONDAY) / MINUTE)
    counts.set(minute, (counts.get(minute) ?? 0) + 1)
  }
  return counts
}

describe('the daily time of a flow', () => {
  it.each([
    [10, 2.5],
    [700, 2.5],
    [5_000, 14.5],
    [40_000, 16.5],
  ])('of %i lies between half past midnight and %f hours after midnight, UTC', (flows, end) => {
    const minutes = [...perMinute(flows).keys()]
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(30)
    expect(Math.max(...minutes)).toBeLessThan(end * 60)
  })

  it('is a minute of its own: 5,000 flows fill the time that they have, few of them at once', () => {
    const counts = perMinute(5_000)
    // 833 minutes with six each on average.
    expect(counts.size).toBeGreaterThan(800)
    expect(Math.max(...counts.values())).toBeLessThan(25)
  })

  it('is the same every day while their number is', () => {
    const due = dueOn(MONDAY, 'flow_a', 100)
    expect(dueOn(MONDAY + DAY, 'flow_a', 100)).toBe(due + DAY)
    expect(lastDue(due, 'flow_a', 100)).toBe(due)
    expect(lastDue(due - 1, 'flow_a', 100)).toBe(due - DAY)
    expect(lastDue(due + DAY - 1, 'flow_a', 100)).toBe(due)
  })
})

interface Life {
  days: number
  /** How many flows there are at a time. */
  flows: (now: number) => number
  /** Whether the service runs. */
  up?: (now: number) => boolean
}

/** Rings for some days. @returns the hours at which each flow was compared, and the most that began at once */
function live({ days, flows, up = () => true }: Life): { began: number[][]; most: number } {
  const made = new Map(ids(flows(MONDAY)).map((id) => [id, MONDAY - DAY]))
  const began = new Map<string, number[]>()
  let most = 0
  for (let now = MONDAY; now < MONDAY + days * DAY; now += MINUTE) {
    if (!up(now)) continue
    const last = (id: string): number => {
      if (!made.has(id)) made.set(id, now)
      return began.get(id)?.at(-1) ?? (made.get(id) as number)
    }
    const due = dueNow(ids(flows(now)).map((id): Comparable => ({ id, last: last(id), open: false })), now) // prettier-ignore
    most = Math.max(most, due.length)
    for (const id of due) began.set(id, [...(began.get(id) ?? []), now])
  }
  return { began: [...began.values()].map((times) => times.map((time) => (time - MONDAY) / HOUR)), most }
}

const gaps = (hours: readonly number[]): number[] => hours.slice(1).map((hour, n) => hour - (hours[n] ?? 0))
const day = (now: number): number => Math.floor((now - MONDAY) / DAY)

describe('comparisons begin', () => {
  it('once a day each, also where the process is started again every other minute', () => {
    for (const up of [() => true, (now: number) => (now / MINUTE) % 2 === 0]) {
      const { began } = live({ days: 3, flows: () => 60, up })
      expect(began).toHaveLength(60)
      for (const hours of began) expect(hours.map((hour) => Math.floor(hour / 24))).toEqual([0, 1, 2])
    }
  })

  it('neither twice nor a day later where the number of flows grows by half every day', () => {
    // Nothing falls due after four; those hours are left out.
    const up = (now: number): boolean => now % DAY < 4 * HOUR
    const { began } = live({ days: 2, flows: (now) => Math.round(700 * 1.5 ** day(now)), up })
    expect(began).toHaveLength(700)
    for (const gap of began.flatMap(gaps)) {
      expect(gap).toBeGreaterThan(23)
      expect(gap).toBeLessThan(28)
    }
  })

  it('after a night that was slept through: all, but not all at once, and at their own time again the next day', () => {
    const { began, most } = live({ days: 3, flows: () => 60, up: (now) => now < MONDAY + 6 * HOUR || now > MONDAY + 33 * HOUR }) // prettier-ignore
    expect(most).toBe(12)
    for (const [first, second, third, ...more] of began) {
      expect(first).toBeLessThan(3)
      expect(second).toBeGreaterThan(33)
      expect(second).toBeLessThan(33.2)
      expect(third).toBeCloseTo((first ?? 0) + 48, 1)
      expect(more).toEqual([])
    }
  })

  it('not anew for one that was made up for shortly before', () => {
    const { began } = live({ days: 3, flows: () => 12, up: (now) => now >= MONDAY + 23 * HOUR })
    for (const hours of began) {
      expect(hours).toHaveLength(2)
      expect(hours[0]).toBe(23)
      expect(hours[1]).toBeGreaterThan(48)
    }
  })

  it('for none that has one open or is new', () => {
    const now = MONDAY + 12 * HOUR
    const flow = { last: MONDAY - DAY, open: false }
    expect(dueNow([{ ...flow, id: 'a' }, { ...flow, id: 'b', open: true }, { ...flow, id: 'c', last: now - HOUR }], now)).toEqual(['a']) // prettier-ignore
  })
})
