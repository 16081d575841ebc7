/** What ids beyond the limit are counted as. */
export const OTHER = 'other'

/**
 * Keeps a label's values bounded: the first `most` different ones stand for themselves, all later ones are `other`, so
 * that no number of connections or flows makes the page of metrics grow without end.
 */
export function boundedLabel(most: number): (value: string) => string {
  const seen = new Set<string>()
  return (value) => {
    if (seen.has(value)) return value
    if (seen.size >= most) return OTHER
    seen.add(value)
    return value
  }
}
