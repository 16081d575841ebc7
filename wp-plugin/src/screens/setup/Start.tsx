import { __, _n, sprintf } from '@wordpress/i18n'
import { count } from '../parts/format.ts'
import { Page } from '../parts/Page.tsx'
import { PlaceButton, PlaceLink, usePlace } from '../place.tsx'
import { StepList } from './SetupPage.tsx'
import { chosenOf, nextOf, type SetupFacts, stepsOf, unfinished } from './steps.ts'

/** What is done and what comes next; it can be left at any time. */
export function Start({ facts }: { facts: SetupFacts }) {
  const { query } = usePlace()
  const chosen = chosenOf(facts, query)
  const open = unfinished(facts)
  const flow = open ?? facts.flows[0]
  const steps = stepsOf(facts, chosen, flow)
  const next = nextOf(steps)
  const live = facts.flows.filter(({ state }) => state === 'active').length
  const isNew = facts.connections.length === 0
  return (
    <Page
      title={__('Set up', 'crosswalk')}
      primary={
        next && (
          <PlaceButton variant="primary" to={next.path} query={next.query}>
            {/* translators: %s: name of a step */}
            {isNew ? __('Begin', 'crosswalk') : sprintf(__('Go on: %s', 'crosswalk'), next.title)}
          </PlaceButton>
        )
      }
    >
      <p className="cw-intro">
        {isNew
          ? __('Connect two systems, choose what travels, and look at it before anything is written. You can leave at any time; what is done is kept.', 'crosswalk')
          : next
            ? __('What is done is kept. Nothing is written before you go live.', 'crosswalk')
            : sprintf(
                // translators: %s: number of flows
                _n('All steps are done: %s flow is live.', 'All steps are done: %s flows are live.', live, 'crosswalk'),
                count(live),
              )}
      </p>
      {flow && (
        <p className="cw-name">
          <bdi>{flow.name}</bdi>
        </p>
      )}
      <StepList steps={steps} at="" />
      {facts.flows.length > 0 && (
        <p>
          <PlaceLink to="/setup/flows">{__('Let more travel', 'crosswalk')}</PlaceLink>
          {' · '}
          <PlaceLink to="/flows">{__('All flows', 'crosswalk')}</PlaceLink>
        </p>
      )}
    </Page>
  ) // prettier-ignore
}
