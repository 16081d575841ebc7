import { TextareaControl, TextControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { type FieldProps, useProblem } from './context.ts'
import { Help, titleOf } from './Help.tsx'
import type { FormField } from './model.ts'
import { decimalOf } from './numbers.ts'

const TYPES = { email: 'email', url: 'url', date: 'date', secret: 'password' } as const
const typeOf = ({ widget }: FormField) => (widget in TYPES ? TYPES[widget as keyof typeof TYPES] : 'text')

const textOf = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)

/** What an emptied field holds. */
const nothingOf = (field: FormField): unknown =>
  field.nullable ? null : typeof field.default === 'string' || field.required ? '' : undefined

/** One line of text, of whatever kind; also for what nobody here knows how to show better. */
export function TextField({ field, path, value, onChange }: FieldProps) {
  const problem = useProblem(path, true)
  // An instant is shown as its day, and kept until another day is chosen.
  const text = field.widget === 'date' ? textOf(value).slice(0, 10) : textOf(value)
  return (
    <TextControl
      __next40pxDefaultSize
      type={typeOf(field)}
      label={titleOf(field)}
      help={<Help field={field} problem={problem} />}
      placeholder={field.placeholder}
      required={field.required}
      aria-invalid={problem !== null}
      autoComplete={field.secret ? 'off' : undefined}
      spellCheck={field.secret || field.widget === 'url' || field.widget === 'email' ? false : undefined}
      value={text}
      onChange={(next) => onChange(next === '' ? nothingOf(field) : next)}
      // Keys are often copied with a space at the end.
      onBlur={() => field.widget !== 'date' && text !== text.trim() && onChange(text.trim())}
    />
  )
}

export function TextareaField({ field, path, value, onChange }: FieldProps) {
  const problem = useProblem(path)
  return (
    <TextareaControl
      label={titleOf(field)}
      help={<Help field={field} problem={problem} />}
      placeholder={field.placeholder}
      required={field.required}
      aria-invalid={problem !== null}
      value={textOf(value)}
      onChange={(next) => onChange(next === '' ? nothingOf(field) : next)}
    />
  )
}

/** A number, typed with a point or a comma; what is none is kept as it was typed, and complained of when it is saved. */
export function NumberField({ field, path, value, onChange }: FieldProps) {
  const problem = useProblem(path)
  const [typed, setTyped] = useState(() => textOf(value))
  const understood = decimalOf(typed)
  // While "1," is being typed the number is already 1; another number came from elsewhere.
  const shown = understood === value || typed === value ? typed : textOf(value)
  return (
    <TextControl
      __next40pxDefaultSize
      inputMode="decimal"
      label={titleOf(field)}
      help={<Help field={field} problem={problem} />}
      placeholder={field.placeholder}
      required={field.required}
      aria-invalid={problem !== null}
      value={shown}
      onChange={(next) => {
        setTyped(next)
        onChange(next.trim() === '' ? nothingOf(field) : (decimalOf(next) ?? next))
      }}
    />
  )
}
