import { Button } from '@wordpress/components'
import { createInterpolateElement, useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { contract, OutputOf } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { Card } from '../parts/Card.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { Disclosure } from '../parts/Details.tsx'
import { count } from '../parts/format.ts'
import { Problem } from '../parts/Message.tsx'
import { StateIcon } from '../parts/state.tsx'
import { Time } from '../parts/Time.tsx'
import { FailedRecords } from './FailedRecords.tsx'
import { retryGroup } from './retry.ts'

export type FailureGroup = OutputOf<typeof contract.failures.groups>['items'][number]

/** From here on the number is asked about before so many are sent. */
const MANY = 20

/** One cause with its remedy and its records. @param done told what was done, in words */
export function FailureGroupCard({ group, done }: { group: FailureGroup; done: (text: string) => void }) {
  const { api, role } = useBridge()
  const [asks, setAsks] = useState(false)
  const [open, setOpen] = useState(false)
  const retry = useAction(async () => {
    const accepted = await retryGroup(api, group)
    setAsks(false)
    done(
      sprintf(
        // translators: %s: number of records
        _n(
          '%s record is being tried again. If it succeeds, it leaves this list.',
          '%s records are being tried again. Those that succeed leave this list.',
          accepted,
          'crosswalk',
        ),
        count(accepted),
      ),
    )
  })
  // translators: %s: number of records
  const retryText = sprintf(
    _n('Retry %s record', 'Retry %s records', group.count, 'crosswalk'),
    count(group.count),
  )
  return (
    <Card
      className="cw-failure"
      title={
        <>
          <StateIcon state="failed" /> {group.message}
        </>
      }
    >
      <p>{group.remedy}</p>
      <p className="cw-quiet">
        {createInterpolateElement(
          sprintf(
            // translators: 1: number of records; 2: name of a flow; <time /> is replaced by a time
            _n('%1$s record of <flow />, last <time />', '%1$s records of <flow />, last <time />', group.count, 'crosswalk'),
            count(group.count),
          ),
          { flow: <bdi>{group.flowName}</bdi>, time: <Time at={group.lastAt} /> },
        )}
      </p>
      <Problem error={retry.error} />
      {mayChange(role) && (
        <div className="cw-buttons">
          <Button __next40pxDefaultSize variant="primary" isBusy={retry.busy} onClick={() => (group.count > MANY ? setAsks(true) : void retry.run())}>
            {retryText}
          </Button>
        </div>
      )}
      <Disclosure
        // translators: %s: number of records
        summary={sprintf(_n('Show %s record', 'Show %s records', group.count, 'crosswalk'), count(group.count))}
        onToggle={setOpen}
      >
        {open && <FailedRecords group={group} done={done} />}
      </Disclosure>
      {asks && (
        <Confirm
          // translators: %s: number of records
          question={sprintf(_n('Retry %s record?', 'Retry %s records?', group.count, 'crosswalk'), count(group.count))}
          act={retryText}
          leave={__('Not now', 'crosswalk')}
          busy={retry.busy}
          error={retry.error}
          onLeave={() => setAsks(false)}
          onAct={() => void retry.run()}
        >
          <p>{__('Each is read again and sent with today’s rules. Unless the cause is gone, they fail again.', 'crosswalk')}</p>
        </Confirm>
      )}
    </Card>
  ) // prettier-ignore
}
