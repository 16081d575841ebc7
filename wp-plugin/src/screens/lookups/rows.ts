import type { LookupPage } from '@crosswalk/shared/contract'

type Scalar = string | number | boolean | null
interface Entry {
  from: string
  to: Scalar
}

/** A line of a list on the page. `id` stays with it while it is changed. */
export interface Line {
  id: number
  from: string
  /** What was chosen or typed; empty: nothing yet. */
  to: string
  /** As it is saved; null for a new one. */
  saved: Entry | null
  /** Records that wait for it. */
  waiting: number
  examples: LookupPage['gaps'][number]['examples']
}

/** What is not in the list stops the record (null), or becomes this. */
export type Fallback = string | null

/** Lists compare so: spaces around a value and capitals make no difference. */
export const fold = (text: string): string => text.trim().toLowerCase()

const textOf = (value: Scalar): string => (value === null ? '' : String(value))

/** Lines to begin with: what is missing first, most records first, then what is there in its order. */
export function linesOf({ table, gaps }: LookupPage): Line[] {
  const known = new Set((table?.entries ?? []).map(({ from }) => fold(from)))
  const missing = gaps.flatMap(
    ({ value, count, examples }) =>
    value === null || known.has(fold(value)) ? [] : [{ from: value, to: '', saved: null, waiting: count, examples }], // prettier-ignore
  )
  const there = (table?.entries ?? []).map((entry) => ({
    from: entry.from,
    to: textOf(entry.to),
    saved: entry,
    waiting: 0,
    examples: [],
  }))
  return [...missing, ...there].map((line, id) => ({ ...line, id }))
}

export const fallbackOf = ({ table }: LookupPage): Fallback =>
  table === null || table.fallback === null ? null : textOf(table.fallback.to)

/** What is saved: lines with an answer. One that was not touched stays as it was, also as a number. */
export const entriesOf = (lines: readonly Line[]): Entry[] =>
  lines.flatMap(({ from, to, saved }) => {
    if (to === '' && saved?.to !== null && saved?.to !== '') return []
    const isSame = saved !== null && textOf(saved.to) === to
    return [{ from: from.trim(), to: isSame ? saved.to : to }]
  })

/** Lines that differ from what is saved, and those taken away. */
export function countChanges(lines: readonly Line[], page: LookupPage, fallback: Fallback): number {
  const changed = lines.filter(({ from, to, saved }) =>
    saved === null ? to !== '' : saved.from !== from.trim() || textOf(saved.to) !== to,
  ).length
  const left = new Set(lines.map(({ saved }) => saved))
  const removed = (page.table?.entries ?? []).filter((entry) => !left.has(entry)).length
  return changed + removed + (fallbackOf(page) === fallback ? 0 : 1)
}

/** How many records would go on with these lines. */
export const countFreed = (lines: readonly Line[], fallback: Fallback): number =>
  lines.filter(({ to }) => to !== '' || fallback !== null).reduce((sum, { waiting }) => sum + waiting, 0)

export type LineProblem = 'twice' | 'unknown_answer' | 'nothing'

/** What keeps a line from being saved, by its id. @param answers what the target takes; null: anything */
export function problemsOf(
  lines: readonly Line[],
  answers: readonly { value: string }[] | null,
): Map<number, LineProblem> {
  const problems = new Map<number, LineProblem>()
  const seen = new Set<string>()
  const known = answers === null ? null : new Set(answers.map(({ value }) => value))
  for (const { id, from, to, saved } of lines) {
    if (to === '' && saved === null) continue
    const name = fold(from)
    if (seen.has(name)) problems.set(id, 'twice')
    seen.add(name)
    const isMeant = saved?.to === null || saved?.to === ''
    if (to === '' && isMeant) continue
    if (to === '') problems.set(id, 'nothing')
    else if (known !== null && !known.has(to)) problems.set(id, 'unknown_answer')
  }
  return problems
}
