import { newId } from '../store/ids.ts'
import { endFailures, keepFailures, type NewFailure } from '../store/failures.ts'
import type { FailureEnding } from '../store/failure-schema.ts'
import { dropEdits } from '../store/record-edits.ts'
import type { Executor } from '../store/schema.ts'
import type { BatchContext } from './batch.ts'
import { failureCause, groupIdOf, waitingCause } from './failure-cause.ts'
import type { RecordWork } from './work.ts'

/**
 * Stores the causes of records that failed or wait, and ends those that are over, in the transaction that stores their
 * links. A batch in which nothing fails and nothing had failed costs no statement.
 */
export async function noteFailures(
  tx: Executor,
  works: readonly RecordWork[],
  context: BatchContext,
): Promise<void> {
  await keepFailures(tx, works.flatMap((work) => failureOf(work, context) ?? [])) // prettier-ignore
  const over = Map.groupBy(works.filter(isOver), endingOf)
  for (const [how, ended] of over) {
    await endFailures(tx, context.flow.id, ended.map(({ externalId }) => externalId), how) // prettier-ignore
  }
  const gone = works.filter(({ edits, outcome }) => edits !== null && outcome?.result !== 'waiting')
  await dropEdits(tx, context.flow.id, gone.map(({ externalId }) => externalId)) // prettier-ignore
}

function failureOf(work: RecordWork, { flow, clock }: BatchContext): NewFailure | null {
  const { outcome, externalId } = work
  if (outcome?.result !== 'failed' && outcome?.result !== 'waiting') return null
  if (outcome.result === 'waiting' && outcome.waits === undefined) return null
  const cause =
    outcome.result === 'failed'
      ? failureCause(outcome.failure, flow)
      : waitingCause(outcome.waits as NonNullable<typeof outcome.waits>, flow)
  return {
    id: newId('failure'),
    workspaceId: flow.workspaceId,
    flowId: flow.id,
    externalId,
    state: outcome.result === 'failed' ? 'open' : 'waiting',
    cause,
    groupId: groupIdOf(cause),
    nextTryAt: outcome.result === 'waiting' ? new Date(clock.now() + outcome.retryInMs) : null,
  }
}

/** Only a record that was not well before, or was set aside, can have a failure. */
function isOver({ link, outcome }: RecordWork): boolean {
  if (link === null || outcome === null || outcome.result === 'failed' || outcome.result === 'waiting')
    return false
  if (outcome.result === 'skipped' && link.state === 'skipped' && outcome.reason === link.reason) return false
  return link.state === 'failed' || link.state === 'pending' || link.state === 'skipped'
}

function endingOf({ outcome, edits, force }: RecordWork): FailureEnding {
  if (outcome?.result === 'skipped' || outcome?.result === 'deleted') return 'left_out'
  if (edits !== null) return 'edited'
  return force ? 'retried' : 'itself'
}
