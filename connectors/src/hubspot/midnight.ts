const DAY_MS = 86_400_000

/**
 * Milliseconds from `now` to the next midnight in a time zone (1 to 26 hours around a change of the clocks), where
 * HubSpot's daily limit starts anew. Null for a time zone that is not known here.
 */
export function msToMidnight(timeZone: string, now: Date): number | null {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  } catch {
    return null
  }
  const start = now.getTime()
  const today = format.format(start)
  // The date only moves forward, so the first moment of another date can be found by halving. Days of 25 hours exist.
  let before = 0
  let after = DAY_MS + 2 * 3_600_000
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (format.format(start + middle) === today) before = middle
    else after = middle
  }
  return after
}
