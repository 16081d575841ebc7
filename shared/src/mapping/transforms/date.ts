import { z } from 'zod'
import { defineTransform, ok, problem, type Step, type Transform } from './transform.ts'
import { asText, show } from './values.ts'
import { isZone, offsetAt, wallClock, type WallClock } from './zone.ts'

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:(Z)|([+-])(\d{2}):?(\d{2}))$/

/** Milliseconds of a calendar day's midnight in UTC, or null where the calendar has no such day. */
function dayMs(text: string): number | null {
  const found = DAY.exec(text)
  if (!found) return null
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])]
  // Before 1000 a date is a placeholder ("0001-01-01"), not a date.
  if (year < 1000) return null
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : null
}

/** Milliseconds since 1970 of an ISO instant with `Z` or an offset; null for anything else. */
function instantMs(text: string): number | null {
  const found = INSTANT.exec(text)
  if (!found) return null
  const midnight = dayMs(found[1] as string)
  const [hour, minute, second] = [Number(found[2]), Number(found[3]), Number(found[4] ?? 0)]
  if (midnight === null || hour > 23 || minute > 59 || second > 59) return null
  const ms = Number((found[5] ?? '').padEnd(3, '0').slice(0, 3))
  const [offsetHours, offsetMinutes] = [Number(found[8] ?? 0), Number(found[9] ?? 0)]
  if (offsetHours > 14 || offsetMinutes > 59) return null
  const offset = (offsetHours * 60 + offsetMinutes) * 60_000 * (found[7] === '-' ? -1 : 1)
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000 + ms - offset
}

const ANY_FROM = ['date', 'datetime'] as const
const zone = z
  .string()
  .max(60)
  .refine(isZone, 'a time zone is a name such as "Europe/Amsterdam"')
  .default('UTC')
  .describe('Time zone, such as "Europe/Amsterdam"')

/** A day passes as it is (it belongs to no zone); an instant is told by the clock of a zone. */
function read(value: unknown): { day: string; ms: number } | { ms: number; day: null } | null {
  const text = typeof value === 'string' && value.length <= 40 ? value.trim() : null
  if (text === null) return null
  const midnight = dayMs(text)
  if (midnight !== null) return { day: text, ms: midnight }
  const ms = instantMs(text)
  return ms === null ? null : { day: null, ms }
}

function notDate(value: unknown): Step {
  const text = asText(value)
  const bare =
    text !== null && text.length < 40 && /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(\.\d+)?$/.test(text)
  return bare
    ? problem(`${show(value)} does not say in which time zone it is.`)
    : problem(`${show(value)} is not a date.`)
}

const two = (part: number): string => String(part).padStart(2, '0')
const showDay = (clock: WallClock): string => `${clock.year}-${two(clock.month)}-${two(clock.day)}`
const showTime = (clock: WallClock): string => `${two(clock.hour)}:${two(clock.minute)}:${two(clock.second)}`

function inZone(ms: number, zoneName: string, format: 'iso' | 'day' | 'time', value: unknown): Step {
  const clock = wallClock(ms, zoneName)
  if (clock.year < 1000 || clock.year > 9999) return notDate(value)
  if (format === 'day') return ok(showDay(clock))
  if (format === 'time') return ok(showTime(clock))
  return ok(`${showDay(clock)}T${showTime(clock)}${offsetAt(ms, clock)}`)
}

const ORDERS = { ymd: [0, 1, 2], dmy: [2, 1, 0], mdy: [2, 0, 1] } as const

/** A day written with separators, in a known order of its parts. */
function parseDay(value: unknown, order: keyof typeof ORDERS): Step {
  const text = asText(value)
  const found =
    text !== null && text.length <= 40 ? /^\s*(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})\s*$/.exec(text) : null
  if (!found) return notDate(value)
  const [year, month, day] = ORDERS[order].map((position) => found[position + 1] as string) as [
    string,
    string,
    string,
  ]
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return dayMs(iso) === null ? notDate(value) : ok(iso)
}

export const dateTransforms: readonly Transform[] = [
  defineTransform({
    id: 'date.day',
    label: 'Day of a moment',
    help: 'The calendar day (2026-05-01) by the clock of a time zone.',
    from: ANY_FROM,
    to: 'date',
    params: z.strictObject({ zone }),
    run: (value, params) => {
      const date = read(value)
      if (!date) return notDate(value)
      return date.day !== null ? ok(date.day) : inZone(date.ms, params.zone, 'day', value)
    },
  }),
  defineTransform({
    id: 'date.epoch_ms',
    label: 'Milliseconds since 1970',
    help: 'The moment as a number of milliseconds; a day counts from its midnight in UTC.',
    from: ANY_FROM,
    to: 'number',
    params: z.strictObject({}),
    run: (value) => {
      const date = read(value)
      return date ? ok(date.ms) : notDate(value)
    },
  }),
  defineTransform({
    id: 'date.in_zone',
    label: 'Moment in a time zone',
    help: 'The moment as the clock of a time zone tells it.',
    from: ANY_FROM,
    to: 'text',
    toWith: ({ format }) => (format === 'iso' ? 'datetime' : format === 'day' ? 'date' : 'text'),
    params: z.strictObject({
      zone,
      format: z
        .enum(['iso', 'day', 'time'])
        .default('iso')
        .describe('Whole moment, only the day, or only the time'),
    }),
    run: (value, params) => {
      const date = read(value)
      return date ? inZone(date.ms, params.zone, params.format, value) : notDate(value)
    },
  }),
  defineTransform({
    id: 'date.parse',
    label: 'Read a day from text',
    help: 'Reads a day as people write it, in a given order of day, month and year.',
    from: 'text',
    to: 'date',
    params: z.strictObject({
      order: z.enum(['ymd', 'dmy', 'mdy']).default('ymd').describe('Order of year, month and day'),
    }),
    run: (value, { order }) => parseDay(value, order),
  }),
]
