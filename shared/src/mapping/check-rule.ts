import type { Problem, ProblemCode } from './check.ts'
import type { Condition } from './condition.ts'
import type { Field } from './field.ts'
import { showPath, type Path } from './path.ts'
import type { FieldRule } from './rule.ts'
import { asDecimal, transformById } from './transforms/index.ts'
import { adviceFor, fits, pathsOf, takes, typeAfter, typeAt, typeOfValue, TYPE_WORDS, type FieldIndex, type ValueType } from './types.ts' // prettier-ignore

/** What a rule is checked against. `targets` is null where the fields are not known (rows of a list). */
export interface RuleCheck {
  part: string
  sources: FieldIndex
  targets: ReadonlyMap<string, Field> | null
  lookups: ReadonlySet<string>
  /** Where the rules lie in the document. */
  at: readonly (string | number)[]
  /** True where `item` is an element whose fields are not known. */
  freeItem?: boolean
}

type Report = (code: ProblemCode, path: readonly (string | number)[], message: string, remedy: string) => void

/** Everything wrong with one rule. */
export function checkRule(rule: FieldRule, index: number, check: RuleCheck): Problem[] {
  const problems: Problem[] = []
  const report: Report = (code, path, message, remedy) => {
    const place = { path: [...check.at, index, ...path], part: check.part, rule: index, target: rule.target }
    problems.push({ code, ...place, message, remedy })
  }
  for (const path of pathsOf(rule.value)) checkPath(path, ['value'], check, report)
  if (rule.when) for (const path of conditionPaths(rule.when)) checkPath(path, ['when'], check, report)
  const type = checkTransforms(rule, check, report)
  checkTarget(rule, type, check, report)
  return problems
}

function checkPath(path: Path, at: string[], check: RuleCheck, report: Report): void {
  if (check.freeItem && path[0] === 'item') return
  if (typeAt(path, check.sources) !== null) return
  const shown = showPath(path)
  const remedy =
    path[0] === 'item'
      ? 'Only a part made per line can read a line; choose a field of the record.'
      : nearest(shown, check.sources.keys())
  report('unknown_source_field', at, `The source has no field ${shown}.`, remedy)
}

/** Follows the value through the transforms; its type at the end, `any` after a step that was wrong. */
function checkTransforms(rule: FieldRule, check: RuleCheck, report: Report): ValueType {
  let type = typeOfValue(rule.value, check.sources)
  rule.transforms.forEach((step, i) => {
    const transform = transformById(step.use)
    if (!transform) {
      report('unknown_transform', ['transforms', i, 'use'], `There is no step named "${step.use}".`, 'Choose a step from the list.') // prettier-ignore
      type = 'any'
      return
    }
    const parsed = transform.params.safeParse(step.with)
    for (const issue of parsed.error?.issues ?? []) {
      const at = issue.path.filter((part) => typeof part !== 'symbol')
      const field = at.join('.')
      report('bad_parameters', ['transforms', i, 'with', ...at], `"${transform.label}": ${field ? `${field}: ` : ''}${issue.message}.`, transform.help) // prettier-ignore
    }
    if (!takes(transform.from, type)) {
      const wanted = (typeof transform.from === 'string' ? transform.from : transform.from[0]) as ValueType
      report('type_does_not_fit', ['transforms', i], `"${transform.label}" works on ${TYPE_WORDS[wanted]}, but gets ${TYPE_WORDS[type]}.`, adviceFor(type, wanted)) // prettier-ignore
    }
    const table = step.use === 'lookup.table' ? step.with['table'] : undefined
    if (typeof table === 'string' && !check.lookups.has(table)) {
      report('unknown_lookup_table', ['transforms', i, 'with', 'table'], `There is no lookup table named "${table}".`, tablesSaid(check.lookups)) // prettier-ignore
    }
    type = typeAfter(step.use, step.with, type)
  })
  return type
}

const tablesSaid = (lookups: ReadonlySet<string>): string =>
  lookups.size === 0 ? 'Make the table first.' : `There are: ${[...lookups].slice(0, 10).join(', ')}.`

