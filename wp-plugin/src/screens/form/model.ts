import { __, sprintf } from '@wordpress/i18n'
import type { ApiError, FormField } from '@crosswalk/shared/contract'
import { decimalOf } from './numbers.ts'

type Field = ReturnType<typeof FormField.parse>
export type { Field as FormField }

/** What a form holds, by the names of its fields. */
export type Values = Readonly<Record<string, unknown>>
/** The way to a field: names, and positions in rows. */
export type FieldPath = readonly (string | number)[]
/** Something wrong with one field, or with the whole where the path is empty. */
export interface FieldProblem {
  path: FieldPath
  message: string
}
export interface Option {
  value: string
  label: string
}

export const keyOf = (path: FieldPath): string => path.join('.')

/** Values to begin with: what is given, else the default of each field. */
export function startValues(fields: readonly Field[], given: Values = {}): Values {
  const entries = fields.map((field): [string, unknown] => {
    const value = Object.hasOwn(given, field.name) ? given[field.name] : field.default
    return [field.name, field.widget === 'group' ? startValues(field.fields, asValues(value)) : value]
  })
  // What has no field stays: a newer bridge may know it.
  return { ...given, ...Object.fromEntries(entries) }
}

export const asValues = (value: unknown): Values =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Values) : {}
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** What can be told without asking the bridge: nothing given, no number, too much. The bridge checks everything again. */
export function problemsOf(fields: readonly Field[], values: Values, at: FieldPath = []): FieldProblem[] {
  return fields.flatMap((field) => {
    const path = [...at, field.name]
    const value = values[field.name]
    if (field.widget === 'group') return problemsOf(field.fields, asValues(value), path)
    if (field.widget === 'rows') {
      return asList(value).flatMap((row, index) => problemsOf(field.fields, asValues(row), [...path, index]))
    }
    const message = problemOf(field, value)
    return message === null ? [] : [{ path, message }]
  })
}

function problemOf(field: Field, value: unknown): string | null {
  if (isEmpty(value)) return field.required ? __('This is needed.', 'crosswalk') : null
  if (field.widget !== 'number') return null
  const number = typeof value === 'number' ? value : decimalOf(String(value))
  if (number === null) {
    // translators: %s: what was typed
    return sprintf(__('“%s” is not a number.', 'crosswalk'), String(value))
  }
  if (field.min !== null && number < field.min) {
    // translators: %s: a number
    return sprintf(__('The least is %s.', 'crosswalk'), String(field.min))
  }
  if (field.max !== null && number > field.max) {
    // translators: %s: a number
    return sprintf(__('The most is %s.', 'crosswalk'), String(field.max))
  }
  return null
}

/**
 * What the bridge found wrong, by field.
 * @param below where the form's values lie in what was sent: `['body', 'settings']`
 */
export function problemsFrom(error: ApiError, below: readonly string[]): FieldProblem[] {
  return error.issues.map(({ path, message }) => ({
    path: below.every((part, index) => path[index] === part) ? path.slice(below.length) : [],
    message,
  }))
}

/** The field a path leads to, to name it; null for the form as a whole. */
export function fieldAt(fields: readonly Field[], path: FieldPath): Field | null {
  let inside = fields
  let found: Field | null = null
  for (const part of path) {
    if (typeof part === 'number') continue
    const next = inside.find(({ name }) => name === part)
    if (next === undefined) break
    found = next
    inside = next.fields
  }
  return found
}
