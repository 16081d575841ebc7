import { __ } from '@wordpress/i18n'
import type { contract, OutputOf } from '@crosswalk/shared/contract'
import { Count } from '../parts/Count.tsx'
import { DataTable } from '../parts/DataTable.tsx'

export type MatchReportData = OutputOf<typeof contract.matches.report>
type Row = MatchReportData['rows'][number]

/** What is there already, a row for each kind of thing; the numbers of a row add up. */
export function MatchTable({ rows, soFar }: { rows: readonly Row[]; soFar: boolean }) {
  const some = (of: (row: Row) => number): boolean => rows.some((row) => of(row) > 0)
  return (
    <DataTable
      caption={
        soFar
          ? __('What is there already, so far. Nothing was written.', 'crosswalk')
          : __('What is there already. Nothing was written.', 'crosswalk')
      }
      rows={rows}
      keyOf={({ role }) => role}
      columns={[
        { name: __('What', 'crosswalk'), cell: ({ objectLabel }) => objectLabel },
        { name: __('Looked at', 'crosswalk'), number: true, cell: ({ total }) => <Count of={total} /> },
        { name: __('Same found', 'crosswalk'), number: true, cell: ({ matched }) => <Count of={matched} /> },
        { name: __('Would be new', 'crosswalk'), number: true, cell: ({ create }) => <Count of={create} /> },
        { name: __('You decide', 'crosswalk'), number: true, cell: ({ ambiguous }) => <Count of={ambiguous} /> },
        { name: __('Nothing to find it by', 'crosswalk'), number: true, cell: ({ noKey }) => <Count of={noKey} /> },
        ...(some(({ absent }) => absent)
          ? [{ name: __('Not there, not made', 'crosswalk'), number: true, cell: ({ absent }: Row) => <Count of={absent} /> }]
          : []),
        ...(some(({ unknown }) => unknown)
          ? [{ name: __('Could not look', 'crosswalk'), number: true, cell: ({ unknown }: Row) => <Count of={unknown} /> }]
          : []),
      ]}
    />
  ) // prettier-ignore
}
