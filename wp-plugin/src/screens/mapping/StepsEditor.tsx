import { Button, SelectControl } from '@wordpress/components'
import { useEffect, useMemo, useRef, useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { TransformInfo } from '@crosswalk/shared/contract'
import type { FieldRule } from '@crosswalk/shared/mapping'
import { Form, type FormContext } from '../form/context.ts'
import { Fields } from '../form/Fields.tsx'
import { startValues, type Values } from '../form/model.ts'
import { PlaceLink, pathOf } from '../place.tsx'
import { useCatalogues } from './context.ts'
import { labelsOf } from './words.ts'

type Step = FieldRule['transforms'][number]

/** As many as a rule may have. */
const MOST = 6
const NO_PROBLEMS: FormContext['problems'] = new Map()
/** The list that a flow's own settings make. */
const STAGES = 'stages'

/** A step as the API takes it: what is not set is left out. */
const asStep = (use: string, values: Values): Step => ({
  use,
  with: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
})

/** What is done to the value on its way, in order. Which steps there are, and what they ask for, comes from the bridge. */
export function StepsEditor({ steps, onChange }: { steps: readonly Step[]; onChange: (steps: Step[]) => void }) {
  const { transforms, sources, lookups } = useCatalogues()
  const place = useRef<HTMLOListElement>(null)
  const [added, setAdded] = useState(-1)
  const options = useMemo(
    () => ({
      lookups: lookups.map((name) => ({ value: name, label: name })),
      'source.fields': [...labelsOf(sources)].map(([value, label]) => ({ value, label })),
    }),
    [sources, lookups],
  )
  useEffect(() => {
    // What was just added is what the reader goes on with.
    if (added >= 0) place.current?.children[added]?.querySelector<HTMLElement>('input, select, textarea, button')?.focus() // prettier-ignore
  }, [added])
  const add = (use: string): void => {
    const info = transforms.find(({ id }) => id === use)
    if (info === undefined) return
    onChange([...steps, asStep(use, startValues(info.fields))])
    setAdded(steps.length)
  }
  const move = (index: number, by: number): void => {
    const next = [...steps]
    const [step] = next.splice(index, 1)
    if (step) next.splice(index + by, 0, step)
    onChange(next)
  }
  return (
    <Form.Provider value={{ options, problems: NO_PROBLEMS }}>
      <ol className="cw-steps" ref={place} aria-label={__('Steps', 'crosswalk')}>
        {steps.map((step, index) => (
          <li key={`${index} ${step.use}`}>
            <StepEditor
              step={step}
              number={index + 1}
              info={transforms.find(({ id }) => id === step.use) ?? null}
              onChange={(changed) => onChange(steps.map((one, at) => (at === index ? changed : one)))}
              onRemove={() => onChange(steps.filter((_, at) => at !== index))}
              {...(index > 0 ? { onUp: () => move(index, -1) } : {})}
            />
          </li>
        ))}
      </ol>
      {steps.length < MOST && (
        <SelectControl
          __next40pxDefaultSize
          label={__('Add a step', 'crosswalk')}
          value=""
          options={[
            { value: '', label: __('Choose a step …', 'crosswalk') },
            ...transforms.map(({ id, label, help }) => ({ value: id, label: help === '' ? label : `${label} – ${help}` })),
          ]}
          onChange={add}
        />
      )}
    </Form.Provider>
  )
} // prettier-ignore

function StepEditor(props: {
  step: Step
  number: number
  info: TransformInfo | null
  onChange: (step: Step) => void
  onRemove: () => void
  onUp?: () => void
}) {
  const { step, number, info, onChange, onRemove, onUp } = props
  const name = info?.label ?? step.use
  return (
    <fieldset className="cw-step-editor">
      {/* translators: 1: position of a step; 2: its name */}
      <legend>{sprintf(__('%1$s. %2$s', 'crosswalk'), ...([String(number), name] as const))}</legend>
      {info === null ? (
        <p className="cw-problem">{__('This bridge does not know this step. Remove it, or update the bridge.', 'crosswalk')}</p>
      ) : (
        <>
          <p className="cw-help">{info.help}</p>
          <Fields
            fields={info.fields}
            path={['step', number]}
            values={step.with}
            onChange={(values) => onChange(asStep(step.use, values))}
          />
          <Lists step={step} info={info} />
        </>
      )}
      <div className="cw-buttons">
        {onUp && (
          <Button __next40pxDefaultSize variant="tertiary" onClick={onUp}>
            {/* translators: %s: name of a step */}
            {sprintf(__('Do “%s” earlier', 'crosswalk'), name)}
          </Button>
        )}
        <Button __next40pxDefaultSize variant="tertiary" onClick={onRemove}>
          {/* translators: %s: name of a step */}
          {sprintf(__('Remove “%s”', 'crosswalk'), name)}
        </Button>
      </div>
    </fieldset>
  ) // prettier-ignore
}

/** The lists a step asks, one click away. */
function Lists({ step, info }: { step: Step; info: TransformInfo }) {
  const { flowId } = useCatalogues()
  const names = info.fields
    .filter(({ optionsFrom }) => optionsFrom === 'lookups')
    .map(({ name }) => step.with[name])
    .filter((name) => typeof name === 'string' && name !== '') as string[]
  return (
    <>
      {names.map((name) => (
        <p key={name}>
          <PlaceLink to={name === STAGES ? pathOf('flows', flowId) : pathOf('lists', name)}>
            {/* translators: %s: name of a list */}
            {name === STAGES ? __('Open the settings of this flow, where stages are chosen', 'crosswalk') : sprintf(__('Open the list “%s”', 'crosswalk'), name)}
          </PlaceLink>
        </p>
      ))}
    </>
  ) // prettier-ignore
}
