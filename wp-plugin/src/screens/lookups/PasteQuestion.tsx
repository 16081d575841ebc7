import { Button, Modal, TextareaControl } from '@wordpress/components'
import { useMemo, useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { LookupPage } from '@crosswalk/shared/contract'
import { exactCount } from '../parts/format.ts'
import { type NotUnderstood, type Pasted, readPasted } from './paste.ts'
import type { Line } from './rows.ts'

/** Lines that are told one by one. */
const MOST = 10

/** A table from a spreadsheet, and what it would do before it does. */
export function PasteQuestion(props: {
  lines: readonly Line[]
  answers: LookupPage['answers']
  take: (pasted: Pasted) => void
  leave: () => void
}) {
  const { lines, answers } = props
  const [text, setText] = useState('')
  const pasted = useMemo(() => readPasted(text, lines, answers), [text, lines, answers])
  const { added, changed, same, wrong } = pasted
  const counts = [
    // translators: %s: number of lines
    sprintf(_n('%s new', '%s new', added, 'crosswalk'), exactCount(added)),
    // translators: %s: number of lines
    sprintf(_n('%s changed', '%s changed', changed, 'crosswalk'), exactCount(changed)),
    // translators: %s: number of lines
    sprintf(_n('%s as it is', '%s as they are', same, 'crosswalk'), exactCount(same)),
    // translators: %s: number of lines
    sprintf(_n('%s not understood', '%s not understood', wrong.length, 'crosswalk'), exactCount(wrong.length)),
  ]
  const taken = added + changed
  return (
    <Modal title={__('Paste from a spreadsheet', 'crosswalk')} size="medium" onRequestClose={props.leave}>
      <TextareaControl
        label={__('Two columns: the value, and what it becomes', 'crosswalk')}
        help={__('Copy both columns in your spreadsheet, without their heading, and paste them here.', 'crosswalk')}
        rows={8}
        value={text}
        onChange={setText}
      />
      <div role="status">
        {text.trim() !== '' && <p>{counts.join(', ')}</p>}
        {wrong.length > 0 && (
          <ul className="cw-row-problems">
            {wrong.slice(0, MOST).map((one) => (
              <li key={one.line}>{wrongText(one)}</li>
            ))}
            {wrong.length > MOST && (
              // translators: %s: number of lines
              <li>{sprintf(_n('and %s more', 'and %s more', wrong.length - MOST, 'crosswalk'), exactCount(wrong.length - MOST))}</li>
            )}
          </ul>
        )}
      </div>
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="primary" disabled={taken === 0} accessibleWhenDisabled onClick={() => props.take(pasted)}>
          {/* translators: %s: number of lines */}
          {sprintf(_n('Take %s line', 'Take %s lines', taken, 'crosswalk'), exactCount(taken))}
        </Button>
        <Button __next40pxDefaultSize variant="secondary" onClick={props.leave}>
          {__('Cancel', 'crosswalk')}
        </Button>
      </div>
    </Modal>
  )
} // prettier-ignore

function wrongText({ line, text, why }: NotUnderstood): string {
  const place = [String(line), text] as const
  switch (why) {
    case 'columns':
      // translators: 1: number of a line; 2: what stands there
      return sprintf(__('Line %1$s: two columns are needed (%2$s).', 'crosswalk'), ...place)
    case 'empty':
      // translators: 1: number of a line; 2: what stands there
      return sprintf(__('Line %1$s: a column is empty (%2$s).', 'crosswalk'), ...place)
    case 'unknown_answer':
      // translators: 1: number of a line; 2: what stands there
      return sprintf(__('Line %1$s: the other system has no such answer (%2$s).', 'crosswalk'), ...place)
    case 'twice':
      // translators: 1: number of a line; 2: what stands there
      return sprintf(
        __('Line %1$s: the value stood in an earlier line already (%2$s).', 'crosswalk'),
        ...place,
      )
    default:
      // translators: 1: number of a line; 2: what stands there
      return sprintf(__('Line %1$s: it is too long (%2$s).', 'crosswalk'), ...place)
  }
}
