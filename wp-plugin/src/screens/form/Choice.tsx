import type { ReactNode } from 'react'
import { ComboboxControl, SelectControl, TextControl } from '@wordpress/components'
import { __, sprintf } from '@wordpress/i18n'
import type { Option } from './model.ts'

/** From more than this on, a choice can be searched. */
const MANY = 12

/**
 * One of several values. A value that is not among them stays and says so: an answer is never lost because a list could
 * not be read.
 * @param options null: nobody can tell them, so the value is typed
 * @param nothing the word for "none of them"; absent where one is needed
 */
export function Choice(props: {
  label: string
  labelHidden?: boolean
  help?: ReactNode
  invalid?: boolean
  required?: boolean
  options: readonly Option[] | null
  nothing?: string
  value: string
  onChange: (value: string) => void
}) {
  const { label, help, options, value, onChange, nothing } = props
  const common = {
    __next40pxDefaultSize: true,
    label,
    help,
    hideLabelFromVision: props.labelHidden ?? false,
    'aria-invalid': props.invalid ?? false,
  }
  if (options === null) {
    return <TextControl {...common} required={props.required ?? false} value={value} onChange={onChange} />
  }
  const isKnown = value === '' || options.some((option) => option.value === value)
  // translators: %s: a value that was chosen once
  const stray = { value, label: sprintf(__('%s (not on the list)', 'crosswalk'), value) }
  const all = isKnown ? options : [stray, ...options]
  if (options.length > MANY) {
    return (
      <ComboboxControl
        {...common}
        options={[...all]}
        value={value === '' ? null : value}
        allowReset={nothing !== undefined}
        onChange={(next) => onChange(next ?? '')}
      />
    )
  }
  const empty = { value: '', label: nothing ?? __('Choose …', 'crosswalk') }
  const needsEmpty = nothing !== undefined || value === ''
  return (
    <SelectControl
      {...common}
      required={props.required ?? false}
      options={needsEmpty ? [empty, ...all] : [...all]}
      value={value}
      onChange={onChange}
    />
  )
}
