import { createInterpolateElement } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import { aboutRecord, wayOf, wordsOf } from '../failures/cause.ts'
import { Remedy } from '../failures/Remedy.tsx'
import { Message } from '../parts/Message.tsx'
import { Time } from '../parts/Time.tsx'
import type { RecordData } from './detail.ts'
import { warningsOf } from './lines.ts'

/** The cause in plain words, and what to do. */
function Why({ failure }: { failure: NonNullable<RecordData['failure']> }) {
  const { title, remedy } = wordsOf(failure.cause)
  const way = wayOf(aboutRecord(failure))
  return (
    <>
      <Message kind={failure.state === 'waiting' ? 'warning' : 'error'} spoken={`${title} ${remedy}`}>
        <strong>{title}</strong> {remedy}
        {failure.nextTryAt && (
          <>
            {' '}
            {createInterpolateElement(__('Next try <time />.', 'crosswalk'), {
              time: <Time at={failure.nextTryAt} seconds />,
            })}
          </>
        )}
      </Message>
      {way !== 'edit' && (
        <div className="cw-buttons">
          <Remedy way={way} action={failure.cause.action} variant="secondary" />
        </div>
      )}
    </>
  )
}

/** Why a record is not where it should be, or what is odd about it. */
export function Said({ record }: { record: RecordData }) {
  const { error, failure, reason, state, nextTryAt } = record
  const why = state === 'failed' || state === 'pending' ? failure : null
  return (
    <>
      {why && <Why failure={why} />}
      {!why && error && <Message kind="error">{error.message}</Message>}
      {!why && !error && reason && (
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
