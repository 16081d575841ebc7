import type { Field } from './field.ts'
import { checkRule, type RuleCheck } from './check-rule.ts'
import { showPath } from './path.ts'
import type { FieldRule, ListRule, MappingDocument, PartMapping } from './rule.ts'
import { indexFields, typeAt } from './types.ts'

export type ProblemCode =
  | 'unknown_part'
  | 'unknown_source_field'
  | 'unknown_target_field'
  | 'read_only_target'
  | 'required_target_missing'
  | 'two_rules_on_one_target'
  | 'type_does_not_fit'
  | 'unknown_transform'
  | 'bad_parameters'
  | 'unknown_lookup_table'
  | 'value_not_allowed'
  | 'too_long'
  | 'not_a_list'

/** What is wrong with a mapping. `path` leads to it in the document; `rule` is its index where it is a rule's. */
export interface Problem {
  code: ProblemCode
  path: (string | number)[]
  part: string
  rule: number | null
  target: string | null
  /** What is wrong, in plain words. */
  message: string
  /** What would be right. */
  remedy: string
}

/** What a part may read and write. */
export interface PartCatalogue {
  sourceFields: readonly Field[]
  targetFields: readonly Field[]
  /** Names of target fields without which nothing can be created. */
  requiredTargets: readonly string[]
}

export interface CheckContext {
  /** By role; a part that the target does not have is missing here. */
  parts: Readonly<Record<string, PartCatalogue | undefined>>
  /** Names of the lookup tables there are. */
  lookups: readonly string[]
}

/**
 * Everything wrong with a mapping document against the catalogues of its source and target, in the document's order;
 * empty for a sound one. Values under `native` and `item.native` may be read freely: they are the source's own.
 */
export function checkMapping(document: MappingDocument, context: CheckContext): Problem[] {
  const problems = Object.entries(document.parts).flatMap(([name, part]) => {
    const catalogue = context.parts[name]
    return catalogue ? checkPart(name, part, catalogue, context.lookups) : [unknownPart(name, context)]
  })
  for (const [name, catalogue] of Object.entries(context.parts)) {
    if (!Object.hasOwn(document.parts, name) && catalogue)
      problems.push(...missing(name, undefined, catalogue))
  }
  return problems
}

function unknownPart(name: string, context: CheckContext): Problem {
  return {
    code: 'unknown_part', path: ['parts', name], part: name, rule: null, target: null,
    message: `The target has no part "${name}".`,
    remedy: `Its parts are: ${Object.keys(context.parts).join(', ')}.`,
  } // prettier-ignore
}

function checkPart(
  part: string,
  mapping: PartMapping,
  catalogue: PartCatalogue,
  lookups: readonly string[],
): Problem[] {
  const base = {
    part,
    sources: indexFields(catalogue.sourceFields),
    targets: new Map(catalogue.targetFields.map((field) => [field.name, field])),
    lookups: new Set(lookups),
  }
  const rules = mapping.rules.flatMap((rule, i) =>
    checkRule(rule, i, { ...base, at: ['parts', part, 'rules'] }),
  )
  const doubles = checkDoubles(part, mapping.rules, ['parts', part, 'rules'])
  const lists = mapping.lists.flatMap((list, i) =>
    checkList(list, { ...base, at: ['parts', part, 'lists', i] }),
  )
  return [...rules, ...doubles, ...lists, ...missing(part, mapping, catalogue)]
}

/** A list's rules read the element under `item`, whose shape only the record tells; its target fields are the row's. */
function checkList(list: ListRule, base: RuleCheck & { targets: ReadonlyMap<string, Field> }): Problem[] {
  const { at } = base
  const type = typeAt(list.each, base.sources)
  const problems: Problem[] = []
  const place = { part: base.part, rule: null, target: list.target }
  if (type === null) {
    problems.push({ ...place, code: 'unknown_source_field', path: [...at, 'each'], message: `The source has no field ${showPath(list.each)}.`, remedy: 'Choose one of its lists.' }) // prettier-ignore
  } else if (type !== 'list' && type !== 'any') {
    problems.push({ ...place, code: 'not_a_list', path: [...at, 'each'], message: `${showPath(list.each)} is not a list.`, remedy: 'Choose a field that is a list.' }) // prettier-ignore
  }
  if (!base.targets.has(list.target)) {
    problems.push({ ...place, code: 'unknown_target_field', path: [...at, 'target'], message: `The target has no field "${list.target}".`, remedy: 'Choose one of its list fields.' }) // prettier-ignore
  }
  // A catalogue names the fields of a list's rows as `rows.account`.
  const row = [...base.targets].filter(([name]) => name.startsWith(`${list.target}.`))
  const targets = new Map(row.map(([name, field]) => [name.slice(list.target.length + 1), field]))
  const inner = { ...base, targets: targets.size > 0 ? targets : null, freeItem: true, at: [...at, 'rules'] }
  return [
    ...problems,
    ...list.rules.flatMap((rule, i) => checkRule(rule, i, inner)),
    ...checkDoubles(base.part, list.rules, [...at, 'rules']),
  ]
}

function checkDoubles(part: string, rules: readonly FieldRule[], at: (string | number)[]): Problem[] {
  const overlap = (a: FieldRule, b: FieldRule) => a.on === b.on || a.on === 'both' || b.on === 'both'
  return rules.flatMap((rule, i) => {
    if (rule.when) return []
    const first = rules.findIndex((other, j) => j < i && other.target === rule.target && !other.when && overlap(other, rule)) // prettier-ignore
    if (first === -1) return []
    return [
      {
        code: 'two_rules_on_one_target', path: [...at, i], part, rule: i, target: rule.target,
        message: `Rules ${first + 1} and ${i + 1} both write "${rule.target}"; only the second would count.`,
        remedy: 'Remove one of them, or give one a condition.',
      } satisfies Problem, // prettier-ignore
    ]
  })
}

function missing(part: string, mapping: PartMapping | undefined, catalogue: PartCatalogue): Problem[] {
  const written = new Set([
    ...(mapping?.rules ?? []).filter((rule) => rule.on !== 'update').map((rule) => rule.target),
    ...(mapping?.lists ?? []).map((list) => list.target),
  ])
  return catalogue.requiredTargets
    .filter((target) => !written.has(target))
    .map((target) => {
      const label = catalogue.targetFields.find((field) => field.name === target)?.label ?? target
      return {
        code: 'required_target_missing', path: ['parts', part, 'rules'], part, rule: null, target,
        message: `The target needs "${label}" and no rule writes it when a record is made.`,
        remedy: `Add a rule for "${label}".`,
      } satisfies Problem // prettier-ignore
    })
}
