import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import { Disclosure } from '../parts/Details.tsx'
import { Nothing } from '../parts/DataTable.tsx'
import { singular } from '../parts/records.ts'
import { StateChip } from '../parts/state.tsx'
import { actionChip, type Field, partWord, type PreviewedRecord, valueText } from './preview-words.ts'

type Part = PreviewedRecord['parts'][number]
export type ShownRecord = Pick<PreviewedRecord, 'externalId' | 'action' | 'reason'> & {
  label: string | null
  /** Null: erased. */
  parts: readonly Part[] | null
}

/** Records side by side: what stands in the target now, and what would. The first that changes anything is open. */
export function PreviewRecords(props: {
  records: readonly ShownRecord[]
  target: string
  onlyDifferences: boolean
}) {
  const { records, target, onlyDifferences } = props
  const first = records.findIndex(
    ({ action }) => action === 'update' || action === 'create' || action === 'fail',
  )
  return (
    <ul className="cw-rows cw-previewed">
      {records.map((record, index) => (
        <li key={record.externalId} className="cw-row">
          <RecordLine record={record} target={target} open={index === first} onlyDifferences={onlyDifferences} />
        </li>
      ))}
    </ul>
  ) // prettier-ignore
}

function RecordLine(props: { record: ShownRecord; target: string; open: boolean; onlyDifferences: boolean }) {
  const { record, target, open, onlyDifferences } = props
  // What is closed is not made: fifty records have thousands of fields.
  const [isOpen, setOpen] = useState(open)
  const { label, externalId, action, reason, parts } = record
  const shown = (parts ?? []).filter((part) => !onlyDifferences || (part.action !== 'same' && part.action !== 'leave_out')) // prettier-ignore
  const head = (
    <>
      <bdi className="cw-name">{label ?? externalId}</bdi> <StateChip {...actionChip(action)} />
      {reason !== null && <span className="cw-quiet"> {reason}</span>}
    </>
  )
  if (parts === null) {
    return (
      <div>
        {head}
        <p className="cw-quiet">{__('The differences were erased after their time.', 'crosswalk')}</p>
      </div>
    )
  }
  if (shown.length === 0) return <div>{head}</div>
  return (
    <div>
      <Disclosure summary={head} open={isOpen} onToggle={setOpen}>
        {(isOpen ? shown : []).map((part) => (
          <PartTable key={part.part} part={part} target={target} onlyDifferences={onlyDifferences} />
        ))}
      </Disclosure>
    </div>
  )
}

function PartTable({
  part,
  target,
  onlyDifferences,
}: {
  part: Part
  target: string
  onlyDifferences: boolean
}) {
  const fields = part.fields.filter((field) => !onlyDifferences || field.changed)
  const caption = sprintf(
    // translators: 1: kind of a thing, such as "contact"; 2: what would become of it
    __('%1$s: %2$s', 'crosswalk'),
    ...([singular(part.object), partWord(part.action)] as const),
  )
  return (
    <>
      {part.problem !== null && <p className="cw-problem">{part.problem}</p>}
      {fields.length === 0 ? (
        <p className="cw-quiet">{caption}</p>
      ) : (
        <table className="cw-table cw-side widefat striped">
          <caption>{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{__('Field', 'crosswalk')}</th>
              {/* translators: %s: name of a system */}
              <th scope="col">{sprintf(__('In %s now', 'crosswalk'), target)}</th>
              {/* translators: %s: name of a system */}
              <th scope="col">{sprintf(__('In %s after', 'crosswalk'), target)}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <FieldRow key={field.target} field={field} target={target} />
            ))}
          </tbody>
        </table>
      )}
    </>
  ) // prettier-ignore
}

const Value = ({ of }: { of: unknown }) => {
  const text = valueText(of)
  return text === '' ? <Nothing /> : <bdi dir="auto">{text}</bdi>
}

/** Now and after; a difference is told in words too. */
function FieldRow({ field, target }: { field: Field; target: string }) {
  const { before, after, changed } = field
  const had = valueText(before) !== ''
  return (
    <tr className={changed ? 'is-changed' : ''}>
      <td data-label={__('Field', 'crosswalk')}>
        <div>
          <code>{field.target}</code>
        </div>
      </td>
      {/* translators: %s: name of a system */}
      <td data-label={sprintf(__('In %s now', 'crosswalk'), target)}>
        <div>{changed && had ? <del><Value of={before} /></del> : <Value of={before} />}</div>
      </td>
      {/* translators: %s: name of a system */}
      <td data-label={sprintf(__('In %s after', 'crosswalk'), target)}>
        <div>
          {changed ? <ins><Value of={after} /></ins> : <Value of={after ?? before} />}{' '}
          <span className="cw-quiet">
            {changed ? (had ? __('changed', 'crosswalk') : __('new', 'crosswalk')) : __('stays', 'crosswalk')}
          </span>
        </div>
      </td>
    </tr>
  ) // prettier-ignore
}
