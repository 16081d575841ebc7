import { Choice } from './Choice.tsx'
import { nameOfPath, pathOfName } from './condition.ts'
import { type FieldProps, useOptions, useProblem } from './context.ts'
import { Help, titleOf } from './Help.tsx'

/** A field of the source. */
export function PathField({ field, path, value, onChange }: FieldProps) {
  const problem = useProblem(path, true)
  const options = useOptions(field, field.optionsFrom ?? 'source.fields')
  const name = Array.isArray(value) ? nameOfPath(value as (string | number)[]) : ''
  return (
    <Choice
      label={titleOf(field)}
      help={<Help field={field} problem={problem} />}
      invalid={problem !== null}
      options={options}
      value={name}
      onChange={(next) => onChange(next === '' ? undefined : pathOfName(next))}
    />
  )
}
