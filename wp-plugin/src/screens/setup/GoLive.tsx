import { Button, RadioControl, TextControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { Flow } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { exactCount } from '../parts/format.ts'
import { Message, Problem } from '../parts/Message.tsx'
import { pathOf, PlaceButton, usePlace } from '../place.tsx'
import { entityWord } from './entities.ts'
import { SetupPage } from './SetupPage.tsx'
import type { Step } from './steps.ts'
import { useFlowVolume, type Volume, volumeWords } from './useVolume.ts'

type History = 'none' | 'since' | 'all'

/** A year back: what is looked up most. */
const A_YEAR_MS = 365 * 86_400_000
const dayBefore = (ms: number): string => new Date(Date.now() - ms).toISOString().slice(0, 10)
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))

/** Start without harm: from now on, and earlier records only where that is chosen, with their number first. */
export function GoLive({ flow, steps, look }: { flow: Flow; steps: readonly Step[]; look: () => void }) {
  const { api, role } = useBridge()
  const { go } = usePlace()
  const [history, setHistory] = useState<History>('none')
  const [day, setDay] = useState(() => dayBefore(A_YEAR_MS))
  const from = history === 'since' && isDay(day) ? `${day}T00:00:00Z` : null
  const since = useFlowVolume(flow.id, isDay(day) ? `${day}T00:00:00Z` : null)
  const all = useFlowVolume(flow.id, null)
  const start = useAction(async () => {
    const body = { to: 'active' as const, history: history === 'none' ? null : { from } }
    await api.flows.move({ params: { flowId: flow.id }, body })
    look()
    go(pathOf('setup', flow.id, 'bring'))
  })
  const what = entityWord(flow.entity)
  const reason = reasonAgainst(flow, history, day, mayChange(role))
  const bringing = history === 'since' ? since.data : history === 'all' ? all.data : null
  return (
    <SetupPage
      steps={steps}
      at="live"
      title={__('Go live', 'crosswalk')}
      // translators: 1: kind of records; 2: name of a system; 3: what they become; 4: name of a system
      intro={sprintf(__('From now on: %1$s of %2$s become %3$s in %4$s. Changes travel by themselves. Nobody is written to.', 'crosswalk'), ...([what, flow.source.name, flow.documentLabel, flow.target.label] as const))}
    >
      <RadioControl
        // translators: %s: kind of records
        label={sprintf(__('Earlier %s', 'crosswalk'), what)}
        options={[
          { value: 'none', label: __('None: from today on (recommended)', 'crosswalk') },
          // translators: %s: number of records
          { value: 'since', label: sprintf(__('Also those since a day: %s', 'crosswalk'), volumeWords(since)) },
          // translators: %s: number of records
          { value: 'all', label: sprintf(__('All there are: %s', 'crosswalk'), volumeWords(all)) },
        ]}
        selected={history}
        onChange={(value) => setHistory(value as History)}
      />
      {history === 'since' && (
        <div className="cw-form cw-field">
          <TextControl
            __next40pxDefaultSize
            type="date"
            label={__('Since', 'crosswalk')}
            help={__('A whole day, in UTC.', 'crosswalk')}
            max={dayBefore(0)}
            value={day}
            onChange={setDay}
          />
        </div>
      )}
      {history !== 'none' && (
        <Message kind="info" spoken={null}>
          {sprintf(
            // translators: %s: name of a system
            __('What is brought over is marked as “imported” in %s where it is made anew, so that your workflows there can leave it out. It can be paused and stopped; new records go first.', 'crosswalk'),
            flow.target.label,
          )}
        </Message>
      )}
      <Problem error={start.error} />
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="primary" isBusy={start.busy} disabled={reason !== null || start.busy} accessibleWhenDisabled onClick={() => void start.run()}>
          {actWords(history, bringing)}
        </Button>
        <PlaceButton to="/setup">{__('Not yet', 'crosswalk')}</PlaceButton>
        {reason !== null && <span className="cw-quiet">{reason}</span>}
      </div>
    </SetupPage>
  ) // prettier-ignore
}

/** What the button does, with the number it does it to. */
function actWords(history: History, volume: Volume | null): string {
  if (history === 'none') return __('Go live', 'crosswalk')
  const many = volume?.count
  if (many === undefined || many === null) return __('Go live and bring earlier records', 'crosswalk')
  return sprintf(
    // translators: %s: number of records
    _n('Go live and bring %s record', 'Go live and bring %s records', many, 'crosswalk'),
    exactCount(many),
  )
}

/** Why it cannot go live yet; null where it can. */
function reasonAgainst(flow: Flow, history: History, day: string, may: boolean): string | null {
  if (!may) return __('Your key may only look.', 'crosswalk')
  if (flow.state === 'draft') return __('Look at a preview first.', 'crosswalk')
  return history === 'since' && !isDay(day) ? __('Choose a day first.', 'crosswalk') : null
}
