import { useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import type { Flow } from '@crosswalk/shared/contract'
import { MatchReport } from '../look/MatchReport.tsx'
import { pathOf, PlaceButton } from '../place.tsx'
import { SetupPage } from './SetupPage.tsx'
import type { Step } from './steps.ts'
import { useFlowVolume } from './useVolume.ts'

/** What is there already, before anything is written. It may be gone on from at any time: what is open waits. */
export function MatchStep({ flow, steps, looked }: { flow: Flow; steps: readonly Step[]; looked: boolean }) {
  const volume = useFlowVolume(flow.id, null)
  const [seen, setSeen] = useState(looked)
  return (
    <SetupPage
      steps={steps}
      at="match"
      title={__('What is already there?', 'crosswalk')}
      intro={__(
        'So that nothing is made twice, we look in both systems first. Nothing is written.',
        'crosswalk',
      )}
    >
      <MatchReport flow={flow} volume={volume.data?.count ?? null} begun={() => setSeen(true)} />
      <div className="cw-buttons">
        <PlaceButton variant={seen ? 'primary' : 'secondary'} to={pathOf('setup', flow.id, 'preview')}>
          {__('Continue: preview', 'crosswalk')}
        </PlaceButton>
      </div>
    </SetupPage>
  )
}
