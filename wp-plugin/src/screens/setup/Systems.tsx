import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import { Choice } from '../form/Choice.tsx'
import { Message } from '../parts/Message.tsx'
import { pathOf, usePlace } from '../place.tsx'
import { SetupPage } from './SetupPage.tsx'
import { chosenOf, connectionOf, labelOf, pairOf, type SetupFacts, stepsOf } from './steps.ts'

/** Which two systems: from where, to where. Only pairs that can work go on; of the others it is said why not. */
export function Systems({ facts }: { facts: SetupFacts }) {
  const { query, go } = usePlace()
  const [chosen, setChosen] = useState(() => chosenOf(facts, query))
  const works = facts.pairs.filter(({ flows }) => flows.length > 0)
  const named = (ids: readonly string[]) =>
    facts.connectors
      .filter(({ id }) => ids.includes(id))
      .map(({ id, label }) => ({
        value: id,
        // translators: %s: name of a system
        label: connectionOf(facts, id) ? sprintf(__('%s (connected)', 'crosswalk'), label) : label,
      }))
  const sources = named(works.map(({ source }) => source))
  const targets = named(
    facts.pairs.filter(({ source }) => source === chosen.from).map(({ target }) => target),
  )
  const pair = pairOf(facts, chosen)
  const next = (): void => {
    const open = [chosen.from, chosen.to].find((id) => !connectionOf(facts, id))
    go(open === undefined ? '/setup/flows' : pathOf('setup', 'connect', open), { ...chosen })
  }
  return (
    <SetupPage
      steps={stepsOf(facts, chosen, undefined)}
      at="systems"
      title={__('Which systems?', 'crosswalk')}
      intro={__('Records are read in one system and kept level in the other. Nothing is connected yet by choosing.', 'crosswalk')}
    >
      <div className="cw-form">
        <div className="cw-field">
          <Choice
            label={__('Read from', 'crosswalk')}
            options={sources}
            value={chosen.from}
            onChange={(from) => setChosen({ from, to: pairOf(facts, { from, to: chosen.to }) ? chosen.to : onlyTarget(facts, from) })}
          />
        </div>
        <div className="cw-field">
          <Choice label={__('Keep level in', 'crosswalk')} options={targets} value={chosen.to} onChange={(to) => setChosen({ ...chosen, to })} />
        </div>
      </div>
      {pair ? (
        <p>
          {/* translators: 1, 2: names of systems; 3: kinds of records, as a list */}
          {sprintf(__('From %1$s to %2$s can travel: %3$s.', 'crosswalk'), ...([labelOf(facts, chosen.from), labelOf(facts, chosen.to), pair.flows.map(({ label }) => label).join(', ')] as const))}
        </p>
      ) : (
        chosen.from !== '' && chosen.to !== '' && <NothingTravels facts={facts} chosen={chosen} />
      )}
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="primary" disabled={!pair} accessibleWhenDisabled onClick={next}>
          {__('Continue', 'crosswalk')}
        </Button>
        {!pair && <span className="cw-quiet">{__('Choose both systems first.', 'crosswalk')}</span>}
      </div>
    </SetupPage>
  ) // prettier-ignore
}

/** The target of a source that has only one; else nothing is chosen for anybody. */
function onlyTarget({ pairs }: SetupFacts, from: string): string {
  const [only, ...others] = pairs.filter(({ source, flows }) => source === from && flows.length > 0)
  return only && others.length === 0 ? only.target : ''
}

function NothingTravels({ facts, chosen }: { facts: SetupFacts; chosen: { from: string; to: string } }) {
  const pair = facts.pairs.find(({ source, target }) => source === chosen.from && target === chosen.to)
  return (
    <Message kind="warning">
      {__('Nothing can travel between these two.', 'crosswalk')}
      <ul className="cw-problems">
        {pair?.missing.map(({ entity, why }) => (
          <li key={entity}>{why}</li>
        ))}
      </ul>
    </Message>
  )
}
