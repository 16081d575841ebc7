/** What a clock on the wall of a zone shows. */
export interface WallClock {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The clock of a zone; making the formatter costs far more than using it. Throws RangeError for an unknown zone. */
function formatOf(zone: string): Intl.DateTimeFormat {
  let known = formats.get(zone)
  if (!known) {
    known = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    if (formats.size < 700) formats.set(zone, known)
  }
  return known
}

/** True for a name of the IANA time zone database that this platform knows. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

/** The clock of a known zone at a moment in milliseconds since 1970. */
export function wallClock(ms: number, zone: string): WallClock {
  const clock: WallClock = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
  for (const part of formatOf(zone).formatToParts(ms)) {
    if (part.type in clock) clock[part.type as keyof WallClock] = Number(part.value)
  }
  return clock
}

/** Offset of a wall clock from UTC as ISO text: "+02:00", "Z" for none. Seconds of old local times are dropped. */
export function offsetAt(ms: number, clock: WallClock): string {
  const local = Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute, clock.second)
  const minutes = Math.trunc((local - Math.floor(ms / 1000) * 1000) / 60_000)
  if (minutes === 0) return 'Z'
  const size = Math.abs(minutes)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}
