import { __ } from '@wordpress/i18n'
import { useState } from '@wordpress/element'
import type { Flow, Run } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { MatchCases, useMatchCases } from '../look/MatchCases.tsx'
import { BackfillCard } from '../overview/BackfillCard.tsx'
import { type FlowHealth, recordFacts } from '../overview/words.ts'
import { Card } from '../parts/Card.tsx'
import { TechnicalDetails } from '../parts/Details.tsx'
import { Loadable } from '../parts/Loadable.tsx'
import { Message } from '../parts/Message.tsx'
import { Page } from '../parts/Page.tsx'
import { isOpen } from '../parts/runs.ts'
import { StateChip } from '../parts/state.tsx'
import { pathOf, PlaceLink } from '../place.tsx'
import { FlowActions } from './FlowActions.tsx'
import { FlowRuns } from './FlowRuns.tsx'
import { SettingsForm } from './SettingsForm.tsx'
import { useFlowForm } from './useFlowForm.ts'
import { flowChip } from './words.ts'

const LOOK_MS = 5_000

interface Known {
  flow: Flow
  health: FlowHealth | undefined
  runs: Run[]
}

/** One flow: its state and a way to change it, what waits for a decision, its settings, its runs. */
export default function FlowPage({ id }: { id: string }) {
  const { api } = useBridge()
  const found = useLoaded<Known>(
    `flow ${id}`,
    async () => {
      const [flow, overview, runs] = await Promise.all([
        api.flows.get({ params: { flowId: id } }),
        api.overview.get(),
        api.runs.list({ query: { flowId: id, limit: 20 } }),
      ])
      return { flow, health: overview.flows.find((one) => one.id === id), runs: runs.items }
    },
    () => LOOK_MS,
  )
  const flow = found.data?.flow
  return (
    <Page
      title={flow?.name ?? __('Flow', 'crosswalk')}
      state={flow && <StateChip {...flowChip(flow, found.data?.health)} />}
      primary={flow && <FlowActions flow={flow} changed={found.reload} />}
    >
      <p className="cw-back">
        <PlaceLink to="/flows">{__('‹ All flows', 'crosswalk')}</PlaceLink>
      </p>
      <Loadable of={found}>{(known) => <Content {...known} look={found.reload} />}</Loadable>
    </Page>
  )
}

function Content({ flow, health, runs, look }: Known & { look: () => void }) {
  const cases = useMatchCases(flow.id)
  const bringing = runs.find((run) => run.kind === 'backfill' && isOpen(run))
  const words = flow.stateReason ?? health?.text ?? ''
  const open = cases.data?.items.length ?? 0
  return (
    <>
      {words !== '' && <Message kind={flow.state === 'paused' ? 'info' : 'warning'}>{words}</Message>}
      <Card title={__('What travels', 'crosswalk')}>
        <p>
          <PlaceLink to={pathOf('connections', flow.source.connectionId)}>{flow.source.name}</PlaceLink> →{' '}
          <PlaceLink to={pathOf('connections', flow.target.connectionId)}>{flow.target.name}</PlaceLink>
        </p>
        {health && <p>{recordFacts(health.records)}</p>}
        <p>
          <PlaceLink to={pathOf('flows', flow.id, 'mapping')}>{__('Rules: which field goes where', 'crosswalk')}</PlaceLink>
          {' · '}
          <PlaceLink to="/lists">{__('Lists', 'crosswalk')}</PlaceLink>
          {' · '}
          <PlaceLink to="/activity" query={{ flow: flow.id }}>
            {__('Activity', 'crosswalk')}
          </PlaceLink>
          {' · '}
          <PlaceLink to="/compare" query={{ flow: flow.id }}>
            {__('Compare both sides', 'crosswalk')}
          </PlaceLink>
          {' · '}
          <PlaceLink to={pathOf('setup', flow.id, 'preview')}>{__('Preview', 'crosswalk')}</PlaceLink>
        </p>
      </Card>
      {bringing && <BackfillCard key={bringing.id} started={bringing} ended={look} />}
      {(open > 0 || cases.error !== null) && (
        <section aria-labelledby="cw-decide">
          <h2 id="cw-decide">{__('You decide', 'crosswalk')}</h2>
          <p>{__('Several records may be meant. These wait until you say which; all others go on.', 'crosswalk')}</p>
          <MatchCases flow={flow} cases={cases} />
        </section>
      )}
      <FlowRuns flow={flow} runs={runs} />
      <Settings key={flow.id} flow={flow} />
      <TechnicalDetails of={{ id: flow.id, entity: flow.entity, document: flow.document, state: flow.state, settingsVersion: flow.settingsVersion, mappingVersion: flow.mappingVersion }} />
    </>
  ) // prettier-ignore
}

/** The settings as they are now; somebody else's change meanwhile is not overwritten unseen. */
function Settings({ flow }: { flow: Flow }) {
  const form = useFlowForm(flow)
  const [known, setKnown] = useState(flow)
  const [saved, setSaved] = useState(0)
  const elsewhere = flow.settingsVersion > known.settingsVersion
  return (
    <Card title={__('Settings', 'crosswalk')}>
      <Loadable of={form} lines={8}>
        {(of) => (
          <>
            {elsewhere && (
              <Message
                kind="warning"
                way={{ label: __('Show them as they are now', 'crosswalk'), onClick: () => setKnown(flow) }}
              >
                {__('These settings were changed elsewhere. What you see here is older.', 'crosswalk')}
              </Message>
            )}
            {saved > 0 && !elsewhere && (
              <Message key={saved} kind="success">
                {__('Saved. It counts from the next record on.', 'crosswalk')}
              </Message>
            )}
            <SettingsForm
              key={known.settingsVersion}
              flow={known}
              form={of}
              save={__('Save the settings', 'crosswalk')}
              second={flow.state !== 'active'}
              saved={(now) => {
                setKnown(now)
                setSaved((n) => n + 1)
              }}
            />
          </>
        )}
      </Loadable>
    </Card>
  )
}
