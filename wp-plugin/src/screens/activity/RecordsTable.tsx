import { __, sprintf } from '@wordpress/i18n'
import type { Flow, SyncRecord } from '@crosswalk/shared/contract'
import { DataTable } from '../parts/DataTable.tsx'
import { recordName, recordPath, recordState, singular } from '../parts/records.ts'
import { StateChip } from '../parts/state.tsx'
import { Time } from '../parts/Time.tsx'
import { PlaceLink } from '../place.tsx'

/** What happened to a record, in a few words. */
function what({ state, error, reason, target }: SyncRecord): string {
  if (state === 'failed') return error?.message ?? reason ?? ''
  if (state === 'skipped' || state === 'pending') return reason ?? ''
  // translators: 1: kind of a thing in the target, such as "deal"; 2: its id there
  return target
    ? sprintf(__('%1$s %2$s', 'crosswalk'), ...([singular(target.object), target.id] as const))
    : ''
}

export function RecordsTable({ records, flows }: { records: readonly SyncRecord[]; flows: readonly Flow[] }) {
  const flowOf = new Map(flows.map((flow) => [flow.id, flow]))
  return (
    <DataTable
      caption={__('Records, last changed first', 'crosswalk')}
      rows={records}
      keyOf={({ flowId, externalId }) => `${flowId} ${externalId}`}
      columns={[
        { name: __('Time', 'crosswalk'), cell: ({ updatedAt }) => <Time at={updatedAt} seconds /> },
        {
          name: __('Record', 'crosswalk'),
          cell: (record) => (
            <PlaceLink to={recordPath(record)} dir="auto">
              {recordName(flowOf.get(record.flowId)?.entity, record)}
            </PlaceLink>
          ),
        },
        { name: __('What', 'crosswalk'), cell: what },
        {
          name: __('State', 'crosswalk'),
          cell: (record) => (
            <StateChip {...recordState(record.state, flowOf.get(record.flowId)?.target.label)} />
          ),
        },
      ]}
    />
  )
}
