import type { ReactNode } from 'react'
import type { FormField } from './model.ts'

/** Title of a field; needed ones are marked. */
export const titleOf = ({ title, required }: FormField): string => (required ? `${title} *` : title)

/** What stands below a field, and is read with it: what it is for, and what is wrong with it. */
export const Help = ({ field, problem }: { field: FormField; problem: string | null }): ReactNode => (
  <>
    {field.description}
    {problem !== null && <span className="cw-field-problem">{problem}</span>}
  </>
)
