import type { OverviewData } from './words.ts'

/** What travelled on one day, over all flows. */
export interface Day {
  /** `YYYY-MM-DD` */
  day: string
  created: number
  updated: number
  skipped: number
  failed: number
}
const COUNTED = ['created', 'updated', 'skipped', 'failed'] as const

/** Days with anything in them, oldest first. */
export function byDay(days: OverviewData['days']): Day[] {
  const found = new Map<string, Day>()
  for (const { day, outcome, count } of days) {
    const sums = found.get(day) ?? { day, created: 0, updated: 0, skipped: 0, failed: 0 }
    const counted = COUNTED.find((name) => name === outcome)
    if (counted) sums[counted] += count
    found.set(day, sums)
  }
  return [...found.values()].sort((a, b) => (a.day < b.day ? -1 : 1))
}

const DAY_MS = 86_400_000

/** The last `length` days up to `until`, also those on which nothing travelled; oldest first. */
export function everyDay(days: readonly Day[], until: string, length: number): Day[] {
  const last = Date.parse(`${until}T00:00:00Z`)
  return Array.from({ length }, (_, at) => {
    const day = new Date(last - (length - 1 - at) * DAY_MS).toISOString().slice(0, 10)
    return days.find((one) => one.day === day) ?? { day, created: 0, updated: 0, skipped: 0, failed: 0 }
  })
}
