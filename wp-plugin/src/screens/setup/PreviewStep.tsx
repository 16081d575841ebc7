import {
  Button,
  __experimentalToggleGroupControl as ToggleGroupControl,
  __experimentalToggleGroupControlOption as ToggleGroupControlOption,
} from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Flow, PreviewResult } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { RunPreview } from '../look/RunPreview.tsx'
import { SamplePreview } from '../look/SamplePreview.tsx'
import { count } from '../parts/format.ts'
import { Problem } from '../parts/Message.tsx'
import { pathOf, PlaceButton, usePlace } from '../place.tsx'
import { SetupPage } from './SetupPage.tsx'
import type { Step } from './steps.ts'
import { useFlowVolume } from './useVolume.ts'

const ALL = 'all'

/** Proof before harm: real records, side by side, by the same code as live. Nothing is written, ever. */
export function PreviewStep({ flow, steps, look }: { flow: Flow; steps: readonly Step[]; look: () => void }) {
  const { api, role } = useBridge()
  const { go } = usePlace()
  const [size, setSize] = useState('10')
  const [counts, setCounts] = useState<PreviewResult['counts'] | null>(null)
  const volume = useFlowVolume(flow.id, null)
  const goOn = useAction(async () => {
    if (flow.state === 'draft')
      await api.flows.move({ params: { flowId: flow.id }, body: { to: 'previewed' } })
    look()
    go(pathOf('setup', flow.id, 'live'))
  })
  const all = volume.data?.count ?? null
  const reason = reasonAgainst(counts, mayChange(role))
  return (
    <SetupPage
      steps={steps}
      at="preview"
      title={__('Preview', 'crosswalk')}
      intro={__('What would become of your own records. Nothing is written.', 'crosswalk')}
    >
      <ToggleGroupControl
        __next40pxDefaultSize
        isBlock
        label={__('How many?', 'crosswalk')}
        value={size}
        onChange={(next) => {
          setCounts(null)
          setSize(String(next))
        }}
      >
        <ToggleGroupControlOption value="10" label={__('10 newest', 'crosswalk')} />
        <ToggleGroupControlOption value="50" label={__('50 newest', 'crosswalk')} />
        <ToggleGroupControlOption
          value={ALL}
          // translators: %s: number of records
          label={all === null ? __('All', 'crosswalk') : sprintf(__('All %s', 'crosswalk'), count(all))}
        />
      </ToggleGroupControl>
      {size === ALL ? (
        <RunPreview flow={flow} told={setCounts} />
      ) : (
        <SamplePreview key={size} flow={flow} limit={Number(size)} told={setCounts} />
      )}
      <Problem error={goOn.error} />
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="primary" isBusy={goOn.busy} disabled={reason !== null || goOn.busy} accessibleWhenDisabled onClick={() => void goOn.run()}>
          {__('These are right: continue', 'crosswalk')}
        </Button>
        <PlaceButton to={pathOf('setup', flow.id, 'questions')}>{__('Change the answers', 'crosswalk')}</PlaceButton>
        <PlaceButton to={pathOf('flows', flow.id, 'mapping')}>{__('Change the rules', 'crosswalk')}</PlaceButton>
        {reason !== null && <span className="cw-quiet">{reason}</span>}
      </div>
    </SetupPage>
  ) // prettier-ignore
}

/** Why it cannot be gone on; null where it can. */
function reasonAgainst(counts: PreviewResult['counts'] | null, may: boolean): string | null {
  if (!may) return __('Your key may only look.', 'crosswalk')
  if (counts === null) return __('Look at the preview first.', 'crosswalk')
  const seen = Object.values(counts).reduce((sum, one) => sum + one, 0)
  return seen > 0 && counts.fail === seen
    ? __('Every record would fail. Change the answers or the rules first.', 'crosswalk')
    : null
}
