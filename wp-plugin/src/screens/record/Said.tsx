import { createInterpolateElement } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import { Message } from '../parts/Message.tsx'
import { Time } from '../parts/Time.tsx'
import type { RecordData } from './detail.ts'
import { warningsOf } from './lines.ts'

/** Why a record is not where it should be, or what is odd about it. */
export function Said({ record }: { record: RecordData }) {
  const { error, reason, state, nextTryAt } = record
  return (
    <>
      {error && <Message kind="error">{error.message}</Message>}
      {!error && reason && (
        <Message kind={state === 'pending' ? 'warning' : 'info'} spoken={reason}>
          {/* translators: %s: why a record is left out */}
          {state === 'skipped' ? sprintf(__('Not sent: %s', 'crosswalk'), reason) : reason}
          {nextTryAt && (
            <>
              {' '}
              {createInterpolateElement(__('Next try <time />.', 'crosswalk'), {
                time: <Time at={nextTryAt} />,
              })}
            </>
          )}
        </Message>
      )}
      {warningsOf(record).map((text) => (
        <Message key={text} kind="warning">
          {text}
        </Message>
      ))}
    </>
  )
}