function checkTarget(rule: FieldRule, type: ValueType, check: RuleCheck, report: Report): void {
  if (!check.targets) return
  const field = check.targets.get(rule.target)
  if (!field) {
    report('unknown_target_field', ['target'], `The target has no field "${rule.target}".`, nearest(rule.target, check.targets.keys())) // prettier-ignore
    return
  }
  if (field.readOnly) {
    report(
      'read_only_target',
      ['target'],
      `"${field.label}" can be read but not written.`,
      'Remove the rule.',
    )
  }
  if (!fits(type, field.type)) {
    report('type_does_not_fit', [], `"${field.label}" takes ${TYPE_WORDS[field.type]}, but gets ${TYPE_WORDS[type]}.`, adviceFor(type, field.type)) // prettier-ignore
  }
  checkFixed(rule, field, report)
}

/** What is written whatever the record holds must itself be possible. */
function checkFixed(rule: FieldRule, field: Field, report: Report): void {
  for (const { value, at } of fixedValues(rule)) {
    if (value === null || value === '') continue
    const text = String(value)
    if (field.options.length > 0 && !field.options.some((option) => option.value === text)) {
      const known = field.options.slice(0, 10).map((option) => `"${option.value}"`)
      report('value_not_allowed', at, `"${text.slice(0, 60)}" is not one of the choices of "${field.label}".`, `Choose one of: ${known.join(', ')}.`) // prettier-ignore
    }
    if ((field.type === 'number' || field.type === 'amount') && asDecimal(value) === null) {
      report(
        'value_not_allowed',
        at,
        `"${text.slice(0, 60)}" is not a number.`,
        'Write a number such as "12.50".',
      )
    }
  }
  const length = fixedLength(rule)
  if (field.maxLength !== null && length > field.maxLength) {
    report('too_long', ['value'], `The fixed text is ${length} characters long; "${field.label}" takes ${field.maxLength}.`, 'Shorten the text, or add the step "text.truncate".') // prettier-ignore
  }
}

function fixedValues(rule: FieldRule): { value: unknown; at: (string | number)[] }[] {
  const last = rule.transforms.length - 1
  const step = rule.transforms[last]
  if (!step)
    return rule.value.kind === 'constant' ? [{ value: rule.value.value, at: ['value', 'value'] }] : []
  if (step.use === 'text.default')
    return [{ value: step.with['value'] ?? null, at: ['transforms', last, 'with', 'value'] }]
  const pairs = step.use === 'choice.from' && Array.isArray(step.with['pairs']) ? step.with['pairs'] : []
  return pairs.map((pair: unknown, i) => ({
    value: (pair as { to?: unknown } | null)?.to ?? null,
    at: ['transforms', last, 'with', 'pairs', i, 'to'],
  }))
}

/** Length of the text that is there in any case; 0 where a step may shorten it. */
function fixedLength(rule: FieldRule): number {
  if (
    rule.transforms.some(
      ({ use }) => !['text.upper', 'text.lower', 'text.prefix', 'text.suffix'].includes(use),
    )
  )
    return 0
  const { value } = rule
  if (value.kind === 'constant') return typeof value.value === 'string' ? value.value.length : 0
  if (value.kind !== 'template') return 0
  return value.parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0)
}

/** Every path a condition reads. */
export function conditionPaths(condition: Condition): Path[] {
  if ('all' in condition) return condition.all.flatMap(conditionPaths)
  if ('any' in condition) return condition.any.flatMap(conditionPaths)
  if ('not' in condition) return conditionPaths(condition.not)
  if ('exists' in condition) return [condition.exists]
  if ('equals' in condition) return [condition.equals.path]
  if ('in' in condition) return [condition.in.path]
  if ('greater' in condition) return [condition.greater.path]
  if ('less' in condition) return [condition.less.path]
  return [condition.contains.path]
}

/** The known name that looks most like an unknown one, as advice. */
function nearest(name: string, names: Iterable<string>): string {
  const fold = (text: string) => text.toLowerCase().replace(/[^a-z\d]/g, '')
  const wanted = fold(name)
  const tail = fold(name.split('.').at(-1) ?? name)
  let best: string | null = null
  for (const candidate of names) {
    if (fold(candidate) === wanted) return `Did you mean ${candidate}?`
    if (best === null && tail.length > 2 && fold(candidate).includes(tail)) best = candidate
  }
  return best === null ? 'Choose a field from the list.' : `Did you mean ${best}?`
}
