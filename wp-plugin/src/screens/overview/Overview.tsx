import { createInterpolateElement } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { DemoState, Flow, Run } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { count, timeZone } from '../parts/format.ts'
import { Empty, Loadable } from '../parts/Loadable.tsx'
import { Page } from '../parts/Page.tsx'
import { isOpen } from '../parts/runs.ts'
import { StateChip, worst } from '../parts/state.tsx'
import { Time } from '../parts/Time.tsx'
import { PlaceButton } from '../place.tsx'
import { BackfillCard } from './BackfillCard.tsx'
import { ConnectionsCard, FlowsCard } from './cards.tsx'
import { DaysCard } from './DaysCard.tsx'
import { DemoCard } from './DemoCard.tsx'
import { Sentence } from './Sentence.tsx'
import { connectionState, flowState, type OverviewData } from './words.ts'

/** Between two looks, ms: while the demo starts, while a run is open, and else. */
const STARTING = 1_000
const BUSY = 2_000
const CALM = 10_000

interface Everything {
  overview: OverviewData
  flows: Flow[]
  demo: DemoState
  runs: Run[]
}

const waitOf = (all: Everything | null): number =>
  all?.demo.state === 'starting' ? STARTING : all && all.overview.openRuns > 0 ? BUSY : CALM

/** Is all well, and if not, where. */
export function Overview() {
  const { api, tellFailures } = useBridge()
  const all = useLoaded<Everything>(
    'overview',
    async () => {
      const [overview, flows, demo, runs] = await Promise.all([
        api.overview.get(),
        api.flows.list(),
        api.demo.get(),
        api.runs.list({ query: { limit: 10 } }),
      ])
      tellFailures(overview.failures)
      return { overview, flows: flows.items, demo, runs: runs.items }
    },
    waitOf,
  )
  const failures = all.data?.overview.failures ?? 0
  return (
    <Page
      title={__('Overview', 'crosswalk')}
      state={all.data && <WorstChip overview={all.data.overview} />}
      primary={
        failures > 0 && (
          <PlaceButton variant="primary" to="/failures">
            {/* translators: %s: number of failures */}
            {sprintf(_n('Fix %s failure', 'Fix %s failures', failures, 'crosswalk'), count(failures))}
          </PlaceButton>
        )
      }
    >
      <Loadable of={all}>{(data) => <Content {...data} look={all.reload} />}</Loadable>
    </Page>
  )
}

function WorstChip({ overview: { connections, flows, failures } }: { overview: OverviewData }) {
  const states = [...connections.map(connectionState), ...flows.map(flowState)]
  if (failures > 0) {
    // translators: %s: number of failures
    return <StateChip state="failed" word={sprintf(__('Failed: %s', 'crosswalk'), count(failures))} />
  }
  return states.length === 0 ? null : <StateChip state={worst(states)} />
}

function Content({ overview, flows, demo, runs, look }: Everything & { look: () => void }) {
  const backfills = runs.filter(({ kind }) => kind === 'backfill')
  const run = backfills.find(isOpen) ?? backfills[0]
  const nothing = overview.connections.length === 0
  return (
    <>
      {nothing ? <NothingYet /> : <Sentence overview={overview} />}
      {run && <BackfillCard key={run.id} started={run} ended={look} />}
      <DemoCard demo={demo} started={look} />
      {!nothing && (
        <div className="cw-cards">
          <FlowsCard overview={overview} />
          <ConnectionsCard overview={overview} flows={flows} />
        </div>
      )}
      <DaysCard days={overview.days} />
      <p className="cw-quiet">
        {createInterpolateElement(
          // translators: %s: a time zone; <time /> is replaced by a time
          sprintf(__('The bridge answers. Checked at <time />, %s.', 'crosswalk'), timeZone()),
          { time: <Time at={overview.now} seconds /> },
        )}
      </p>
    </>
  )
}

const NothingYet = () => (
  <Empty
    why={__('Nothing is connected yet.', 'crosswalk')}
    next={__('Connect your own systems, or look at it with the demo shop below.', 'crosswalk')}
  >
    <PlaceButton to="/setup">{__('Connect a system', 'crosswalk')}</PlaceButton>
  </Empty>
)
