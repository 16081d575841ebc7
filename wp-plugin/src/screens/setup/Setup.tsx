import { __ } from '@wordpress/i18n'
import { useState } from '@wordpress/element'
import { Empty, Loadable } from '../parts/Loadable.tsx'
import { Page } from '../parts/Page.tsx'
import { PlaceButton, usePlace } from '../place.tsx'
import { Bringing } from './Bringing.tsx'
import { ChooseFlows } from './ChooseFlows.tsx'
import { ConnectStep } from './ConnectStep.tsx'
import { GoLive } from './GoLive.tsx'
import { MatchStep } from './MatchStep.tsx'
import { PreviewStep } from './PreviewStep.tsx'
import { Questions } from './Questions.tsx'
import { Start } from './Start.tsx'
import { chosenOf, type SetupFacts, stepsOf } from './steps.ts'
import { Systems } from './Systems.tsx'
import { useSetup } from './useSetup.ts'

/** From nothing to the first record that is level, step by step; each is an address of its own. */
export default function Setup({ parts }: { parts: readonly string[] }) {
  const { query } = usePlace()
  const [round, setRound] = useState(0)
  // Each step asks anew what is done: it may have been done elsewhere.
  const facts = useSetup(`${parts.join('/')} ${round}`)
  const look = (): void => setRound((n) => n + 1)
  if (facts.data === null) {
    return (
      <Page title={__('Set up', 'crosswalk')}>
        <Loadable of={facts} lines={6}>
          {() => null}
        </Loadable>
      </Page>
    )
  }
  return <StepOf parts={parts} facts={facts.data} query={query} look={look} />
}

function StepOf(props: {
  parts: readonly string[]
  facts: SetupFacts
  query: Readonly<Record<string, string>>
  look: () => void
}) {
  const { parts, facts, query, look } = props
  const [name = '', more = ''] = parts
  if (name === '') return <Start facts={facts} />
  if (name === 'systems') return <Systems facts={facts} />
  if (name === 'connect') return <ConnectStep key={more} facts={facts} connectorId={more} look={look} />
  if (name === 'flows') return <ChooseFlows facts={facts} />
  const flow = facts.flows.find(({ id }) => id === name)
  if (!flow) return <NoSuchFlow />
  const steps = stepsOf(facts, chosenOf(facts, query), flow)
  const common = { flow, steps, look }
  switch (more) {
    case 'match':
      return <MatchStep {...common} looked={steps.some(({ id, done }) => id === 'match' && done)} />
    case 'preview':
      return <PreviewStep {...common} />
    case 'live':
      return flow.state === 'active' ? <Bringing flow={flow} facts={facts} /> : <GoLive {...common} />
    case 'bring':
      return <Bringing flow={flow} facts={facts} />
    default:
      return <Questions {...common} />
  }
}

const NoSuchFlow = () => (
  <Page title={__('Set up', 'crosswalk')}>
    <Empty
      why={__('There is no such flow any more.', 'crosswalk')}
      next={__('It may have been removed elsewhere.', 'crosswalk')}
    >
      <PlaceButton to="/setup">{__('See all steps', 'crosswalk')}</PlaceButton>
    </Empty>
  </Page>
)
