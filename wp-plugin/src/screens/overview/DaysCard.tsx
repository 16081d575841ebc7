import { Button } from '@wordpress/components'
import { lazy, Suspense, useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { Card } from '../parts/Card.tsx'
import { Count } from '../parts/Count.tsx'
import { DataTable } from '../parts/DataTable.tsx'
import { plainDay } from '../parts/format.ts'
import { Loading } from '../parts/Loadable.tsx'
import { byDay, type Day, everyDay } from './days.ts'
import type { OverviewData } from './words.ts'

const LENGTH = 14
const DaysChart = lazy(() => import('./DaysChart.tsx'))

/** What travelled on each of the last days, as bars or as a table. */
export function DaysCard({ days }: { days: OverviewData['days'] }) {
  const [asTable, setAsTable] = useState(false)
  const found = byDay(days)
  const last = found.at(-1)
  if (last === undefined) return null
  // Days are the bridge's, in UTC; the newest counted one may be ahead of this machine's.
  const today = new Date().toISOString().slice(0, 10)
  return (
    <Card
      title={__('Last 14 days', 'crosswalk')}
      beside={
        <Button __next40pxDefaultSize variant="tertiary" onClick={() => setAsTable(!asTable)}>
          {asTable ? __('Show as chart', 'crosswalk') : __('Show as table', 'crosswalk')}
        </Button>
      }
    >
      {asTable ? (
        <DaysTable days={found.toReversed()} />
      ) : (
        <Suspense fallback={<Loading lines={6} />}>
          <DaysChart days={everyDay(found, last.day > today ? last.day : today, LENGTH)} />
        </Suspense>
      )}
    </Card>
  )
}

const DaysTable = ({ days }: { days: readonly Day[] }) => (
  <DataTable
    caption={__('Records per day, newest first', 'crosswalk')}
    rows={days}
    keyOf={({ day }) => day}
    columns={[
      { name: __('Day', 'crosswalk'), cell: ({ day }) => plainDay(day) },
      { name: __('New', 'crosswalk'), number: true, cell: ({ created }) => <Count of={created} /> },
      { name: __('Changed', 'crosswalk'), number: true, cell: ({ updated }) => <Count of={updated} /> },
      { name: __('Left out', 'crosswalk'), number: true, cell: ({ skipped }) => <Count of={skipped} /> },
      { name: __('Failed', 'crosswalk'), number: true, cell: ({ failed }) => <Count of={failed} /> },
    ]}
  />
)
