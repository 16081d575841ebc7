import type { Field } from '@crosswalk/shared/mapping'
import type { PropertyFact } from './facts.ts'

/** Longest text of a property. */
export const MAX_TEXT = 65_536

const TYPES: Readonly<Record<string, Field['type']>> = {
  string: 'text',
  phone_number: 'text',
  number: 'number',
  bool: 'boolean',
  date: 'date',
  datetime: 'datetime',
  enumeration: 'choice',
}

/** HubSpot's type in the words of a field catalogue. Types not known here are written as text. */
export function fieldType(fact: PropertyFact): Field['type'] {
  if (fact.multiple) return 'list'
  if (fact.money) return 'amount'
  return TYPES[fact.type] ?? 'text'
}

/** A property as an entry of the field catalogue. */
export function toField(name: string, fact: PropertyFact, required: boolean): Field {
  const type = fieldType(fact)
  return {
    name,
    label: fact.label,
    type,
    group: fact.group,
    help: '',
    required,
    readOnly: fact.readOnly ?? false,
    unique: fact.unique ?? false,
    maxLength: type === 'text' ? MAX_TEXT : null,
    options: (fact.options ?? []).map(([value, label]) => ({ value, label })),
    example: '',
  }
}
