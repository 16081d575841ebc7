import { __ } from '@wordpress/i18n'
import type { MappingProblem } from '@crosswalk/shared/contract'
import type { MappingDocument } from '@crosswalk/shared/mapping'
import { isChosen, type Row } from './draft.ts'

export type RowProblem = Pick<MappingProblem, 'message' | 'remedy'>

/** Part, list and position that the way to a problem leads to. */
function placeOf({ path }: MappingProblem): { part: string; list: number | null; index: number } | null {
  const [, part, kind, first, , second] = path
  if (typeof part !== 'string' || typeof first !== 'number') return null
  if (kind === 'rules') return { part, list: null, index: first }
  return kind === 'lists' && typeof second === 'number' ? { part, list: first, index: second } : null
}

const NOT_CHOSEN = (): RowProblem => ({
  message: __('It is not said where the value comes from.', 'crosswalk'),
  remedy: __('Choose a field, a text or a fixed value.', 'crosswalk'),
})

/** What is wrong with a line: with its rule, or that it needs one. */
export function problemsOfRow(problems: readonly MappingProblem[], row: Row, part: string): RowProblem[] {
  const { place, rule } = row
  if (place === null || rule === null) {
    return problems.filter((one) => one.part === part && one.rule === null && one.target === row.target)
  }
  const found = problems.filter((one) => {
    const at = placeOf(one)
    return at !== null && at.part === place.part && at.list === place.list && at.index === place.index
  })
  return isChosen(rule) ? found : [NOT_CHOSEN(), ...found]
}

/** How many things keep the rules from being saved. */
export const countProblems = (document: MappingDocument, problems: readonly MappingProblem[]): number =>
  problems.length +
  Object.values(document.parts)
    .flatMap(({ rules, lists }) => [...rules, ...lists.flatMap((list) => list.rules)])
    .filter((rule) => !isChosen(rule)).length

/** How many of them are in a part. */
export const countInPart = (
  document: MappingDocument,
  part: string,
  problems: readonly MappingProblem[],
): number => {
  const own = document.parts[part]
  return countProblems(
    { parts: own === undefined ? {} : { [part]: own } },
    problems.filter((one) => one.part === part),
  )
}
