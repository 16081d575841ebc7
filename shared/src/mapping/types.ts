import type { Field, FieldType } from './field.ts'
import { showPath, type Path } from './path.ts'
import type { RuleValue } from './rule.ts'
import { transformById, type Gives, type Takes } from './transforms/index.ts'

/** Type of a value on its way; `any` where only the record can tell (custom fields, lookup answers). */
export type ValueType = FieldType | 'any'

export const TYPE_WORDS: Readonly<Record<ValueType, string>> = {
  text: 'text',
  number: 'a number',
  amount: 'an amount',
  boolean: 'yes or no',
  date: 'a day',
  datetime: 'a moment in time',
  choice: 'a choice',
  list: 'a list',
  object: 'an object',
  any: 'any value',
}

const SCALARS = new Set<ValueType>(['text', 'number', 'amount', 'boolean', 'date', 'datetime', 'choice'])

/** True when a value of one type may go where another is taken. Text fits a choice: its options are checked apart. */
export function fits(from: ValueType, to: ValueType): boolean {
  if (from === to || from === 'any' || to === 'any') return true
  if (to === 'text') return SCALARS.has(from)
  if (to === 'number' || to === 'amount') return from === 'number' || from === 'amount'
  if (to === 'choice') return from === 'text' || from === 'number' || from === 'boolean'
  // A day stands for its midnight in UTC; a moment needs a zone before it is a day.
  return to === 'datetime' && from === 'date'
}

/** Steps that lead from one type to another, for the advice beside a problem. */
export function adviceFor(from: ValueType, to: ValueType): string {
  if (from === 'datetime' && to === 'date') return 'Add the step "date.day".'
  if (from === 'text' && (to === 'number' || to === 'amount')) return 'Add the step "number.parse".'
  if (from === 'text' && (to === 'date' || to === 'datetime')) return 'Add the step "date.parse".'
  if (to === 'boolean') return 'Add the step "boolean.parse".'
  if (from === 'list')
    return 'Add a step that makes one value of the list, such as "list.join" or "list.first".'
  return `Choose a field that is ${TYPE_WORDS[to]}.`
}

export const takes = (wanted: Takes, type: ValueType): boolean =>
  typeof wanted === 'string'
    ? fits(type, wanted)
    : (wanted as readonly FieldType[]).some((one) => fits(type, one))

/** Type after a transform with these parameters (unparsed), or the given one where that cannot be told. */
export function typeAfter(use: string, params: unknown, type: ValueType): ValueType {
  const transform = transformById(use)
  if (!transform) return 'any'
  const parsed = transform.params.safeParse(params)
  const gives: Gives = transform.toWith && parsed.success ? transform.toWith(parsed.data) : transform.to
  return gives === 'same' ? type : gives
}

/** Source fields by the form of their path. */
export type FieldIndex = ReadonlyMap<string, Field>

export const indexFields = (fields: readonly Field[]): FieldIndex =>
  new Map(fields.map((field) => [showPath(field.path ?? [field.name]), field]))

/** Type found at a path; null where the catalogue has no such field. What lies in the source's own data can be anything. */
export function typeAt(path: Path, fields: FieldIndex): ValueType | null {
  const known = fields.get(showPath(path))
  if (known) return known.type
  if (path[0] === 'native' || (path[0] === 'item' && path[1] === 'native')) return 'any'
  // Inside an element of a list that is known.
  const position = path.findIndex((part) => typeof part === 'number')
  const list = position > 0 ? fields.get(showPath(path.slice(0, position))) : undefined
  return list?.type === 'list' ? 'any' : null
}

/** Type a rule's value has before its transforms; unknown fields count as `any`, they are told apart. */
export function typeOfValue(value: RuleValue, fields: FieldIndex): ValueType {
  switch (value.kind) {
    case 'field':
      return typeAt(value.path, fields) ?? 'any'
    case 'first_of': {
      const types = new Set(value.paths.map((path) => typeAt(path, fields) ?? 'any'))
      return types.size === 1 ? ([...types][0] as ValueType) : 'any'
    }
    case 'template':
      return 'text'
    case 'constant':
      if (typeof value.value === 'number') return 'number'
      return typeof value.value === 'boolean' ? 'boolean' : 'any'
  }
}

/** Every path a rule's value reads. */
export function pathsOf(value: RuleValue): readonly Path[] {
  if (value.kind === 'field') return [value.path]
  if (value.kind === 'first_of') return value.paths
  if (value.kind === 'template')
    return value.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.path]))
  return []
}
