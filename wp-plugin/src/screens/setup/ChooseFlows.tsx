import { Button, CheckboxControl, RadioControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { Connection, Flow } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { Disclosure } from '../parts/Details.tsx'
import { count } from '../parts/format.ts'
import { Message, Problem } from '../parts/Message.tsx'
import { pathOf, PlaceButton, PlaceLink, usePlace } from '../place.tsx'
import { entityWord } from './entities.ts'
import { SetupPage } from './SetupPage.tsx'
import { chosenOf, connectionOf, pairOf, type SetupFacts, stepsOf } from './steps.ts'
import { useAccountVolume, volumeWords } from './useVolume.ts'

type Possible = NonNullable<ReturnType<typeof pairOf>>['flows'][number]
/** By kind of record: the document it becomes; absent: it does not travel. */
type Picked = Readonly<Record<string, string>>

/** What travels, with how much there is of it. Nothing is switched on by it. */
export function ChooseFlows({ facts }: { facts: SetupFacts }) {
  const { query } = usePlace()
  const chosen = chosenOf(facts, query)
  const steps = stepsOf(facts, chosen, undefined)
  const [source, target] = [connectionOf(facts, chosen.from), connectionOf(facts, chosen.to)]
  const pair = pairOf(facts, chosen)
  return (
    <SetupPage
      steps={steps}
      at="flows"
      title={__('What should travel?', 'crosswalk')}
      intro={__('Choose little to begin with; more can be added at any time. Nothing is switched on yet.', 'crosswalk')}
    >
      {source && target && pair ? (
        <Choices facts={facts} source={source} target={target} pair={pair} />
      ) : (
        <>
          <Message kind="info">{__('Connect both systems first.', 'crosswalk')}</Message>
          <PlaceButton variant="primary" to="/setup">
            {__('See what is left to do', 'crosswalk')}
          </PlaceButton>
        </>
      )}
    </SetupPage>
  ) // prettier-ignore
}

function Choices(props: {
  facts: SetupFacts
  source: Connection
  target: Connection
  pair: NonNullable<ReturnType<typeof pairOf>>
}) {
  const { facts, source, target, pair } = props
  const { api, role } = useBridge()
  const { go } = usePlace()
  const there = facts.flows.filter((flow) => flow.source.connectionId === source.id && flow.target.connectionId === target.id) // prettier-ignore
  const kinds = [...new Set(pair.flows.map(({ entity }) => entity))]
  const open = kinds
    .filter((entity) => !there.some((flow) => flow.entity === entity))
    .map((entity) => [entity, pair.flows.filter((flow) => flow.entity === entity)] as const)
  const [picked, setPicked] = useState<Picked>(() => firstPick(open))
  const chosen = open.flatMap(([entity]) => (picked[entity] === undefined ? [] : [{ entity, document: picked[entity] }])) // prettier-ignore
  const make = useAction(async () => {
    const made: Flow[] = []
    // One after the other: each asks the accounts for stages and fields.
    for (const want of chosen) {
      made.push(await api.flows.create({ body: { sourceConnectionId: source.id, targetConnectionId: target.id, ...want } })) // prettier-ignore
    }
    const [first] = made
    if (first) go(pathOf('setup', first.id, 'questions'))
  })
  const reason = !mayChange(role)
    ? __('Your key may only look.', 'crosswalk')
    : chosen.length === 0
      ? __('Choose at least one.', 'crosswalk')
      : null
  return (
    <>
      {there.length > 0 && <There flows={there} />}
      <ul className="cw-rows cw-choices">
        {open.map(([entity, flows]) => (
          <Choice
            key={entity}
            source={source}
            entity={entity}
            flows={flows}
            document={picked[entity]}
            onChange={(document) => setPicked(withPick(picked, entity, document))}
          />
        ))}
      </ul>
      {pair.missing.length > 0 && (
        <Disclosure summary={__('What cannot travel between these two, and why', 'crosswalk')}>
          <ul className="cw-problems">
            {pair.missing.map(({ entity, why }) => (
              <li key={entity}>{why}</li>
            ))}
          </ul>
        </Disclosure>
      )}
      <Problem error={make.error} />
      {open.length > 0 && (
        <div className="cw-buttons">
          <Button __next40pxDefaultSize variant="primary" isBusy={make.busy} disabled={reason !== null || make.busy} accessibleWhenDisabled onClick={() => void make.run()}>
            {sprintf(
              // translators: %s: number of flows
              _n('Continue with %s flow', 'Continue with %s flows', chosen.length, 'crosswalk'),
              count(chosen.length),
            )}
          </Button>
          {reason !== null && <span className="cw-quiet">{reason}</span>}
        </div>
      )}
    </>
  ) // prettier-ignore
}

/** One kind to begin with: the one the systems name first. */
function firstPick(open: readonly (readonly [string, readonly Possible[]])[]): Picked {
  const [entity, flows] = open[0] ?? []
  const first = flows?.[0]
  return entity === undefined || first === undefined ? {} : { [entity]: first.document }
}

function withPick(picked: Picked, entity: string, document: string | null): Picked {
  const { [entity]: _, ...others } = picked
  return document === null ? others : { ...others, [entity]: document }
}

function Choice(props: {
  source: Connection
  entity: Flow['entity']
  flows: readonly Possible[]
  document: string | undefined
  onChange: (document: string | null) => void
}) {
  const { source, entity, flows, document, onChange } = props
  const volume = useAccountVolume(source.id, entity)
  const [first] = flows
  return (
    <li className="cw-row">
      <div>
        <CheckboxControl
          label={entityWord(entity)}
          help={volumeWords(volume)}
          checked={document !== undefined}
          onChange={(on) => onChange(on ? (first?.document ?? null) : null)}
        />
        {document !== undefined && flows.length > 1 && (
          <RadioControl
            // translators: %s: kind of records, such as Orders
            label={sprintf(__('%s become', 'crosswalk'), entityWord(entity))}
            options={flows.map((flow) => ({ value: flow.document, label: flow.label }))}
            selected={document}
            onChange={onChange}
          />
        )}
      </div>
      {flows.length === 1 && (
        // translators: %s: what a record becomes, such as Contact
        <div className="cw-beside cw-quiet">{sprintf(__('become: %s', 'crosswalk'), first?.label ?? '')}</div>
      )}
    </li>
  ) // prettier-ignore
}

/** What travels already. */
const There = ({ flows }: { flows: readonly Flow[] }) => (
  <ul className="cw-problems">
    {flows.map((flow) => (
      <li key={flow.id}>
        <PlaceLink to={pathOf('flows', flow.id)}>
          {/* translators: 1: kind of records; 2: what they become */}
          {sprintf(__('%1$s → %2$s: is there already', 'crosswalk'), ...([entityWord(flow.entity), flow.documentLabel] as const))}
        </PlaceLink>
      </li>
    ))}
  </ul>
) // prettier-ignore
