import { Button, SelectControl, TextControl } from '@wordpress/components'
import { useEffect, useMemo, useRef } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Condition, FieldRule } from '@crosswalk/shared/mapping'
import { ConditionField } from '../form/ConditionField.tsx'
import { Form, type FormContext } from '../form/context.ts'
import type { FormField } from '../form/model.ts'
import { Disclosure } from '../parts/Details.tsx'
import { StateIcon } from '../parts/state.tsx'
import { useCatalogues } from './context.ts'
import type { Row } from './draft.ts'
import type { RowProblem } from './problems.ts'
import { StepsEditor } from './StepsEditor.tsx'
import { type RuleTrace, Trace } from './Trace.tsx'
import { ValueEditor } from './ValueEditor.tsx'
import { labelsOf, onEmptyWord, onWord } from './words.ts'

const NO_PROBLEMS: FormContext['problems'] = new Map()

const condition = (): FormField => ({
  name: 'when', title: __('Only when', 'crosswalk'),
  description: __('Without a test the rule is used for every record.', 'crosswalk'), section: '', widget: 'condition',
  default: null, required: false, nullable: true, advanced: false, secret: false, options: [], optionsFrom: 'source.fields',
  keysFrom: null, placeholder: '', min: null, max: null, fields: [],
}) // prettier-ignore

/** One rule with all that can be said of it, and its way with the sample beside it. */
export function RuleEditor(props: {
  row: Row & { rule: FieldRule }
  trace: RuleTrace | undefined
  problems: readonly RowProblem[]
  /** Whose trace is shown: `#1042`. */
  sample: string
  onChange: (rule: FieldRule) => void
  onRemove: () => void
  onMove: (by: -1 | 1) => void
  onClose: () => void
}) {
  const { row, trace, problems, onChange } = props
  const { rule } = row
  const { sources } = useCatalogues()
  const label = row.field?.label ?? row.target
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.querySelector<HTMLElement>('select, input')?.focus(), [])
  const options = useMemo(
    () => ({ 'source.fields': [...labelsOf(sources)].map(([value, label]) => ({ value, label })) }),
    [sources],
  )
  return (
    <div
      className="cw-rule-editor"
      ref={place}
      role="group"
      // translators: %s: name of a field
      aria-label={sprintf(__('Rule for %s', 'crosswalk'), label)}
      onKeyDown={(event) => {
        // An open list of suggestions closes first.
        if (event.key !== 'Escape' || event.defaultPrevented || isOpenList(event.target)) return
        event.stopPropagation()
        props.onClose()
      }}
    >
      <div className="cw-form cw-rule-form">
        <ValueEditor value={rule.value} target={row.field} onChange={(value) => onChange({ ...rule, value })} />
        <StepsEditor steps={rule.transforms} onChange={(transforms) => onChange({ ...rule, transforms })} />
        <SelectControl
          __next40pxDefaultSize
          label={__('Written for', 'crosswalk')}
          help={__('With “new records only”, what people change later is left as it is.', 'crosswalk')}
          value={rule.on}
          options={(['both', 'create', 'update'] as const).map((on) => ({ value: on, label: onWord(on) }))}
          onChange={(on) => onChange({ ...rule, on })}
        />
        <SelectControl
          __next40pxDefaultSize
          label={__('When there is no value', 'crosswalk')}
          value={rule.onEmpty}
          options={(['omit', 'clear', 'fail'] as const).map((one) => ({ value: one, label: onEmptyWord(one) }))}
          onChange={(onEmpty) => onChange({ ...rule, onEmpty })}
        />
        <Disclosure summary={__('Condition and note', 'crosswalk')} open={rule.when !== undefined}>
          <Form.Provider value={{ options, problems: NO_PROBLEMS }}>
            <ConditionField
              field={condition()}
              path={['when']}
              value={rule.when ?? null}
              onChange={(when) => {
                const { when: _old, ...rest } = rule
                onChange(when === null ? rest : { ...rest, when: when as Condition })
              }}
            />
          </Form.Provider>
          <TextControl
            __next40pxDefaultSize
            label={__('Note', 'crosswalk')}
            maxLength={500}
            value={rule.note ?? ''}
            onChange={(note) => {
              const { note: _old, ...rest } = rule
              onChange(note === '' ? rest : { ...rest, note })
            }}
          />
        </Disclosure>
      </div>
      <div className="cw-rule-trace" aria-live="polite">
        {/* translators: %s: a record, such as "#1042" */}
        <h2>{sprintf(__('How it comes about for %s', 'crosswalk'), props.sample)}</h2>
        <RowProblems problems={problems} />
        <Trace rule={rule} trace={trace} label={label} />
      </div>
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="secondary" onClick={props.onClose}>
          {__('Close', 'crosswalk')}
        </Button>
        <Button __next40pxDefaultSize variant="tertiary" onClick={() => props.onMove(-1)}>
          {__('Move up', 'crosswalk')}
        </Button>
        <Button __next40pxDefaultSize variant="tertiary" onClick={() => props.onMove(1)}>
          {__('Move down', 'crosswalk')}
        </Button>
        <Button __next40pxDefaultSize variant="tertiary" isDestructive onClick={props.onRemove}>
          {__('Remove this rule', 'crosswalk')}
        </Button>
      </div>
    </div>
  )
} // prettier-ignore

const isOpenList = (target: EventTarget): boolean =>
  target instanceof HTMLElement && target.getAttribute('aria-expanded') === 'true'

/** What is wrong with a rule, each with what to do. */
export const RowProblems = ({ problems }: { problems: readonly RowProblem[] }) =>
  problems.length === 0 ? null : (
    <ul className="cw-row-problems">
      {problems.map(({ message, remedy }) => (
        <li key={message} className="cw-with-icon">
          <StateIcon state="attention" />
          <span>
            {message} {remedy}
          </span>
        </li>
      ))}
    </ul>
  )
