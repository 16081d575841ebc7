import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Flow, Run } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction, useLoaded } from '../loaded.ts'
import { count } from '../parts/format.ts'
import { Loadable } from '../parts/Loadable.tsx'
import { Message, Problem } from '../parts/Message.tsx'
import { isOpen } from '../parts/runs.ts'
import { Time } from '../parts/Time.tsx'
import { MatchCases, useMatchCases } from './MatchCases.tsx'
import { MatchTable } from './MatchTable.tsx'
import { RunProgress } from './RunProgress.tsx'

/** Enough to see what is known already, and quick. */
const NEWEST = 500
const LOOK_MS = 2_000

/**
 * What the target has already of what would be written, and the questions that come of it. Nothing is written.
 * @param volume how many there are in all; null where nobody knows @param begun called when somebody looks
 */
export function MatchReport(props: { flow: Flow; volume: number | null; begun?: () => void }) {
  const { flow, volume } = props
  const { api, role } = useBridge()
  const last = useLoaded(`match runs ${flow.id}`, async () => {
    const { items } = await api.runs.list({ query: { flowId: flow.id, limit: 100 } })
    return { run: items.find(({ kind }) => kind === 'match') ?? null }
  })
  const [begun, setBegun] = useState<Run | null>(null)
  const run = begun ?? last.data?.run ?? null
  const cases = useMatchCases(flow.id)
  const start = useAction(async (scope: { last: number } | { from: null }) => {
    setBegun(await api.runs.start({ params: { flowId: flow.id }, body: { kind: 'match', scope } }))
    props.begun?.()
  })
  const isRunning = run !== null && isOpen(run)
  const reason = !mayChange(role)
    ? __('Your key may only look.', 'crosswalk')
    : isRunning
      ? __('It is looking just now.', 'crosswalk')
      : null
  const all = volume !== null && volume <= NEWEST
  return (
    <>
      <Loadable of={last}>
        {() => (
          <>
            {run && <RunProgress key={run.id} started={run} changed={(now) => { setBegun(now); if (!isOpen(now)) cases.reload() }} />}
            {run && <Report key={`report ${run.id}`} run={run} />}
            <Problem error={start.error} />
            <div className="cw-buttons">
              <Button __next40pxDefaultSize variant={run === null ? 'primary' : 'secondary'} isBusy={start.busy} disabled={reason !== null || start.busy} accessibleWhenDisabled onClick={() => void start.run({ last: NEWEST })}>
                {all
                  ? __('Look at all of them', 'crosswalk')
                  : // translators: %s: number of records
                    sprintf(__('Look at the newest %s', 'crosswalk'), count(NEWEST))}
              </Button>
              {!all && (
                <Button __next40pxDefaultSize variant="secondary" disabled={reason !== null || start.busy} accessibleWhenDisabled onClick={() => void start.run({ from: null })}>
                  {volume === null
                    ? __('Look at all', 'crosswalk')
                    : // translators: %s: number of records
                      sprintf(__('Look at all %s', 'crosswalk'), count(volume))}
                </Button>
              )}
              {reason !== null && <span className="cw-quiet">{reason}</span>}
            </div>
          </>
        )}
      </Loadable>
      {(cases.data?.items.length ?? 0) > 0 && (
        <section aria-labelledby="cw-decide">
          <h2 id="cw-decide">{__('You decide', 'crosswalk')}</h2>
          <p>{__('Several records may be meant. What is not decided waits; all others can start.', 'crosswalk')}</p>
          <MatchCases flow={flow} cases={cases} />
        </section>
      )}
      {cases.error !== null && <Message kind="error">{cases.error.message}</Message>}
    </>
  ) // prettier-ignore
}

/** Its numbers, so far or as they came out. */
function Report({ run }: { run: Run }) {
  const { api } = useBridge()
  const report = useLoaded(
    `report ${run.id} ${run.state}`,
    () => api.matches.report({ params: { runId: run.id } }),
    () => (isOpen(run) ? LOOK_MS : null),
  )
  return (
    <Loadable of={report}>
      {({ rows, run: { counts } }) => (
        <>
          <MatchTable rows={rows} soFar={isOpen(run)} />
          <p className="cw-quiet">
            {counts.skipped > 0 &&
              // translators: %s: number of records
              `${sprintf(__('%s are left out by your rules.', 'crosswalk'), count(counts.skipped))} `}
            {counts.failed > 0 &&
              // translators: %s: number of records
              `${sprintf(__('%s could not be read.', 'crosswalk'), count(counts.failed))} `}
            {__('Looked:', 'crosswalk')} <Time at={run.finishedAt ?? run.createdAt} />
          </p>
        </>
      )}
    </Loadable>
  )
}
