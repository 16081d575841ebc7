import type { ActiveHour } from '../store/activity.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How far back is looked: four of each weekday. */
export const HISTORY_MS = 28 * DAY_MS
/** With less than this nothing is known of weekdays. */
const LEAST_HISTORY_MS = 14 * DAY_MS
/** With fewer silences nothing is known of how long they are. */
const LEAST_GAPS = 20
/** An hour counts at most this many times an ordinary one: one great day must not make every other one look empty. */
const BURST = 3
/** Never told while fewer changes are missing. */
const LEAST_MISSING = 4

/** What is usual for one flow. */
export interface Usual {
  /** Changes to be expected in each hour of the week: weekday (0 = Sunday) × 24 + hour, by the zone it was learned in. */
  perHour: readonly number[]
  /** Silence is unusual once this many changes should have come. */
  missing: number
}

/** Which hour of the week a time is in. Days and nights are those of the zone, also over a change of its clocks. */
export type HourOfWeek = (time: number) => number

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** Hours of the week in a time zone; remembered, for they are asked by the thousand. */
export function hoursOfWeek(zone: string): HourOfWeek {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short', hour: 'numeric', hourCycle: 'h23' }) // prettier-ignore
  const known = new Map<number, number>()
  return (time) => {
    const hour = Math.floor(time / HOUR_MS)
    let slot = known.get(hour)
    if (slot === undefined) {
      const parts = Object.fromEntries(format.formatToParts(hour * HOUR_MS).map(({ type, value }) => [type, value])) // prettier-ignore
      slot = WEEKDAYS.indexOf(parts['weekday'] ?? '') * 24 + Number(parts['hour'])
      if (known.size > 5_000) known.clear()
      known.set(hour, slot)
    }
    return slot
  }
}

/** How many changes are to be expected between two times. */
export function expectedBetween(
  perHour: readonly number[],
  from: number,
  to: number,
  hourOf: HourOfWeek,
): number {
  let sum = 0
  for (let at = from; at < to;) {
    const end = Math.min(to, (Math.floor(at / HOUR_MS) + 1) * HOUR_MS)
    sum += (perHour[hourOf(at)] ?? 0) * ((end - at) / HOUR_MS)
    at = end
  }
  return sum
}

const middle = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

/**
 * Learns from a flow's own hours how much is to be expected when, and how long it is usually silent. Silence is measured
 * in changes that should have come, not in hours: so nights and weekends are no silence, and one at noon is. What counts
 * as unusual is four times the length that 95 of 100 silences stay below.
 * @param hours those with changes, oldest first
 * @returns null where there is too little history to say
 */
export function learnUsual(hours: readonly ActiveHour[], now: number, hourOf: HourOfWeek): Usual | null {
  const first = hours[0]
  if (!first || hours.length <= LEAST_GAPS || now - first.firstAt < LEAST_HISTORY_MS) return null
  const counts = hours.map((hour) => hour.changes).sort((a, b) => a - b)
  const most = Math.max(1, BURST * middle(counts, 0.5))
  const perDay = new Array<number>(7).fill(0)
  const perHourOfDay = new Array<number>(24).fill(0)
  let total = 0
  for (const hour of hours) {
    const slot = hourOf(hour.at)
    const changes = Math.min(hour.changes, most)
    perDay[Math.floor(slot / 24)]! += changes
    perHourOfDay[slot % 24]! += changes
    total += changes
  }
  // Days of each weekday in the time looked at. Day and hour apart: each hour of the week was seen four times at most.
  const days = new Array<number>(7).fill(0)
  for (let at = first.at; at < now; at += HOUR_MS) days[Math.floor(hourOf(at) / 24)]! += 1 / 24
  const perHour = Array.from({ length: 168 }, (_, slot) => {
    const day = Math.floor(slot / 24)
    return ((perDay[day] ?? 0) / Math.max(1, days[day] ?? 0)) * ((perHourOfDay[slot % 24] ?? 0) / total)
  })
  const gaps = hours
    .slice(1)
    .map((hour, i) => expectedBetween(perHour, hours[i]!.lastAt, hour.firstAt, hourOf))
  const long = middle(gaps.sort((a, b) => a - b), 0.95) // prettier-ignore
  return { perHour, missing: Math.max(LEAST_MISSING, 4 * long) }
}
