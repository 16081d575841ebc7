import { CheckboxControl, FormTokenField, RadioControl } from '@wordpress/components'
import { useInstanceId } from './ids.ts'
import { __ } from '@wordpress/i18n'
import { Choice } from './Choice.tsx'
import { type FieldProps, useOptions, useProblem } from './context.ts'
import { Help, titleOf } from './Help.tsx'
import { asList, type Option } from './model.ts'

/** Up to this many fixed answers are all shown at once. */
const FEW = 4
const MANY = 12

/** Yes or no. A box to tick, not a switch: nothing happens before the form is saved. */
export function SwitchField({ field, path, value, onChange }: FieldProps) {
  const problem = useProblem(path)
  return (
    <CheckboxControl
      label={titleOf(field)}
      help={<Help field={field} problem={problem} />}
      checked={value === true}
      onChange={onChange}
    />
  )
}

/** One of several answers. */
export function SelectField({ field, path, value, onChange }: FieldProps) {
  const problem = useProblem(path)
  const options = useOptions(field)
  const chosen = value === null || value === undefined ? '' : String(value)
  const choose = (next: string): void => {
    if (next === '') onChange(field.nullable ? null : undefined)
    else onChange(typeof field.default === 'number' ? Number(next) : next)
  }
  const help = <Help field={field} problem={problem} />
  const isFixed = field.optionsFrom === null && options?.some((option) => option.value === chosen)
  if (isFixed && options !== null && options.length <= FEW && !field.nullable) {
    return (
      <RadioControl
        label={titleOf(field)}
        help={help}
        options={[...options]}
        selected={chosen}
        onChange={choose}
      />
    )
  }
  return (
    <Choice
      label={titleOf(field)}
      help={help}
      invalid={problem !== null}
      required={field.required}
      options={options}
      {...(field.required ? {} : { nothing: __('Not set', 'crosswalk') })}
      value={chosen}
      onChange={choose}
    />
  )
}

/** Any of several answers. */
export function MultiselectField(props: FieldProps) {
  const { field, path, value, onChange } = props
  const problem = useProblem(path, true)
  const options = useOptions(field)
  const chosen = asList(value).map(String)
  const id = useInstanceId('many')
  if (options === null || options.length === 0 || options.length > MANY)
    return <TokensField {...props} options={options ?? []} />
  const stray = chosen.filter((one) => !options.some((option) => option.value === one))
  const all = [...options, ...stray.map((one) => ({ value: one, label: one }))]
  const turn = (one: string, on: boolean): void =>
    onChange(all.map((option) => option.value).filter((each) => (each === one ? on : chosen.includes(each))))
  return (
    <fieldset className="cw-many" aria-describedby={id}>
      <legend>{titleOf(field)}</legend>
      {all.map((option) => (
        <CheckboxControl
          key={option.value}
          label={option.label}
          checked={chosen.includes(option.value)}
          onChange={(on) => turn(option.value, on)}
        />
      ))}
      <p id={id} className="cw-help">
        <Help field={field} problem={problem} />
      </p>
    </fieldset>
  )
}

/** A list of words, or of answers of which there are too many to show at once. */
export function TokensField({
  field,
  path,
  value,
  onChange,
  options = [],
}: FieldProps & { options?: readonly Option[] }) {
  // prettier-ignore
  const problem = useProblem(path, true)
  const id = useInstanceId('tokens')
  const words = new Map(options.map((option) => [option.value, option.label]))
  const values = new Map(options.map((option) => [option.label, option.value]))
  const shown = asList(value).map((one) => words.get(String(one)) ?? String(one))
  return (
    <div role="group" aria-label={field.title} aria-describedby={id}>
      <FormTokenField
        __next40pxDefaultSize
        label={titleOf(field)}
        value={shown}
        suggestions={[...values.keys()]}
        maxSuggestions={100}
        tokenizeOnBlur
        tokenizeOnSpace={field.widget === 'emails'}
        help=""
        onChange={
          (tokens) =>
          onChange(tokens.map((token) => (typeof token === 'string' ? token : token.value)).map((word) => values.get(word) ?? word)) // prettier-ignore
        }
      />
      <p id={id} className="cw-help">
        <Help field={field} problem={problem} />
      </p>
    </div>
  )
}
