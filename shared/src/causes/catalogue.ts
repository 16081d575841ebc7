import { ACCOUNT_CAUSES } from './account.ts'
import { BOOK_CAUSES } from './books.ts'
import type { CauseDefinition, CauseParams, CauseRef as AnyCauseRef } from './cause.ts'
import { DATA_CAUSES } from './data.ts'
import { RULE_CAUSES } from './rules.ts'
import { SHOP_CAUSES } from './shop.ts'
import { TARGET_CAUSES } from './target.ts'

/** Every cause by its key. Keys stay: stored failures, links in mails and translations name them. */
export const CAUSES = {
  ...SHOP_CAUSES,
  ...ACCOUNT_CAUSES,
  ...TARGET_CAUSES,
  ...RULE_CAUSES,
  ...DATA_CAUSES,
  ...BOOK_CAUSES,
} as const satisfies Readonly<Record<string, CauseDefinition>>

export type CauseKey = keyof typeof CAUSES
export type CauseRef = AnyCauseRef<CauseKey>

export const CAUSE_KEYS = Object.keys(CAUSES) as [CauseKey, ...CauseKey[]]

/** The definition of a cause; of one that a newer version stored, that of an answer nobody knows. */
export const definitionOf = (key: string): CauseDefinition =>
  Object.hasOwn(CAUSES, key) ? CAUSES[key as CauseKey] : CAUSES.unknown_answer

/** A cause with its params, those without a value left out. */
export function causeRef(
  key: CauseKey,
  params: Readonly<Record<string, string | number | null | undefined>> = {},
): CauseRef {
  const given = Object.entries(params).filter(
    (entry): entry is [string, string | number] =>
      entry[1] !== null && entry[1] !== undefined && entry[1] !== '',
  )
  return { key, params: Object.fromEntries(given) }
}

/** The params that all failures of a cause's group have in common. */
export function groupParams(ref: AnyCauseRef): CauseParams {
  const { groupBy } = definitionOf(ref.key)
  return Object.fromEntries(
    groupBy.flatMap((name) => {
      const value = ref.params[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** A text that two failures share exactly when one act repairs both: the cause and the params it is grouped by. */
export function groupText(ref: AnyCauseRef): string {
  const params = Object.entries(groupParams(ref)).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([ref.key, ...params])
}
