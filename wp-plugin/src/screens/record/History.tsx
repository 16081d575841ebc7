import { __, sprintf } from '@wordpress/i18n'
import { Card } from '../parts/Card.tsx'
import { DataTable } from '../parts/DataTable.tsx'
import { exactCount } from '../parts/format.ts'
import { Time } from '../parts/Time.tsx'
import type { RecordData } from './detail.ts'
import { attemptWord } from './words.ts'

type Attempt = RecordData['history'][number]

function took({ durationMs, runId }: Attempt): string {
  if (durationMs === null) return ''
  return runId === null
    ? // translators: %s: number of milliseconds
      sprintf(__('%s ms', 'crosswalk'), exactCount(durationMs))
    : // translators: %s: number of milliseconds
      sprintf(__('%s ms, with its batch', 'crosswalk'), exactCount(durationMs))
}

/** Every try, newest first. */
export const History = ({ record }: { record: RecordData }) => (
  <Card title={__('Tries', 'crosswalk')}>
    {record.history.length === 0 ? (
      <p>{__('None yet.', 'crosswalk')}</p>
    ) : (
      <DataTable
        caption={__('Tries, newest first', 'crosswalk')}
        captionShown={false}
        rows={record.history}
        keyOf={({ id }) => id}
        columns={[
          { name: __('Time', 'crosswalk'), cell: ({ at }) => <Time at={at} seconds /> },
          { name: __('Came to', 'crosswalk'), cell: ({ outcome }) => attemptWord(outcome) },
          { name: __('What happened', 'crosswalk'), cell: ({ summary }) => summary },
          { name: __('Took', 'crosswalk'), number: true, cell: took },
        ]}
      />
    )}
  </Card>
)
