import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { SyncRecord } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction, useLoaded } from '../loaded.ts'
import { Loadable } from '../parts/Loadable.tsx'
import { Problem } from '../parts/Message.tsx'
import { recordName, recordPath } from '../parts/records.ts'
import { Time } from '../parts/Time.tsx'
import { PlaceLink } from '../place.tsx'
import type { FailureGroup } from './FailureGroupCard.tsx'
import { SkipQuestion } from './SkipQuestion.tsx'

const SHOWN = 50

/** The records of one cause, each to be retried or set aside. */
export function FailedRecords({ group, done }: { group: FailureGroup; done: (text: string) => void }) {
  const { api } = useBridge()
  const { flowId, code } = group
  const found = useLoaded(`${flowId} ${code} ${group.count} ${group.lastAt}`, async () => {
    const [records, flow] = await Promise.all([
      api.failures.list({ query: { flowId, code, limit: SHOWN } }),
      api.flows.get({ params: { flowId } }),
    ])
    return { ...records, entity: flow.entity }
  })
  return (
    <Loadable of={found} lines={2}>
      {({ items, next, entity }) => (
        <ul className="cw-rows">
          {items.map((record) => (
            <FailedRecord
              key={record.externalId}
              record={record}
              name={recordName(entity, record)}
              done={done}
            />
          ))}
          {next !== null && <li className="cw-quiet">{__('Only the latest 50 are shown.', 'crosswalk')}</li>}
        </ul>
      )}
    </Loadable>
  )
}

function FailedRecord(props: { record: SyncRecord; name: string; done: (text: string) => void }) {
  const { record, name, done } = props
  const { api, role } = useBridge()
  const [asks, setAsks] = useState(false)
  const retry = useAction(async () => {
    await api.failures.retry({ body: { flowId: record.flowId, externalIds: [record.externalId] } })
    // translators: %s: a record, such as "Order #1042"
    done(sprintf(__('%s is being tried again.', 'crosswalk'), name))
  })
  return (
    <li className="cw-row">
      <div>
        <PlaceLink to={recordPath(record)} dir="auto">
          {name}
        </PlaceLink>
        <p className="cw-quiet">
          <Time at={record.updatedAt} seconds />
          {/* translators: %s: name of a field */}
          {record.error?.field && ` · ${sprintf(__('field %s', 'crosswalk'), record.error.field)}`}
        </p>
        <Problem error={retry.error} />
      </div>
      {mayChange(role) && (
        <div className="cw-buttons">
          <Button
            __next40pxDefaultSize
            variant="secondary"
            isBusy={retry.busy}
            onClick={() => void retry.run()}
          >
            {/* translators: %s: a record, such as "Order #1042" */}
            {sprintf(__('Retry %s', 'crosswalk'), name)}
          </Button>
          <Button __next40pxDefaultSize variant="tertiary" onClick={() => setAsks(true)}>
            {/* translators: %s: a record, such as "Order #1042" */}
            {sprintf(__('Skip %s…', 'crosswalk'), name)}
          </Button>
        </div>
      )}
      {asks && <SkipQuestion record={record} name={name} done={done} leave={() => setAsks(false)} />}
    </li>
  )
}
