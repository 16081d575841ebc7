import { CheckboxControl, SelectControl } from '@wordpress/components'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { Flow, ReconcileDay, Run } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { exactCount, timeZone } from '../parts/format.ts'
import { Empty, Loadable } from '../parts/Loadable.tsx'
import { Page } from '../parts/Page.tsx'
import { isOpen } from '../parts/runs.ts'
import { StateChip } from '../parts/state.tsx'
import { Time } from '../parts/Time.tsx'
import { PlaceButton, usePlace } from '../place.tsx'
import { isLevel } from './days.ts'
import { CompareNow } from './CompareNow.tsx'
import { DayRecords } from './DayRecords.tsx'
import { DaysTable } from './DaysTable.tsx'

interface Everything {
  flows: readonly Flow[]
  flow: Flow | null
  days: readonly ReconcileDay[]
  /** The comparison under way, else the last one. */
  run: Run | null
}

const DAYS = 60

/** Both sides of a flow, day by day: how many, how much, and what differs. */
export default function ReconcilePage() {
  const { api } = useBridge()
  const { query, path, go } = usePlace()
  const all = useLoaded<Everything>(`compare ${query['flow'] ?? ''}`, async () => {
    const flows = (await api.flows.list()).items.filter(({ state }) => state === 'active' || state === 'paused')
    const flow = flows.find(({ id }) => id === query['flow']) ?? flows[0] ?? null
    if (flow === null) return { flows, flow, days: [], run: null }
    const [days, runs] = await Promise.all([
      api.reconcile.days({ params: { flowId: flow.id }, query: { days: DAYS } }),
      api.runs.list({ query: { flowId: flow.id, limit: 50 } }),
    ])
    const compared = runs.items.filter(({ kind }) => kind === 'reconcile')
    return { flows, flow, days: days.items, run: compared.find(isOpen) ?? compared[0] ?? null }
  })
  const set = (change: Record<string, string>): void => go(path, { ...query, ...change })
  const { flow, run, days } = all.data ?? { flow: null, run: null, days: [] }
  const differing = days.filter((day) => !isLevel(day))
  const onlyDifferences = query['only'] === 'differences'
  const opened = query['day']
  return (
    <Page
      title={__('Compare both sides', 'crosswalk')}
      state={days.length > 0 && <Verdict differing={new Set(differing.map(({ day }) => day)).size} />}
      primary={flow && <CompareNow key={flow.id} flow={flow} last={run} ended={all.reload} />}
    >
      <Loadable of={all} lines={8}>
        {({ flows }) =>
          flow === null ? (
            <Empty
              why={__('No flow has been live yet, so there is nothing to compare.', 'crosswalk')}
              next={__('Both sides are compared every night once a flow is live.', 'crosswalk')}
            >
              <PlaceButton to="/">{__('Go to the overview', 'crosswalk')}</PlaceButton>
            </Empty>
          ) : (
            <>
              <div className="cw-filters">
                {flows.length > 1 && (
                  <SelectControl
                    __next40pxDefaultSize
                    label={__('Flow', 'crosswalk')}
                    value={flow.id}
                    options={flows.map(({ id, name }) => ({ value: id, label: name }))}
                    onChange={(id) => go(path, { ...query, flow: id, day: '' })}
                  />
                )}
                {days.length > 0 && (
                  <CheckboxControl
                    label={__('Only days with differences', 'crosswalk')}
                    checked={onlyDifferences}
                    onChange={(on) => set({ only: on ? 'differences' : '' })}
                  />
                )}
              </div>
              {days.length === 0 ? (
                <NeverCompared flow={flow} />
              ) : (
                <>
                  <p className="cw-quiet">
                    {__('Days by the time records were made, in UTC. Records that your rules leave out count on neither side.', 'crosswalk')}{' '}
                    {__('Compared', 'crosswalk')} <Time at={days[0]?.checkedAt ?? null} /> ({timeZone()}).
                  </p>
                  {onlyDifferences && differing.length === 0 ? (
                    <p role="status">{__('No day differs.', 'crosswalk')}</p>
                  ) : (
                    <DaysTable
                      flow={flow}
                      days={onlyDifferences ? differing : days}
                      opened={opened ?? null}
                      open={(day) => set({ day: day === opened ? '' : day })}
                    />
                  )}
                  {opened !== undefined && <DayRecords key={`${flow.id} ${opened}`} flow={flow} day={opened} close={() => set({ day: '' })} />}
                </>
              )}
            </>
          )
        }
      </Loadable>
    </Page>
  )
} // prettier-ignore

const Verdict = ({ differing }: { differing: number }) =>
  differing === 0 ? (
    <StateChip state="live" word={__('Both sides agree', 'crosswalk')} />
  ) : (
    <StateChip
      state="attention"
      // translators: %s: number of days
      word={sprintf(_n('%s day differs', '%s days differ', differing, 'crosswalk'), exactCount(differing))}
    />
  )

const NeverCompared = ({ flow }: { flow: Flow }) => (
  <Empty
    // translators: %s: name of a flow
    why={sprintf(__('“%s” was never compared.', 'crosswalk'), flow.name)}
    next={
      flow.state === 'active'
        ? __('The first comparison comes by itself within a day. You need not wait for it: compare now.', 'crosswalk') // prettier-ignore
        : __('It is paused. Comparisons go on once it is live again.', 'crosswalk')
    }
  />
)
