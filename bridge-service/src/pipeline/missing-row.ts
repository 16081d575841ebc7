import { show, type PartFailure, type PartMapping } from '@crosswalk/shared/mapping'
import type { Entity } from '@crosswalk/shared/model'
import { isPersonal } from './personal.ts'
import type { MissingRow } from './work.ts'

/** The lookup table that had no row for a record, with the value it was asked for; null where a rule failed otherwise. */
export function missingRowOf(
  failure: PartFailure,
  part: PartMapping | undefined,
  entity: Entity,
): MissingRow | null {
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
  const isKept = isScalar && !isPersonal(rule, entity)
  return { table, value: isKept ? String(value).trim().slice(0, 200) : null }
}
