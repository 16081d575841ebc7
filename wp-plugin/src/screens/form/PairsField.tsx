import { Button, TextControl } from '@wordpress/components'
import { useRef, useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import { Choice } from './Choice.tsx'
import { type FieldProps, useOptions, useProblem } from './context.ts'
import { Help, titleOf } from './Help.tsx'
import { useInstanceId } from './ids.ts'
import { asValues, type Option } from './model.ts'

interface Pair {
  id: number
  name: string
  value: string
}

/** What was given for names that need one; those without a value are left out. */
const recordOf = (pairs: readonly Pair[]): Record<string, string> =>
  Object.fromEntries(pairs.filter(({ name, value }) => name !== '' && value !== '').map(({ name, value }) => [name, value])) // prettier-ignore

/** A small table: for each name on the left a value on the right. Names come from a connected system, or are typed. */
export function PairsField({ field, path, value, onChange }: FieldProps) {
  const problem = useProblem(path, true)
  const names = useOptions(field, field.keysFrom)
  const values = useOptions(field)
  const help = useInstanceId('pairs')
  const next = useRef(0)
  const [typed, setTyped] = useState<readonly Pair[]>(() => pairsOf(asValues(value), () => next.current++))
  const known = field.keysFrom === null ? [] : (names ?? [])
  const change = (pairs: readonly Pair[]): void => {
    setTyped(pairs)
    onChange(recordOf(pairs))
  }
  const set = (name: string, to: string): void =>
    change(
      typed.some((pair) => pair.name === name)
        ? typed.map((pair) => (pair.name === name ? { ...pair, value: to } : pair))
        : [...typed, { id: next.current++, name, value: to }],
    )
  return (
    <fieldset className="cw-pairs" aria-describedby={help}>
      <legend>{titleOf(field)}</legend>
      {known.map((name) => (
        <PairValue key={name.value} name={name.label} options={fixed(field.optionsFrom, values)} value={typed.find((pair) => pair.name === name.value)?.value ?? ''} onChange={(to) => set(name.value, to)} />
      ))}
      {typed
        .filter((pair) => !known.some((name) => name.value === pair.name))
        .map((pair) => (
          <div key={pair.id} className="cw-pair">
            <TextControl
              __next40pxDefaultSize
              label={__('Name', 'crosswalk')}
              value={pair.name}
              onChange={(name) => change(typed.map((one) => (one.id === pair.id ? { ...one, name } : one)))}
            />
            <PairValue name={__('Value', 'crosswalk')} options={fixed(field.optionsFrom, values)} value={pair.value} onChange={(to) => change(typed.map((one) => (one.id === pair.id ? { ...one, value: to } : one)))} />
            <Button __next40pxDefaultSize variant="tertiary" onClick={() => change(typed.filter((one) => one.id !== pair.id))}>
              {/* translators: %s: name of a line that is taken away */}
              {sprintf(__('Remove %s', 'crosswalk'), pair.name === '' ? __('this line', 'crosswalk') : pair.name)}
            </Button>
          </div>
        ))}
      <Button __next40pxDefaultSize variant="secondary" onClick={() => setTyped([...typed, { id: next.current++, name: '', value: '' }])}>
        {__('Add a line', 'crosswalk')}
      </Button>
      <p id={help} className="cw-help">
        <Help field={field} problem={problem} />
      </p>
    </fieldset>
  ) // prettier-ignore
}

const pairsOf = (record: Readonly<Record<string, unknown>>, nextId: () => number): Pair[] =>
  Object.entries(record).map(([name, value]) => ({ id: nextId(), name, value: String(value) }))

/** Values of a table with fixed choices are chosen, else typed. */
const fixed = (from: string | null, options: readonly Option[] | null): readonly Option[] | null =>
  from === null && options?.length === 0 ? null : options

const PairValue = (props: {
  name: string
  options: readonly Option[] | null
  value: string
  onChange: (value: string) => void
}) => (
  <Choice
    label={props.name}
    options={props.options}
    nothing={__('Not set', 'crosswalk')}
    value={props.value}
    onChange={props.onChange}
  />
)
