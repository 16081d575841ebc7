import { __, sprintf } from '@wordpress/i18n'
import type { Flow, SyncRecord } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { BackfillCard } from '../overview/BackfillCard.tsx'
import { lasting } from '../parts/format.ts'
import { Loadable } from '../parts/Loadable.tsx'
import { Message } from '../parts/Message.tsx'
import { Page } from '../parts/Page.tsx'
import { recordName, recordPath } from '../parts/records.ts'
import { StateChip } from '../parts/state.tsx'
import { pathOf, PlaceButton, PlaceLink } from '../place.tsx'
import { unfinished, type SetupFacts } from './steps.ts'

const LOOK_MS = 2_000
const HOUR_S = 3_600

/** The flow is live: the first record that came across, and earlier ones on their way. */
export function Bringing({ flow, facts }: { flow: Flow; facts: SetupFacts }) {
  const { api } = useBridge()
  const first = useLoaded<{ record: SyncRecord | null }>(
    `first ${flow.id}`,
    async () => {
      const { items } = await api.records.list({ query: { flowId: flow.id, state: 'linked', limit: 1 } })
      return { record: items[0] ?? null }
    },
    (known) => (known?.record ? null : LOOK_MS),
  )
  const runs = useLoaded(`bringing ${flow.id}`, async () => {
    const { items } = await api.runs.list({ query: { flowId: flow.id, limit: 20 } })
    return { run: items.find(({ kind }) => kind === 'backfill') ?? null }
  })
  const more = unfinished(facts)
  return (
    <Page
      title={__('It is live', 'crosswalk')}
      state={<StateChip state="live" />}
      primary={
        more ? (
          <PlaceButton variant="primary" to={pathOf('setup', more.id, 'questions')}>
            {/* translators: %s: name of a flow */}
            {sprintf(__('Set up next: %s', 'crosswalk'), more.name)}
          </PlaceButton>
        ) : (
          <PlaceButton variant="primary" to="/">
            {__('Go to the overview', 'crosswalk')}
          </PlaceButton>
        )
      }
    >
      <p className="cw-name">
        <bdi>{flow.name}</bdi>
      </p>
      <Loadable of={first} lines={1}>
        {({ record }) => (record ? <First flow={flow} record={record} /> : <Waiting flow={flow} />)}
      </Loadable>
      <Loadable of={runs} lines={3}>
        {({ run }) => (run ? <BackfillCard key={run.id} started={run} ended={first.reload} /> : null)}
      </Loadable>
      <p>
        <PlaceLink to={pathOf('flows', flow.id)}>{__('The flow, its settings and runs', 'crosswalk')}</PlaceLink>
        {' · '}
        <PlaceLink to="/activity" query={{ flow: flow.id }}>
          {__('What has travelled', 'crosswalk')}
        </PlaceLink>
        {' · '}
        <PlaceLink to="/settings/alarms">{__('Who is told when something goes wrong', 'crosswalk')}</PlaceLink>
      </p>
    </Page>
  ) // prettier-ignore
}

const Waiting = ({ flow }: { flow: Flow }) => (
  <Message kind="info">
    {sprintf(
      // translators: 1, 2: names of systems
      __('Waiting for the first record. Place a test order in %1$s, or wait for a real one: it shows here as soon as it is in %2$s. You can close this page.', 'crosswalk'),
      ...([flow.source.name, flow.target.label] as const),
    )}
  </Message>
) // prettier-ignore

/** How long the first one took, where both clocks make sense of it. */
function took({ sourceModifiedAt, firstSyncedAt }: SyncRecord): string | null {
  if (sourceModifiedAt === null || firstSyncedAt === null) return null
  const seconds = (Date.parse(firstSyncedAt) - Date.parse(sourceModifiedAt)) / 1000
  return seconds > 0 && seconds < HOUR_S ? lasting(seconds) : null
}

function First({ flow, record }: { flow: Flow; record: SyncRecord }) {
  const name = recordName(flow.entity, record)
  const time = took(record)
  const words =
    time === null
      ? // translators: 1: name of a record, such as Order #1042; 2: name of a system
        sprintf(__('%1$s is in %2$s.', 'crosswalk'), ...([name, flow.target.label] as const))
      : // translators: 1: name of a record, such as Order #1042; 2: name of a system; 3: a duration
        sprintf(
          __('%1$s was in %2$s after %3$s.', 'crosswalk'),
          ...([name, flow.target.label, time] as const),
        )
  return (
    <Message kind="success" spoken={words}>
      {words} <PlaceLink to={recordPath(record)}>{__('See how it came about', 'crosswalk')}</PlaceLink>
    </Message>
  )
}
