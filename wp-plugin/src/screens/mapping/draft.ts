import type { Field, FieldRule, MappingDocument, PartMapping } from '@crosswalk/shared/mapping'

/** Where a rule stands: its part, the list field inside of it (null: none), its position there. */
export interface Place {
  part: string
  list: number | null
  index: number
}

/** A line of the editor: a field of the target and its rule, where it has one. */
export interface Row {
  key: string
  /** Null for a field that is gone in the target. */
  field: Field | null
  target: string
  required: boolean
  rule: FieldRule | null
  place: Place | null
}

/** The value of a rule that nobody has chosen one for yet: it writes nothing. */
export const NOTHING: FieldRule['value'] = { kind: 'constant', value: '' }
export const isChosen = ({ value }: FieldRule): boolean => value.kind !== 'constant' || value.value !== ''

const NO_RULES: PartMapping = { rules: [], lists: [] }

export const partOf = (document: MappingDocument, part: string): PartMapping =>
  document.parts[part] ?? NO_RULES

const rulesIn = (part: PartMapping, list: number | null): readonly FieldRule[] =>
  list === null ? part.rules : (part.lists[list]?.rules ?? [])

export const ruleAt = (document: MappingDocument, { part, list, index }: Place): FieldRule | null =>
  rulesIn(partOf(document, part), list)[index] ?? null

/** The document with the rules of a part, or of a list field in it, changed. */
function withRules(
  document: MappingDocument,
  { part, list }: Pick<Place, 'part' | 'list'>,
  change: (rules: readonly FieldRule[]) => FieldRule[],
): MappingDocument {
  const old = partOf(document, part)
  const changed: PartMapping =
    list === null
      ? { ...old, rules: change(old.rules) }
      : { ...old, lists: old.lists.map((one, at) => (at === list ? { ...one, rules: change(one.rules) } : one)) } // prettier-ignore
  return { parts: { ...document.parts, [part]: changed } }
}

export const setRule = (document: MappingDocument, place: Place, rule: FieldRule): MappingDocument =>
  withRules(document, place, (rules) => rules.map((one, at) => (at === place.index ? rule : one)))

export const removeRule = (document: MappingDocument, place: Place): MappingDocument =>
  withRules(document, place, (rules) => rules.filter((_, at) => at !== place.index))

/** A new rule at the end of its part. @returns the document and where the rule stands */
export function addRule(
  document: MappingDocument,
  part: string,
  target: string,
): { document: MappingDocument; place: Place } {
  const rule: FieldRule = { target, value: NOTHING, transforms: [], on: 'both', onEmpty: 'omit' }
  const place = { part, list: null, index: partOf(document, part).rules.length }
  return { document: withRules(document, place, (rules) => [...rules, rule]), place }
}

/** The rule one place up or down; the same document where there is no such place. */
export function moveRule(document: MappingDocument, place: Place, by: -1 | 1): MappingDocument {
  const to = place.index + by
  const rules = rulesIn(partOf(document, place.part), place.list)
  if (to < 0 || to >= rules.length) return document
  return withRules(document, place, (old) => {
    const moved = [...old]
    const [rule] = moved.splice(place.index, 1)
    if (rule) moved.splice(to, 0, rule)
    return moved
  })
}

/** Fields of the target as the editor's lines: needed ones first, then filled ones in their order; and those not filled. */
export function rowsOf(
  document: MappingDocument,
  part: string,
  fields: readonly Field[],
  required: readonly string[],
): { filled: Row[]; unfilled: Field[] } {
  const known = new Map(fields.map((field) => [field.name, field]))
  const needed = new Set(required)
  const { rules } = partOf(document, part)
  const filled = rules.map((rule, index): Row => ({
    key: `${index} ${rule.target}`,
    field: known.get(rule.target) ?? null,
    target: rule.target,
    required: needed.has(rule.target),
    rule,
    place: { part, list: null, index },
  }))
  const written = new Set(rules.map(({ target }) => target))
  const missing = required
    .filter((target) => !written.has(target))
    .map((target): Row => ({ key: target, field: known.get(target) ?? null, target, required: true, rule: null, place: null })) // prettier-ignore
  return {
    filled: [...missing, ...filled.filter((row) => row.required), ...filled.filter((row) => !row.required)],
    unfilled: fields.filter(
      (field) => !written.has(field.name) && !needed.has(field.name) && !field.readOnly,
    ),
  }
}

/** The rows of a list field inside a part. */
export function listRows(document: MappingDocument, part: string, list: number, fields: readonly Field[]): Row[] {
  const one = partOf(document, part).lists[list]
  const known = new Map(fields.map((field) => [field.name, field]))
  return (one?.rules ?? []).map((rule, index): Row => ({
    key: `${list} ${index} ${rule.target}`,
    field: known.get(`${one?.target}.${rule.target}`) ?? null,
    target: rule.target,
    required: false,
    rule,
    place: { part, list, index },
  }))
} // prettier-ignore

/** True for documents that say the same in the same order. */
export const sameDocument = (a: MappingDocument, b: MappingDocument): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

export const samePlace = (a: Place | null, b: Place | null): boolean =>
  a !== null && b !== null && a.part === b.part && a.list === b.list && a.index === b.index
