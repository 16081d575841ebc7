import { useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { Empty, Loadable } from '../parts/Loadable.tsx'
import { Message } from '../parts/Message.tsx'
import { Page } from '../parts/Page.tsx'
import { FailureGroupCard } from './FailureGroupCard.tsx'

const REFRESH_MS = 10_000

/** What has failed, by cause, so that one act repairs many. */
export function Failures() {
  const { api, tellFailures } = useBridge()
  const [said, setSaid] = useState<string | null>(null)
  const groups = useLoaded(
    'failures',
    async () => {
      const { items } = await api.failures.groups()
      tellFailures(items.reduce((sum, group) => sum + group.count, 0))
      return items
    },
    () => REFRESH_MS,
  )
  const done = (text: string): void => {
    setSaid(text)
    groups.reload()
  }
  return (
    <Page title={__('Failures', 'crosswalk')}>
      {said !== null && (
        <Message kind="info" onDismiss={() => setSaid(null)}>
          {said}
        </Message>
      )}
      <Loadable of={groups} lines={3}>
        {(items) =>
          items.length === 0 ? (
            <Empty
              why={__('Nothing has failed.', 'crosswalk')}
              next={__(
                'Records that cannot be brought over show here, with the cause and what to do.',
                'crosswalk',
              )}
            />
          ) : (
            items.map((group) => (
              <FailureGroupCard key={`${group.flowId} ${group.code}`} group={group} done={done} />
            ))
          )
        }
      </Loadable>
    </Page>
  )
}
