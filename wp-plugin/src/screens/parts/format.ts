import { __, sprintf } from '@wordpress/i18n'

/** Whose manner of writing numbers and times is used; undefined: the browser's. */
let manner: { locale: string | undefined; timeZone: string | undefined } = {
  locale: undefined,
  timeZone: undefined,
}
const made = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>()

/** Set once, by the face: `timeZone` is the shop's where it is known. */
export function setFormats(of: { locale?: string | undefined; timeZone?: string | undefined }): void {
  manner = { locale: of.locale, timeZone: of.timeZone }
  made.clear()
}

/** `Europe/Amsterdam`: named once per page. */
export const timeZone = (): string => manner.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone

function dates(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known =
    made.get(name) ?? new Intl.DateTimeFormat(manner.locale, { timeZone: manner.timeZone, ...options })
  made.set(name, known)
  return known as Intl.DateTimeFormat
}
const MINUTES = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const SECONDS = { ...MINUTES, second: '2-digit' } as const
const inWords = (name: string, options: Intl.DateTimeFormatOptions, at: Date): string =>
  dates(name, options).format(at)
const dayName = (at: Date): string => inWords('day', { day: 'numeric', month: 'short' }, at)
const dated = (at: Date): string => inWords('date', { day: 'numeric', month: 'short', year: 'numeric' }, at)

/** `14:02` today, `4 Nov, 14:02` this year, else `4 Nov 2026`. @param iso UTC instant */
export function when(iso: string, now = new Date()): string {
  const at = new Date(iso)
  const time = inWords('minutes', MINUTES, at)
  if (dated(at) === dated(now)) return time
  const year = (one: Date) => inWords('year', { year: 'numeric' }, one)
  return year(at) === year(now) ? `${dayName(at)}, ${time}` : dated(at)
}
/** With seconds, for lists of what happened: `14:02:40` today, else with the day. */
export function exactly(iso: string, now = new Date()): string {
  const at = new Date(iso)
  const time = inWords('seconds', SECONDS, at)
  return dated(at) === dated(now) ? time : `${dayName(at)}, ${time}`
}
/** With everything, the zone too, for what shows when one points at a time. */
export const inFull = (iso: string): string =>
  inWords(
    'full',
    { day: 'numeric', month: 'long', year: 'numeric', ...SECONDS, timeZoneName: 'short' },
    new Date(iso),
  )
/** The instant at which today began in the reader's zone; to the hour, where clocks are not changed on that day. */
export function startOfDay(now = new Date()): string {
  const parts = dates('clock', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).formatToParts(now) // prettier-ignore
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0)
  const passed = (of('hour') * 60 + of('minute')) * 60 + of('second')
  return new Date(Math.floor(now.getTime() / 1000) * 1000 - passed * 1000).toISOString()
}
/** A day without a zone, never shifted. @param day `YYYY-MM-DD` */
export const plainDay = (day: string): string =>
  inWords('plain', { day: 'numeric', month: 'short', timeZone: 'UTC' }, new Date(`${day}T00:00:00Z`))

/** The same with its year, where that is not this one. @param day `YYYY-MM-DD` */
export const dayInFull = (day: string, now = new Date()): string =>
  day.slice(0, 4) === String(now.getFullYear())
    ? plainDay(day)
    : inWords(
        'plain year',
        { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' },
        new Date(`${day}T00:00:00Z`),
      )

/** Of a duration in seconds: `under 1 s`, `9 s`, `4 min`, `1.5 h`. */
export function lasting(seconds: number): string {
  if (seconds < 1) return __('under 1 s', 'crosswalk')
  // translators: %s: number of seconds
  if (seconds < 90) return sprintf(__('%s s', 'crosswalk'), count(Math.round(seconds)))
  // translators: %s: number of minutes
  if (seconds < 5_400) return sprintf(__('%s min', 'crosswalk'), count(Math.round(seconds / 60)))
  // translators: %s: number of hours
  return sprintf(__('%s h', 'crosswalk'), count(Math.round(seconds / 360) / 10))
}
/** What is left, as nobody knows it exactly: minutes in steps of five from ten on. @param seconds */
export const roughly = (seconds: number): string =>
  lasting(seconds < 600 ? seconds : Math.round(seconds / 300) * 300)

function numbers(name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const known = made.get(name) ?? new Intl.NumberFormat(manner.locale, options)
  made.set(name, known)
  return known as Intl.NumberFormat
}

/** Every digit. */
export const exactCount = (value: number): string => numbers('count', {}).format(value)
/** Exact to 9,999, then short: `12.4k`. */
export const count = (value: number): string =>
  value < 10_000
    ? exactCount(value)
    : numbers('short', { notation: 'compact', maximumFractionDigits: 1 }).format(value).replace('K', 'k')

/** Never 0 % or 100 % unless it is exactly that. @param share of 1 */
export function percent(share: number): string {
  const written = (value: number) =>
    numbers('percent', { style: 'percent', maximumFractionDigits: 0 }).format(value)
  if (share > 0 && share < 0.01) return `<${written(0.01)}`
  if (share < 1 && share > 0.99) return `>${written(0.99)}`
  return written(share)
}

/**
 * Money as it came, never rounded and never through a float: `EUR 108.90`. What is no amount, or in no currency, is shown
 * as it is.
 * @param amount decimal string @param currency ISO 4217
 */
export function money(amount: string, currency: string | null | undefined): string {
  if (!currency || !/^-?\d+(\.\d+)?$/.test(amount)) return amount
  try {
    const usual = numbers(`money ${currency}`, { style: 'currency', currency, currencyDisplay: 'code' })
    const needed = amount.split('.')[1]?.length ?? 0
    const digits = usual.resolvedOptions().maximumFractionDigits ?? 2
    const format =
      needed <= digits
        ? usual
        : numbers(`money ${currency} ${needed}`, {
            ...{ style: 'currency', currency, currencyDisplay: 'code' },
            maximumFractionDigits: Math.min(needed, 20),
          })
    return format.format(amount as unknown as number).replace('-', '\u2212')
  } catch {
    return `${currency} ${amount}`
  }
}
