import { Button } from '@wordpress/components'
import { __, sprintf } from '@wordpress/i18n'
import type { Flow, ReconcileDay } from '@crosswalk/shared/contract'
import { Nothing } from '../parts/DataTable.tsx'
import { exactCount, money, dayInFull } from '../parts/format.ts'
import { isLevel, totalsOf } from './days.ts'
import { differenceText, whatDiffers } from './words.ts'

const Amount = ({ amount, currency }: { amount: string | null; currency: string | null }) =>
  amount === null ? <Nothing /> : <bdi dir="ltr">{money(amount, currency)}</bdi>

/** A row per day and currency, newest first, and the totals of all rows. */
export function DaysTable(props: {
  flow: Flow
  days: readonly ReconcileDay[]
  opened: string | null
  open: (day: string) => void
}) {
  const { flow, days, opened, open } = props
  const columns = [
    __('Day', 'crosswalk'),
    // translators: %s: name of a system
    sprintf(__('%s: records', 'crosswalk'), flow.source.label),
    // translators: %s: name of a system
    sprintf(__('%s: sum', 'crosswalk'), flow.source.label),
    // translators: %s: name of a system
    sprintf(__('%s: records', 'crosswalk'), flow.target.label),
    // translators: %s: name of a system
    sprintf(__('%s: sum', 'crosswalk'), flow.target.label),
    __('Difference', 'crosswalk'),
    __('What differs', 'crosswalk'),
  ]
  return (
    <table className="cw-table cw-compare widefat striped" aria-rowcount={days.length + 1}>
      <caption>{__('Both sides by day, newest first', 'crosswalk')}</caption>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map((name, at) => (
            <th key={name} scope="col" className={at > 0 && at < 6 ? 'is-number' : ''}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.map((day, at) => (
          <tr key={`${day.day} ${day.currency ?? ''}`} aria-rowindex={at + 2}>
            <th scope="row" data-label={columns[0]}>
              <time dateTime={day.day}>{dayInFull(day.day)}</time>
            </th>
            <Sides row={day} columns={columns} />
            <td data-label={columns[6]}>
              {isLevel(day) ? <Nothing /> : <Differs {...{ day, flow, open }} isOpen={opened === day.day} />}
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        {totalsOf(days).map((total) => (
          <tr key={total.currency ?? ''}>
            <th scope="row" data-label={columns[0]}>
              {/* translators: %s: a currency, such as EUR */}
              {total.currency === null ? __('Total', 'crosswalk') : sprintf(__('Total %s', 'crosswalk'), total.currency)}
            </th>
            <Sides row={total} columns={columns} />
            <td data-label={columns[6]} />
          </tr>
        ))}
      </tfoot>
    </table>
  ) // prettier-ignore
}

function Sides({ row, columns }: { row: Pick<ReconcileDay, 'source' | 'target' | 'currency'>; columns: readonly string[] }) {
  const { source, target, currency } = row
  const difference = differenceText(row)
  return (
    <>
      <td className="is-number" data-label={columns[1]}>
        {exactCount(source.count)}
      </td>
      <td className="is-number" data-label={columns[2]}>
        <Amount amount={source.amount} currency={currency} />
      </td>
      <td className="is-number" data-label={columns[3]}>
        {exactCount(target.count)}
      </td>
      <td className="is-number" data-label={columns[4]}>
        <Amount amount={target.amount} currency={currency} />
      </td>
      <td className="is-number" data-label={columns[5]}>
        {difference === '' ? <Nothing /> : <bdi dir="ltr">{difference}</bdi>}
      </td>
    </>
  )
} // prettier-ignore

function Differs(props: { day: ReconcileDay; flow: Flow; isOpen: boolean; open: (day: string) => void }) {
  const { day, flow, isOpen, open } = props
  const words = whatDiffers(day, flow).join(', ')
  const hasRecords = day.missing + day.incomplete + day.differing + day.failed > 0
  if (!hasRecords) return <>{words === '' ? __('only the sums', 'crosswalk') : words}</>
  return (
    <Button variant="link" aria-expanded={isOpen} onClick={() => open(day.day)}>
      {words}
      <span className="screen-reader-text">, {dayInFull(day.day)}</span>
    </Button>
  )
}
