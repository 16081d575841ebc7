import { Button, ProgressBar } from '@wordpress/components'
import { speak } from '@wordpress/a11y'
import { __ } from '@wordpress/i18n'
import type { DemoState } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { Card } from '../parts/Card.tsx'
import { Problem } from '../parts/Message.tsx'
import { StateChip } from '../parts/state.tsx'

/** The demo: an offer, its start, or how it stands. */
export function DemoCard({ demo, started }: { demo: DemoState; started: () => void }) {
  const { api, role } = useBridge()
  const start = useAction(async () => {
    await api.demo.start()
    speak(__('The demo shop is starting.', 'crosswalk'), 'polite')
    started()
  })
  const isFirst = demo.connections.length === 0
  const canStart = (demo.state === 'off' && !isNotPart(demo)) || demo.state === 'failed'
  return (
    <Card title={__('Demo shop', 'crosswalk')} beside={<DemoChip demo={demo} />} className="cw-demo">
      <p>
        {demo.state === 'off' && isFirst && !isNotPart(demo)
          ? __(
              'It starts a made-up shop and a made-up HubSpot on this machine, connects them and brings some 300 orders over. Nothing leaves this machine, and nothing of yours is changed.',
              'crosswalk',
            )
          : demo.text}
      </p>
      {demo.state === 'starting' && <ProgressBar aria-label={__('The demo is starting', 'crosswalk')} />}
      <Problem error={start.error} />
      {canStart &&
        (role === 'owner' ? (
          <Button __next40pxDefaultSize variant="primary" isBusy={start.busy} disabled={start.busy} accessibleWhenDisabled onClick={() => void start.run()}>
            {isFirst && demo.state === 'off' ? __('Try it with a demo shop', 'crosswalk') : __('Start the demo again', 'crosswalk')}
          </Button>
        ) : (
          <p className="cw-quiet">{__('An owner’s key can start it.', 'crosswalk')}</p>
        ))}
    </Card>
  ) // prettier-ignore
}

/** An installation without the simulators has no demo; its text says so. */
const isNotPart = ({ text }: DemoState): boolean => /not part of/.test(text)

function DemoChip({ demo }: { demo: DemoState }) {
  switch (demo.state) {
    case 'starting':
      return <StateChip state="waiting" word={__('Starting', 'crosswalk')} />
    case 'running':
      return <StateChip state="live" word={__('Running', 'crosswalk')} />
    case 'failed':
      return <StateChip state="failed" word={__('Not started', 'crosswalk')} />
    default:
      return demo.connections.length > 0 ? <StateChip state="off" word={__('Ended', 'crosswalk')} /> : null
  }
}
