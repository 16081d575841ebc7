/** WordPress' two ways to write a moment: site local without an offset, and UTC without `Z`. Moments are epoch seconds. */
export interface SiteTime {
  /** Name as WordPress tells it (`America/New_York`); empty for a bare offset. */
  zone: string
  /** Seconds that the site's time is ahead of UTC at a moment. */
  offsetAt: (seconds: number) => number
}

/** A site that is set to an offset from UTC, which never changes. */
export const fixedTime = (offsetMinutes: number): SiteTime => ({
  zone: '',
  offsetAt: () => offsetMinutes * 60,
})

export const UTC = fixedTime(0)

/** A site that is set to a city, whose clocks change. */
export function zoneTime(zone: string): SiteTime {
  const names = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  return {
    zone,
    offsetAt: (seconds) => {
      const parts = names.formatToParts(seconds * 1000)
      const text = parts.find((part) => part.type === 'timeZoneName')?.value.slice('GMT'.length) ?? ''
      return text === '' ? 0 : writtenOffset(text)
    },
  }
}

/** `2026-11-21T20:43:03` in UTC; null stays null. */
export function gmt(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString().slice(0, 19)
}

/** The same moment in the site's own time. */
export function local(seconds: number | null, site: SiteTime): string | null {
  return seconds === null ? null : gmt(seconds + site.offsetAt(seconds))
}

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i

/**
 * Reads a date filter as `rest_parse_date` does: with `Z` or an offset it is that moment, without one it is site
 * local time, or UTC where `areGmt` is set. Fractions of a second are dropped. Null: no date.
 */
export function parseDate(input: string, site: SiteTime, areGmt = false): number | null {
  const match = pattern.exec(input.trim())
  if (!match) return null
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone] = match
  const utc = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(utc)) return null
  const seconds = utc / 1000
  if (zone !== undefined) return seconds - (/^z$/i.test(zone) ? 0 : writtenOffset(zone))
  return areGmt ? seconds : seconds - site.offsetAt(seconds - site.offsetAt(seconds))
}

/** Seconds of an offset such as `-05:00`. */
function writtenOffset(text: string): number {
  const digits = text.slice(1).replace(':', '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0')
  return (text.startsWith('-') ? -1 : 1) * minutes * 60
}
