import { show, type FieldRule, type PartFailure, type PartMapping } from '@crosswalk/shared/mapping'
import type { MissingRow } from './work.ts'

const PERSONAL = /"path":\["(?:customer|billing|shipping|customerNote|native)"/

/** True for a rule that reads a customer's data, or the source's own, which may be anybody's. */
export const tellsOfPerson = (rule: FieldRule): boolean => PERSONAL.test(JSON.stringify(rule))

/** Of a buyer, what many have in common: a country says nothing of who lives there. */
const SHARED = new Set(['country', 'region', 'group'])

const isShared = ({ value }: FieldRule): boolean =>
  value.kind === 'field' && value.path[0] !== 'native' && SHARED.has(String(value.path.at(-1)))

/** The lookup table that had no row for a record, with the value it was asked for; null where a rule failed otherwise. */
export function missingRowOf(failure: PartFailure, part: PartMapping | undefined): MissingRow | null {
  if (failure.use !== 'lookup.table') return null
  const list = part?.lists.find(({ target }) => target === failure.list?.target)
  const rule = (failure.list ? list?.rules.find(({ target }) => target === failure.target) : part?.rules[failure.index]) // prettier-ignore
  if (rule === undefined) return null
  const tables = rule.transforms.flatMap(({ use, with: given }) =>
    use === 'lookup.table' && typeof given['table'] === 'string' ? [given['table']] : [],
  )
  const table = tables.find((name) => failure.problem.includes(show(name))) ?? tables[0]
  if (table === undefined) return null
  const { value } = failure
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  const isKept = isScalar && (!tellsOfPerson(rule) || isShared(rule))
  return { table, value: isKept ? String(value).trim().slice(0, 200) : null }
}
