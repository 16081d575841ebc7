import { Button, SelectControl, TextareaControl, TextControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Condition } from '@crosswalk/shared/mapping'
import { Choice } from './Choice.tsx'
import { conditionOf, type Filter, filterOf, type Line, TESTS, type TestName } from './condition.ts'
import { type FieldProps, useOptions, useProblem } from './context.ts'
import { Help, titleOf } from './Help.tsx'
import { useInstanceId } from './ids.ts'
import type { Option } from './model.ts'

function testWord(test: TestName): string {
  switch (test) {
    case 'is':
      return __('is', 'crosswalk')
    case 'is_not':
      return __('is not', 'crosswalk')
    case 'one_of':
      return __('is one of (with commas)', 'crosswalk')
    case 'more':
      return __('is more than', 'crosswalk')
    case 'less':
      return __('is less than', 'crosswalk')
    case 'contains':
      return __('contains', 'crosswalk')
    case 'filled':
      return __('is filled', 'crosswalk')
    default:
      return __('is empty', 'crosswalk')
  }
}

/** Which records: a few tests on fields of the source. */
export function ConditionField({ field, path, value, onChange }: FieldProps) {
  const problem = useProblem(path, true)
  const help = useInstanceId('condition')
  const options = useOptions(field, field.optionsFrom ?? 'source.fields')
  const [filter, setFilter] = useState<Filter | null>(() => filterOf((value ?? null) as Condition | null))
  if (filter === null) return <AsText field={field} path={path} value={value} onChange={onChange} />
  const change = (next: Filter): void => {
    setFilter(next)
    // A line without a field is still being made.
    onChange(conditionOf({ ...next, lines: next.lines.filter((line) => line.field !== '') }))
  }
  const lines = filter.lines
  return (
    <fieldset className="cw-group" aria-describedby={help}>
      <legend>{titleOf(field)}</legend>
      {lines.length > 1 && (
        <SelectControl
          __next40pxDefaultSize
          label={__('A record counts when', 'crosswalk')}
          options={[
            { value: 'all', label: __('all of these hold', 'crosswalk') },
            { value: 'any', label: __('any of these holds', 'crosswalk') },
          ]}
          value={filter.all ? 'all' : 'any'}
          onChange={(all) => change({ ...filter, all: all === 'all' })}
        />
      )}
      {lines.map((line, index) => (
        <TestLine
          key={index}
          number={index + 1}
          line={line}
          options={options}
          onChange={(next) => change({ ...filter, lines: lines.map((one, at) => (at === index ? next : one)) })}
          onRemove={() => change({ ...filter, lines: lines.filter((_, at) => at !== index) })}
        />
      ))}
      <Button
        __next40pxDefaultSize
        variant="secondary"
        onClick={() => change({ ...filter, lines: [...lines, { field: '', test: 'is', value: '' }] })}
      >
        {__('Add a test', 'crosswalk')}
      </Button>
      <p id={help} className="cw-help">
        <Help field={field} problem={problem} />
      </p>
    </fieldset>
  ) // prettier-ignore
}

function TestLine(props: {
  number: number
  line: Line
  options: readonly Option[] | null
  onChange: (line: Line) => void
  onRemove: () => void
}) {
  const { line, onChange } = props
  const takesValue = line.test !== 'filled' && line.test !== 'empty'
  return (
    <div className="cw-pair">
      <Choice
        label={__('Field', 'crosswalk')}
        options={props.options}
        value={line.field}
        onChange={(field) => onChange({ ...line, field })}
      />
      <SelectControl
        __next40pxDefaultSize
        label={__('Test', 'crosswalk')}
        options={TESTS.map((test) => ({ value: test, label: testWord(test) }))}
        value={line.test}
        onChange={(test) => onChange({ ...line, test })}
      />
      {takesValue && (
        <TextControl
          __next40pxDefaultSize
          label={__('Value', 'crosswalk')}
          value={line.value}
          onChange={(value) => onChange({ ...line, value })}
        />
      )}
      <Button __next40pxDefaultSize variant="tertiary" onClick={props.onRemove}>
        {/* translators: %s: position of a test in a list */}
        {sprintf(__('Remove test %s', 'crosswalk'), String(props.number))}
      </Button>
    </div>
  )
}

/** A filter with tests inside of tests, made over the API: shown and changed as it is written there. */
function AsText({ field, path, value, onChange }: FieldProps) {
  const problem = useProblem(path, true)
  const [text, setText] = useState(() => JSON.stringify(value, null, 2))
  return (
    <TextareaControl
      label={titleOf(field)}
      help={<Help field={field} problem={problem} />}
      aria-invalid={problem !== null}
      rows={8}
      value={text}
      onChange={(next) => {
        setText(next)
        try {
          onChange(next.trim() === '' ? null : (JSON.parse(next) as unknown))
        } catch {
          // Not whole yet: as text it is refused when it is saved.
          onChange(next)
        }
      }}
    />
  )
}
