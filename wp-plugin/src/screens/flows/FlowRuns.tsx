import { Button, TextControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Flow, Run } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { countsLine, doneOf } from '../overview/progress.ts'
import { Card } from '../parts/Card.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { DataTable } from '../parts/DataTable.tsx'
import { Problem } from '../parts/Message.tsx'
import { isOpen, runState } from '../parts/runs.ts'
import { StateChip } from '../parts/state.tsx'
import { Time } from '../parts/Time.tsx'
import { useFlowVolume, volumeWords } from '../setup/useVolume.ts'
import { kindWord } from './words.ts'

/** Runs of a flow, newest first, and a way to start some. */
export function FlowRuns({ flow, runs }: { flow: Flow; runs: readonly Run[] }) {
  const { api, role } = useBridge()
  const [asks, setAsks] = useState(false)
  const look = useAction(async () => {
    await api.runs.start({ params: { flowId: flow.id }, body: { kind: 'sweep' } })
  })
  const live = flow.state === 'active'
  const bringing = runs.some((run) => run.kind === 'backfill' && isOpen(run))
  return (
    <Card title={__('Runs', 'crosswalk')}>
      {runs.length === 0 ? (
        <p>{__('Nothing has run yet. Runs are worked on in the background and show here.', 'crosswalk')}</p>
      ) : (
        <DataTable
          caption={__('Runs of this flow, newest first', 'crosswalk')}
          captionShown={false}
          rows={runs}
          keyOf={({ id }) => id}
          columns={[
            { name: __('Started', 'crosswalk'), cell: ({ createdAt }) => <Time at={createdAt} /> },
            { name: __('What', 'crosswalk'), cell: ({ kind }) => kindWord(kind) },
            { name: __('Records', 'crosswalk'), cell: (run) => (run.kind === 'backfill' || run.kind === 'preview' ? `${doneOf(run)} · ${countsLine(run)}` : run.done > 0 ? doneOf(run) : '') },
            { name: __('State', 'crosswalk'), cell: (run) => <StateChip {...runState(run)} /> },
          ]}
        />
      )}
      <Problem error={look.error} />
      {live && mayChange(role) && (
        <div className="cw-buttons">
          <Button __next40pxDefaultSize variant="secondary" isBusy={look.busy} onClick={() => void look.run()}>
            {__('Look for changes now', 'crosswalk')}
          </Button>
          <Button __next40pxDefaultSize variant="secondary" disabled={bringing} accessibleWhenDisabled onClick={() => setAsks(true)}>
            {__('Bring earlier records…', 'crosswalk')}
          </Button>
          {bringing && <span className="cw-quiet">{__('They are being brought just now.', 'crosswalk')}</span>}
        </div>
      )}
      {asks && <BringQuestion flow={flow} leave={() => setAsks(false)} />}
    </Card>
  ) // prettier-ignore
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Since when, with how many that are. */
function BringQuestion({ flow, leave }: { flow: Flow; leave: () => void }) {
  const { api } = useBridge()
  const [day, setDay] = useState('')
  const from = /^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T00:00:00Z` : null
  const volume = useFlowVolume(flow.id, from)
  const start = useAction(async () => {
    await api.runs.start({ params: { flowId: flow.id }, body: { kind: 'backfill', from } })
    leave()
  })
  return (
    <Confirm
      question={__('Bring earlier records?', 'crosswalk')}
      // translators: %s: such as "2,418 records"
      act={sprintf(__('Bring %s', 'crosswalk'), volumeWords(volume))}
      leave={__('Not now', 'crosswalk')}
      busy={start.busy}
      error={start.error}
      onLeave={leave}
      onAct={() => void start.run()}
    >
      <TextControl __next40pxDefaultSize type="date" label={__('Made since', 'crosswalk')} help={__('Empty: all there are.', 'crosswalk')} max={dayOf(Date.now())} value={day} onChange={setDay} />
      {/* translators: %s: name of a system */}
      <p>{sprintf(__('What is made anew in %s is marked as imported. New records go first.', 'crosswalk'), flow.target.label)}</p>
    </Confirm>
  ) // prettier-ignore
}
