import { Button, SelectControl, TextControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Field, FieldRule } from '@crosswalk/shared/mapping'
import { Choice } from '../form/Choice.tsx'
import { useCatalogues } from './context.ts'
import { NOTHING } from './draft.ts'
import { FieldPicker } from './FieldPicker.tsx'

type Value = FieldRule['value']
type Kind = Value['kind']
type Path = (string | number)[]
type TemplatePart = Extract<Value, { kind: 'template' }>['parts'][number]

/** Where a rule's value comes from. @param target the field it fills; its choices are offered as fixed values */
export function ValueEditor(props: { value: Value; target: Field | null; onChange: (value: Value) => void }) {
  const { value, target, onChange } = props
  const isNew = value.kind === 'constant' && value.value === ''
  const [kind, setKind] = useState<Kind>(isNew ? 'field' : value.kind)
  const turn = (next: Kind): void => {
    setKind(next)
    onChange(turned(value, next))
  }
  return (
    <>
      <SelectControl
        __next40pxDefaultSize
        label={__('Where the value comes from', 'crosswalk')}
        value={kind}
        options={[
          { value: 'field', label: __('A field', 'crosswalk') },
          { value: 'first_of', label: __('The first of several fields that is filled', 'crosswalk') },
          { value: 'template', label: __('A text with fields in it', 'crosswalk') },
          { value: 'constant', label: __('A fixed value', 'crosswalk') },
        ]}
        onChange={(next) => turn(next as Kind)}
      />
      {kind === 'field' && (
        <FieldPicker
          label={__('Field', 'crosswalk')}
          value={value.kind === 'field' ? value.path : null}
          onChange={(path) => onChange({ kind: 'field', path })}
        />
      )}
      {kind === 'first_of' && (
        <Paths paths={value.kind === 'first_of' ? value.paths : []} onChange={onChange} />
      )}
      {kind === 'template' && (
        <Template parts={value.kind === 'template' ? value.parts : []} onChange={onChange} />
      )}
      {kind === 'constant' && (
        <Constant value={value.kind === 'constant' ? value.value : ''} target={target} onChange={onChange} />
      )}
    </>
  )
}

const pathsOf = (value: Value): Path[] =>
  value.kind === 'field'
    ? [value.path]
    : value.kind === 'first_of'
      ? value.paths
      : value.kind === 'template'
        ? value.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.path]))
        : []

/** A value of another kind that keeps the fields it had. */
function turned(value: Value, kind: Kind): Value {
  const paths = pathsOf(value)
  const [first] = paths
  switch (kind) {
    case 'field':
      return first === undefined ? NOTHING : { kind, path: first }
    case 'first_of':
      return paths.length === 0 ? NOTHING : { kind, paths: paths.slice(0, MOST_PATHS) }
    case 'template':
      return paths.length === 0 ? NOTHING : { kind, parts: paths.map((path) => ({ path })) }
    default:
      return NOTHING
  }
}

const MOST_PATHS = 6
const MOST_PARTS = 12

/** Several fields; the first that is filled counts. */
function Paths({ paths, onChange }: { paths: readonly Path[]; onChange: (value: Value) => void }) {
  const set = (next: Path[]): void =>
    onChange(next.length === 0 ? NOTHING : { kind: 'first_of', paths: next })
  return (
    <ol className="cw-paths">
      {paths.map((path, index) => (
        <li key={index} className="cw-pair">
          <FieldPicker
            // translators: %s: position in a list
            label={sprintf(__('Field %s', 'crosswalk'), String(index + 1))}
            value={path}
            onChange={(next) => set(paths.map((one, at) => (at === index ? next : one)))}
          />
          <Button __next40pxDefaultSize variant="tertiary" onClick={() => set(paths.filter((_, at) => at !== index))}>
            {/* translators: %s: position in a list */}
            {sprintf(__('Remove field %s', 'crosswalk'), String(index + 1))}
          </Button>
        </li>
      ))}
      {paths.length < MOST_PATHS && (
        <li key={`new ${paths.length}`}>
          <FieldPicker
            label={paths.length === 0 ? __('Field', 'crosswalk') : __('Else this field', 'crosswalk')}
            value={null}
            onChange={(path) => set([...paths, path])}
          />
        </li>
      )}
    </ol>
  ) // prettier-ignore
}

/** Text and fields in turn. */
function Template({ parts, onChange }: { parts: readonly TemplatePart[]; onChange: (value: Value) => void }) {
  const set = (next: TemplatePart[]): void =>
    onChange(next.length === 0 ? NOTHING : { kind: 'template', parts: next })
  const put = (index: number, part: TemplatePart): void =>
    set(parts.map((one, at) => (at === index ? part : one)))
  return (
    <ol className="cw-paths">
      {parts.map((part, index) => (
        <li key={index} className="cw-pair">
          {typeof part === 'string' ? (
            <TextControl
              __next40pxDefaultSize
              // translators: %s: position in a list
              label={sprintf(__('Text %s', 'crosswalk'), String(index + 1))}
              value={part}
              onChange={(text) => put(index, text)}
            />
          ) : (
            <FieldPicker
              // translators: %s: position in a list
              label={sprintf(__('Field %s', 'crosswalk'), String(index + 1))}
              value={part.path}
              onChange={(path) => put(index, { path })}
            />
          )}
          <Button __next40pxDefaultSize variant="tertiary" onClick={() => set(parts.filter((_, at) => at !== index))}>
            {/* translators: %s: position in a list */}
            {sprintf(__('Remove piece %s', 'crosswalk'), String(index + 1))}
          </Button>
        </li>
      ))}
      {parts.length < MOST_PARTS && (
        <li key={`new ${parts.length}`} className="cw-pair">
          <FieldPicker label={__('Add a field', 'crosswalk')} value={null} onChange={(path) => set([...parts, { path }])} />
          <Button __next40pxDefaultSize variant="secondary" onClick={() => set([...parts, ' '])}>
            {__('Add text', 'crosswalk')}
          </Button>
        </li>
      )}
    </ol>
  ) // prettier-ignore
}

type Scalar = Extract<Value, { kind: 'constant' }>['value']

/** A fixed value: chosen where the target has a list, else typed. */
function Constant({ value, target, onChange }: { value: Scalar; target: Field | null; onChange: (value: Value) => void }) {
  const { target: system } = useCatalogues()
  const set = (next: Scalar): void => onChange({ kind: 'constant', value: next })
  if (target?.type === 'boolean') {
    return (
      <SelectControl
        __next40pxDefaultSize
        label={__('Value', 'crosswalk')}
        value={value === true ? 'true' : value === false ? 'false' : ''}
        options={[
          { value: '', label: __('Choose …', 'crosswalk') },
          { value: 'true', label: __('Yes', 'crosswalk') },
          { value: 'false', label: __('No', 'crosswalk') },
        ]}
        onChange={(next) => set(next === '' ? '' : next === 'true')}
      />
    )
  }
  return (
    <Choice
      label={__('Value', 'crosswalk')}
      // translators: %s: name of a system
      help={sprintf(__('Every record gets this value in %s.', 'crosswalk'), system)}
      options={target && target.options.length > 0 ? target.options : null}
      value={value === null ? '' : String(value)}
      onChange={set}
    />
  )
} // prettier-ignore
