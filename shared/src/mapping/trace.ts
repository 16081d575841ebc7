import { transformById } from './transforms/index.ts'
import { isEmpty } from './transforms/values.ts'

/**
 * What became of a rule: `written` · `left_out` and `cleared` had no value, by `onEmpty` · `skipped_condition` its
 * `when` did not hold · `skipped_update` its `on` is for the other kind of write · `failed` · `edited` a
 * value was given by hand. Kept as positions in this
 * list: only ever add at its end.
 */
export const OUTCOMES = [
  'written',
  'left_out',
  'cleared',
  'skipped_condition',
  'skipped_update',
  'failed',
  'edited',
] as const
export type RuleOutcome = (typeof OUTCOMES)[number]

/** One rule's way, for the preview and a record's page. `index` counts within the part, or within the list. */
export interface RuleTrace {
  index: number
  /** For a rule of a list field: the list's target and the position of the element. */
  list?: { target: string; item: number }
  target: string
  input: unknown
  /** Value after each transform that ran. */
  steps: { use: string; value: unknown }[]
  outcome: RuleOutcome
  problem?: string
}

/**
 * The way of all rules of a part, without what the mapping itself tells; a backfill keeps millions of these. Per rule
 * `[rule, outcome, input, value after each transform that ran …]`: `rule` is its position, or `[list, element,
 * position]` for one of a list field; a failed one ends with its problem; what was not come to is missing.
 */
export type PackedTrace = readonly (readonly unknown[])[]

interface TracedRule {
  target: string
  transforms: readonly { use: string }[]
}
/** What a packed trace needs of a part's rules to be put in words again. */
export interface TracedPart {
  rules: readonly TracedRule[]
  lists: readonly { target: string; rules: readonly TracedRule[] }[]
}
export type TracedMapping = Readonly<Record<string, TracedPart>>

/** A mapping's parts without all that traces can do without, to be kept beside them. */
export function tracedMapping(parts: TracedMapping): TracedMapping {
  const bare = ({ target, transforms }: TracedRule): TracedRule => ({
    target,
    transforms: transforms.map(({ use }) => ({ use })),
  })
  const entries = Object.entries(parts).map(([role, part]): [string, TracedPart] => [
    role,
    {
      rules: part.rules.map(bare),
      lists: part.lists.map((list) => ({ target: list.target, rules: list.rules.map(bare) })),
    },
  ])
  return Object.fromEntries(entries)
}

/**
 * A packed trace in words, with the mapping it was made with. Which transforms ran follows from the values: one that
 * takes no empty value is passed by where there is none.
 */
export function unpackTrace(part: TracedPart, packed: PackedTrace): RuleTrace[] {
  return packed.map((entry): RuleTrace => {
    const [place, code, ...rest] = entry as [number | [number, number, number], number, ...unknown[]]
    const [listIndex, item, index] = Array.isArray(place) ? place : [null, 0, place]
    const list = listIndex === null ? undefined : part.lists[listIndex]
    const rule = (list ?? part).rules[index]
    const outcome = OUTCOMES[code] ?? 'failed'
    const problem = outcome === 'failed' ? (rest.pop() as string) : undefined
    const steps: RuleTrace['steps'] = []
    let value = rest[0]
    let at = 1
    for (const { use } of rule?.transforms ?? []) {
      if (at >= rest.length) break
      if (isEmpty(value) && transformById(use)?.takesEmpty !== true) continue
      value = rest[at++]
      steps.push({ use, value })
    }
    return {
      index,
      ...(list ? { list: { target: list.target, item } } : {}),
      target: rule?.target ?? '',
      input: rest[0],
      steps,
      outcome,
      ...(problem === undefined ? {} : { problem }),
    }
  })
}

/** The value each rule outside of lists wrote, by target, as it was before the target's connector normalised it. */
export function writtenValues(part: TracedPart, packed: PackedTrace): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const entry of packed) {
    const [place, code] = entry
    if (typeof place !== 'number') continue
    const target = part.rules[place]?.target
    if (target === undefined) continue
    if (code === WRITTEN) values[target] = entry[entry.length - 1]
    else if (code === CLEARED) values[target] = null
  }
  return values
}
const WRITTEN = OUTCOMES.indexOf('written')
const CLEARED = OUTCOMES.indexOf('cleared')
