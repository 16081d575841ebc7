import { causeRef, CAUSES, type CauseKey, type CauseRef } from './catalogue.ts'
import type { CauseRef as AnyCauseRef } from './cause.ts'

/** A failure as the pipeline stores it on a record's link, and whom it is about. */
export interface StoredFailure {
  /** Kind of failure: one of the connectors' kinds, or `mapping`, `missing`, `policy`, `ambiguous`. */
  code: string
  /** Step of the pipeline it happened in. */
  step?: string | undefined
  /** Role of the part it happened at. */
  part?: string | undefined
  /** Field of the target, and its name for people. */
  field?: string | undefined
  label?: string | undefined
  /** Kind of record. */
  entity?: string | undefined
  /** Name of the system that refused, and of the one the record comes from. */
  system: string
  source: string
  /** What the system said, cleaned by `vendorWords`; of a rule that failed, what it says. */
  words?: string | undefined
  /** What a connector or a step knows better. */
  named?: AnyCauseRef | undefined
  /** Of a rule that failed: the transform it failed in, the table that was asked, and the value where it is no person's. */
  use?: string | null | undefined
  table?: string | undefined
  value?: string | undefined
  /** That table is not there. */
  tableGone?: boolean | undefined
  /** The rule had no value at all. */
  empty?: boolean | undefined
  /** Of a clash: the other record's id. */
  other?: string | undefined
}

/** Kinds whose cause needs no further look. */
const BY_KIND: Readonly<Record<string, CauseKey>> = {
  not_found: 'record_gone',
  forbidden: 'permission_missing',
  unauthorized: 'sign_in_refused',
  rate_limited: 'slow_down',
  unavailable: 'system_silent',
  unsafe: 'address_unsafe',
  policy: 'settings_forbid',
}

/** Kinds of value that transforms ask for, by the beginning of their name. */
const KINDS: readonly (readonly [prefix: string, kind: string])[] = [
  ['date.', 'a date'],
  ['number.', 'a number'],
  ['money.', 'a number'],
  ['list.sum', 'a number'],
  ['list.', 'a list'],
  ['country.', 'a country'],
  ['boolean.', 'yes or no'],
  ['phone.', 'a phone number'],
  ['text.', 'text'],
]

/** The table of stages that a flow's settings make. */
const STAGES_TABLE = 'stages'

function ofRule(failure: StoredFailure): CauseKey {
  const { use } = failure
  if (use === 'lookup.table') {
    if (failure.tableGone) return 'lookup_gone'
    return failure.table === STAGES_TABLE ? 'stage_missing' : 'lookup_missing'
  }
  if (failure.empty) return 'value_missing'
  if (use === 'choice.from') return 'pair_missing'
  if (use && KINDS.some(([prefix]) => use.startsWith(prefix))) return 'value_wrong_kind'
  return 'rule_failed'
}

/** The part that stands for the record itself, where it cannot be found again for want of a key. */
function ofMissing({ part, entity, step }: StoredFailure): CauseKey {
  if (part === 'product') return 'product_missing'
  if (part !== 'document' || step !== 'resolve') return 'part_missing'
  if (entity === 'customer') return 'email_missing'
  return entity === 'product' ? 'sku_missing' : 'key_missing'
}

function keyOf(failure: StoredFailure): CauseKey {
  const simple = BY_KIND[failure.code]
  if (simple !== undefined) return simple
  switch (failure.code) {
    case 'mapping':
      return ofRule(failure)
    case 'missing':
      return ofMissing(failure)
    case 'conflict':
      if (failure.step === 'resolve') return failure.entity === 'product' ? 'sku_shared' : 'key_shared'
      return 'value_taken'
    case 'ambiguous':
      return failure.part === 'contact' || failure.entity === 'customer' ? 'contact_ambiguous' : 'several_fit'
    case 'invalid':
      return failure.field === undefined ? 'unknown_answer' : 'value_refused'
    case 'malformed':
      return failure.step === 'read' || failure.step === 'resolve' ? 'record_unreadable' : 'answer_unreadable'
    default:
      return 'unknown_answer'
  }
}

const kindOf = (use: string | null | undefined): string | undefined =>
  use ? KINDS.find(([prefix]) => use.startsWith(prefix))?.[1] : undefined

/**
 * The cause of a stored failure. What a connector or a step named counts, where this version knows it; else it is told
 * by kind, step, part, field and rule. Pure and total: what nobody knows is an unknown answer with the system's words.
 */
export function causeOf(failure: StoredFailure): CauseRef {
  const { named, part, field, label, source, use, words, value, table, other } = failure
  const isNamed = named !== undefined && Object.hasOwn(CAUSES, named.key)
  const key = isNamed ? (named.key as CauseKey) : keyOf(failure)
  // The word that the title of a stage's cause has for the value.
  const spoken = key === 'stage_missing' ? { status: value } : { value }
  return causeRef(key, {
    system: failure.system,
    source,
    part,
    field,
    label: label ?? field,
    kind: kindOf(use),
    list: table,
    words,
    other,
    ...spoken,
    ...named?.params,
  })
}
