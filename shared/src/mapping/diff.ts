import type { FieldRule, ListRule, MappingDocument } from './rule.ts'

export interface ChangedRule {
  target: string
  /** Position before and after. */
  from: number
  to: number
  before: FieldRule
  after: FieldRule
  /** Names of what differs: `value`, `transforms`, `when`, `on`, `onEmpty`, `note`. */
  fields: string[]
}

/** Differences of one part's rules, or of one list field inside it. Rules only moved are not listed. */
export interface PartDiff {
  part: string
  /** Target of the list field, null for the part's own rules. */
  list: string | null
  added: { index: number; rule: FieldRule }[]
  removed: { index: number; rule: FieldRule }[]
  changed: ChangedRule[]
  /** True when a list field reads another list than before. */
  listMoved: boolean
}

/** JSON with sorted names, so that equal values give equal text whatever the order they were written in. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? ''

const PARTS_OF_A_RULE = ['value', 'transforms', 'when', 'on', 'onEmpty', 'note'] as const

const changedFields = (before: FieldRule, after: FieldRule): string[] =>
  PARTS_OF_A_RULE.filter((name) => stable(before[name]) !== stable(after[name]))

/** Rules numbered within their target: the second rule on `amount` is `amount#1`. */
function numbered(rules: readonly FieldRule[]): Map<string, { index: number; rule: FieldRule }> {
  const seen = new Map<string, number>()
  const result = new Map<string, { index: number; rule: FieldRule }>()
  rules.forEach((rule, index) => {
    const count = seen.get(rule.target) ?? 0
    seen.set(rule.target, count + 1)
    result.set(`${rule.target}#${count}`, { index, rule })
  })
  return result
}

function diffRules(
  part: string,
  list: string | null,
  before: readonly FieldRule[],
  after: readonly FieldRule[],
): PartDiff {
  const [old, now] = [numbered(before), numbered(after)]
  const diff: PartDiff = { part, list, added: [], removed: [], changed: [], listMoved: false }
  for (const [key, entry] of old) if (!now.has(key)) diff.removed.push(entry)
  for (const [key, entry] of now) {
    const was = old.get(key)
    if (!was) {
      diff.added.push(entry)
      continue
    }
    const fields = changedFields(was.rule, entry.rule)
    if (fields.length > 0) {
      diff.changed.push({ target: entry.rule.target, from: was.index, to: entry.index, before: was.rule, after: entry.rule, fields }) // prettier-ignore
    }
  }
  return diff
}

const namesOf = (...groups: readonly (readonly string[])[]): string[] => [...new Set(groups.flat())]

function diffLists(part: string, before: readonly ListRule[], after: readonly ListRule[]): PartDiff[] {
  const targets = (lists: readonly ListRule[]) => lists.map((list) => list.target)
  return namesOf(targets(before), targets(after)).map((target) => {
    const was = before.find((list) => list.target === target)
    const now = after.find((list) => list.target === target)
    const diff = diffRules(part, target, was?.rules ?? [], now?.rules ?? [])
    return { ...diff, listMoved: stable(was?.each ?? null) !== stable(now?.each ?? null) }
  })
}

/** What differs between two versions of a mapping, by part; empty when they do the same in the same words. */
export function diffMappings(before: MappingDocument, after: MappingDocument): PartDiff[] {
  return namesOf(Object.keys(before.parts), Object.keys(after.parts))
    .flatMap((name) => {
      const [was, now] = [before.parts[name], after.parts[name]]
      return [
        diffRules(name, null, was?.rules ?? [], now?.rules ?? []),
        ...diffLists(name, was?.lists ?? [], now?.lists ?? []),
      ]
    })
    .filter((diff) => diff.listMoved || diff.added.length + diff.removed.length + diff.changed.length > 0)
}
