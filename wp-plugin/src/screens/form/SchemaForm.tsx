import { useEffect, useMemo, useRef } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import { Disclosure } from '../parts/Details.tsx'
import { count } from '../parts/format.ts'
import { Form, type FormContext } from './context.ts'
import { Fields } from './Fields.tsx'
import { type FieldProblem, type FormField, keyOf, type Values } from './model.ts'
import { Problems } from './Problems.tsx'

/**
 * A form from the API's description of its fields: in sections, with what has a safe answer behind a disclosure.
 * @param problems found when it was saved last; the first one gets the focus
 * @param options choices that only the connected systems can tell, by name
 */
export function SchemaForm(props: {
  fields: readonly FormField[]
  values: Values
  onChange: (values: Values) => void
  problems?: readonly FieldProblem[]
  options?: FormContext['options']
}) {
  const { fields, values, onChange, problems = NONE, options = NOTHING } = props
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problems[0] !== undefined && place.current !== null)
      focusField(place.current, keyOf(problems[0].path))
  }, [problems])
  const context = useMemo(
    () => ({ options, problems: new Map(problems.map(({ path, message }) => [keyOf(path), message])) }),
    [options, problems],
  )
  const more = fields.filter(({ advanced }) => advanced)
  const sections = (of: readonly FormField[]) => <Sections fields={of} values={values} onChange={onChange} />
  return (
    <Form.Provider value={context}>
      <div className="cw-form" ref={place}>
        <Problems fields={fields} problems={problems} go={(key) => place.current && focusField(place.current, key)} />
        {sections(fields.filter(({ advanced }) => !advanced))}
        {more.length > 0 && (
          <Disclosure
            summary={sprintf(
              // translators: %s: number of settings
              _n('%s more setting with a safe answer', '%s more settings with safe answers', more.length, 'crosswalk'),
              count(more.length),
            )}
          >
            {sections(more)}
          </Disclosure>
        )}
      </div>
    </Form.Provider>
  ) // prettier-ignore
}
const NONE: readonly FieldProblem[] = []
const NOTHING: FormContext['options'] = {}

/** Sections in the order in which their first field comes. */
function Sections({
  fields,
  values,
  onChange,
}: {
  fields: readonly FormField[]
  values: Values
  onChange: (values: Values) => void
}) {
  // prettier-ignore
  const names = [...new Set(fields.map(({ section }) => section))]
  return (
    <>
      {names.map((name) => (
        <fieldset key={name} className="cw-section">
          <legend className={name === '' ? 'screen-reader-text' : ''}>
            {name === '' ? __('Settings', 'crosswalk') : name}
          </legend>
          <Fields
            fields={fields.filter(({ section }) => section === name)}
            path={[]}
            values={values}
            onChange={onChange}
          />
        </fieldset>
      ))}
    </>
  )
}

/** Brings the reader to a field, or to what it lies in, also behind a disclosure. */
function focusField(place: HTMLElement, key: string): void {
  const parts = key.split('.')
  const keys = parts.map((_, end) => parts.slice(0, parts.length - end).join('.'))
  const found = keys.map((name) => place.querySelector(`[data-field="${CSS.escape(name)}"]`)).find((one) => one !== null)
  for (let around = found?.closest('details'); around; around = around.parentElement?.closest('details')) around.open = true
  found?.querySelector<HTMLElement>('input, select, textarea, button')?.focus()
} // prettier-ignore
