import { Button } from '@wordpress/components'
import { useRef } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import { type FieldProps, useProblem } from './context.ts'
import { Fields } from './Fields.tsx'
import { Help, titleOf } from './Help.tsx'
import { useInstanceId } from './ids.ts'
import { asList, asValues, startValues } from './model.ts'

/** Fields that belong together. */
export function GroupField({ field, path, value, onChange }: FieldProps) {
  const problem = useProblem(path)
  const help = useInstanceId('group')
  return (
    <fieldset className="cw-group" aria-describedby={help}>
      <legend>{titleOf(field)}</legend>
      <p id={help} className="cw-help">
        <Help field={field} problem={problem} />
      </p>
      <Fields fields={field.fields} path={path} values={asValues(value)} onChange={onChange} />
    </fieldset>
  )
}

/** A list of records with the same few fields each. */
export function RowsField({ field, path, value, onChange }: FieldProps) {
  const problem = useProblem(path)
  const help = useInstanceId('rows')
  const rows = asList(value)
  /** Rows have no name of their own; these keep what is typed with its row when another one goes. */
  const ids = useRef<number[]>([])
  const next = useRef(0)
  while (ids.current.length < rows.length) ids.current.push(next.current++)
  ids.current.length = rows.length
  const remove = (index: number): void => {
    ids.current = ids.current.filter((_, at) => at !== index)
    onChange(rows.filter((_, at) => at !== index))
  }
  return (
    <fieldset className="cw-group" aria-describedby={help}>
      <legend>{titleOf(field)}</legend>
      <p id={help} className="cw-help">
        <Help field={field} problem={problem} />
      </p>
      {rows.map((row, index) => (
        <fieldset key={ids.current[index]} className="cw-rows-row">
          {/* translators: 1: name of a list; 2: position in it */}
          <legend>{sprintf(__('%1$s, line %2$s', 'crosswalk'), ...([field.title, String(index + 1)] as const))}</legend>
          <Fields
            fields={field.fields}
            path={[...path, index]}
            values={asValues(row)}
            onChange={(changed) => onChange(rows.map((one, at) => (at === index ? changed : one)))}
          />
          <Button __next40pxDefaultSize variant="tertiary" onClick={() => remove(index)}>
            {/* translators: %s: position in a list */}
            {sprintf(__('Remove line %s', 'crosswalk'), String(index + 1))}
          </Button>
        </fieldset>
      ))}
      <Button __next40pxDefaultSize variant="secondary" onClick={() => onChange([...rows, startValues(field.fields)])}>
        {__('Add a line', 'crosswalk')}
      </Button>
    </fieldset>
  ) // prettier-ignore
}
