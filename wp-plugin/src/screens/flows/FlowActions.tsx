import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Flow } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { Problem } from '../parts/Message.tsx'
import { pathOf, PlaceButton, usePlace } from '../place.tsx'

type Asks = 'pause' | 'remove' | null

/** What can be done with a flow now: set it up, set it going, pause or remove it. */
export function FlowActions({ flow, changed }: { flow: Flow; changed: () => void }) {
  const { api, role } = useBridge()
  const { go } = usePlace()
  const [asks, setAsks] = useState<Asks>(null)
  const params = { flowId: flow.id }
  const move = useAction(async (to: 'active' | 'paused') => {
    await api.flows.move({ params, body: { to } })
    setAsks(null)
    changed()
  })
  const remove = useAction(async () => {
    await api.flows.remove({ params })
    go('/flows')
  })
  if (!mayChange(role)) return null
  return (
    <>
      <Problem error={asks === null ? move.error : null} />
      {(flow.state === 'draft' || flow.state === 'previewed') && (
        <PlaceButton variant="primary" to={pathOf('setup', flow.id, flow.state === 'draft' ? 'questions' : 'live')}>
          {flow.state === 'draft' ? __('Go on setting it up', 'crosswalk') : __('Go live…', 'crosswalk')}
        </PlaceButton>
      )}
      {flow.state === 'paused' && (
        <Button __next40pxDefaultSize variant="primary" isBusy={move.busy} disabled={move.busy} accessibleWhenDisabled onClick={() => void move.run('active')}>
          {__('Switch it on', 'crosswalk')}
        </Button>
      )}
      {flow.state === 'active' && (
        <Button __next40pxDefaultSize variant="secondary" onClick={() => setAsks('pause')}>
          {__('Pause…', 'crosswalk')}
        </Button>
      )}
      {flow.state !== 'active' && role === 'owner' && (
        <Button __next40pxDefaultSize variant="tertiary" isDestructive onClick={() => setAsks('remove')}>
          {__('Remove…', 'crosswalk')}
        </Button>
      )}
      {asks === 'pause' && (
        <Confirm
          // translators: %s: name of a flow
          question={sprintf(__('Pause “%s”?', 'crosswalk'), flow.name)}
          act={__('Pause this flow', 'crosswalk')}
          leave={__('Keep it going', 'crosswalk')}
          busy={move.busy}
          error={move.error}
          onLeave={() => setAsks(null)}
          onAct={() => void move.run('paused')}
        >
          {/* translators: 1, 2: names of systems */}
          <p>{sprintf(__('Nothing more goes from %1$s to %2$s until you switch it on again. Changes are kept meanwhile; none is lost.', 'crosswalk'), ...([flow.source.label, flow.target.label] as const))}</p>
        </Confirm>
      )}
      {asks === 'remove' && (
        <Confirm
          // translators: %s: name of a flow
          question={sprintf(__('Remove “%s”?', 'crosswalk'), flow.name)}
          act={__('Remove this flow', 'crosswalk')}
          leave={__('Keep it', 'crosswalk')}
          destructive
          busy={remove.busy}
          error={remove.error}
          onLeave={() => setAsks(null)}
          onAct={() => void remove.run()}
        >
          {/* translators: %s: name of a system */}
          <p>{sprintf(__('What it wrote stays in %s. Its rules, its settings and its history here are erased, and what belongs together is forgotten.', 'crosswalk'), flow.target.label)}</p>
        </Confirm>
      )}
    </>
  ) // prettier-ignore
}
