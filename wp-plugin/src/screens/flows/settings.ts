import type { ApiError } from '@crosswalk/shared/contract'
import type { FormContext } from '../form/context.ts'
import { asValues, type FieldProblem, type FormField, problemsFrom, type Values } from '../form/model.ts'

type Options = FormContext['options']

/** Asked at the moment a flow goes live, with the number of records it makes. */
export const START_DATE = 'startDate'

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** What only the user can know: an answer that is needed, and choices that come from the connected systems. */
export const isQuestion = (field: FormField): boolean =>
  !field.advanced && (field.required || field.optionsFrom !== null || field.keysFrom !== null)

/** Names of a table that have no value yet; empty for other fields. */
export const missingKeys = (
  field: FormField,
  value: unknown,
  options: Options,
): { value: string; label: string }[] =>
  field.keysFrom === null
    ? []
    : (options[field.keysFrom] ?? []).filter((key) => isNothing(asValues(value)[key.value]))

/** Whether a question has its answer. A choice that may stay empty has one in any case. */
export function isAnswered(field: FormField, values: Values, options: Options): boolean {
  const value = values[field.name]
  if (field.keysFrom !== null) return missingKeys(field, value, options).length === 0
  return !field.required || !isNothing(value)
}

/** The form of a flow with its questions before it and the rest folded; open ones come first. */
export function asQuestions(fields: readonly FormField[], values: Values, options: Options): FormField[] {
  const shown = fields.filter(({ name }) => name !== START_DATE)
  const questions = shown.filter(isQuestion)
  const open = questions.filter((field) => !isAnswered(field, values, options))
  const answered = questions.filter((field) => !open.includes(field))
  const rest = shown.filter((field) => !isQuestion(field)).map((field) => ({ ...field, advanced: true }))
  return [...open, ...answered, ...rest]
}

/** What the bridge found wrong with settings, each at its field. */
export const settingProblems = (error: ApiError): FieldProblem[] => problemsFrom(error, ['body', 'settings'])
