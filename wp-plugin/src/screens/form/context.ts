import { createContext, useContext } from '@wordpress/element'
import type { FieldPath, FormField, Option } from './model.ts'
import { keyOf } from './model.ts'

/** What every field of a form may need. */
export interface FormContext {
  /** Messages by the key of a field's path. */
  problems: ReadonlyMap<string, string>
  /** Choices that only the connected systems can tell, by name; absent while they are read, or where they cannot be. */
  options: Readonly<Partial<Record<string, readonly Option[]>>>
}

export const Form = createContext<FormContext>({ problems: new Map(), options: {} })

export interface FieldProps {
  field: FormField
  path: FieldPath
  value: unknown
  onChange: (value: unknown) => void
}

/** The message for a field, also one about something inside of it that has no field of its own. */
export function useProblem(path: FieldPath, alsoInside = false): string | null {
  const { problems } = useContext(Form)
  const key = keyOf(path)
  const own = problems.get(key)
  if (own !== undefined || !alsoInside) return own ?? null
  return [...problems].find(([place]) => place.startsWith(`${key}.`))?.[1] ?? null
}

/** Choices of a field: its own, or those of the connected systems; null where nobody can tell them now. */
export function useOptions(field: FormField, from = field.optionsFrom): readonly Option[] | null {
  const { options } = useContext(Form)
  if (from === null) return field.options
  const known = options[from]
  return known === undefined || known.length === 0 ? null : known
}
