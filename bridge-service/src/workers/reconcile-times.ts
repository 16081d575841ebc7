import { hash } from 'node:crypto'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** When a day's first comparison may begin, from midnight UTC: what was made the day before has settled by then. */
const OPENS_MS = 30 * MINUTE_MS
/** One begins in every so many, on average: a comparison reads weeks of orders and takes minutes. */
const APART_MS = 10_000
/** So long a time all of them are spread over: at least, so that they are over by the morning where they are few ... */
const SHORTEST_MS = 2 * HOUR_MS
/** ... and at most, so that they leave the evening in Europe alone, when most is sold. */
const LONGEST_MS = 16 * HOUR_MS
/** A comparison that began so shortly before it is due counts as the one that is due. */
const RECENT_MS = 6 * HOUR_MS
/** Comparisons that begin in one minute at most, unless there are so many flows that it takes more. */
const PER_MINUTE = 12

/** How long a time the comparisons of so many flows are spread over, in ms. */
const spreadOf = (flows: number): number => Math.min(LONGEST_MS, Math.max(SHORTEST_MS, flows * APART_MS))

/**
 * When a flow's comparison falls due on a day, in ms since 1970. Its place among the others is always the same; with their
 * number the time grows that they are spread over.
 * @param midnight start of the day in UTC, ms since 1970
 */
export function dueOn(midnight: number, flowId: string, flows: number): number {
  const place = hash('sha256', flowId, 'buffer').readUInt32BE(0) / 2 ** 32
  return midnight + OPENS_MS + Math.floor(place * spreadOf(flows))
}

/** The last time a flow's comparison fell due, at or before `now`. */
export function lastDue(now: number, flowId: string, flows: number): number {
  const midnight = Math.floor(now / DAY_MS) * DAY_MS
  const today = dueOn(midnight, flowId, flows)
  return today <= now ? today : today - DAY_MS
}

/** An active flow. Instants in ms since 1970. */
export interface Comparable {
  id: string
  /** When its last comparison began; where it had none, when it was made, for then there is nothing to compare yet. */
  last: number
  /** A comparison of it has not ended. */
  open: boolean
}

/**
 * The flows whose comparison is to begin in this minute, the longest overdue first. One that was slept through is made up
 * for, but those of a whole night do not begin at once.
 * @param flows all active ones
 */
export function dueNow(flows: readonly Comparable[], now: number): string[] {
  const perMinute = (flows.length * MINUTE_MS) / spreadOf(flows.length)
  return flows
    .filter((flow) => !flow.open)
    .map(({ id, last }) => ({ id, last, due: lastDue(now, id, flows.length) }))
    .filter(({ last, due }) => last < due - RECENT_MS)
    .sort((a, b) => a.due - b.due)
    .slice(0, Math.max(PER_MINUTE, Math.ceil(2 * perMinute)))
    .map(({ id }) => id)
}
