import type { Failure, FailureGroup } from '@crosswalk/shared/contract'
import { causeWords } from '../failure-words.ts'
import type { ListedFailure } from '../store/failure-lists.ts'
import { instant, instantOrNull } from './views.ts'

/** What a record comes to, where it carries an amount. */
export function amountOf(summary: ListedFailure['summary']): Failure['amount'] {
  const { total, currency } = summary ?? {}
  return typeof total === 'string' && typeof currency === 'string' ? { total, currency } : null
}

export const failureView = (row: ListedFailure): Failure => ({
  flowId: row.flow_id,
  externalId: row.external_id,
  label: row.label,
  state: row.state,
  group: row.group_id,
  cause: causeWords(row),
  amount: amountOf(row.summary),
  firstAt: instant(row.first_at),
  lastAt: instant(row.last_at),
  tries: row.tries,
  nextTryAt: instantOrNull(row.next_try_at),
  note: row.note,
  by: row.decided_by,
  closedAt: instantOrNull(row.closed_at),
  ended: row.ended_how,
})

/** The largest first; what stands still as a whole before all others. */
export const byWeight = (a: FailureGroup, b: FailureGroup): number =>
  Number(b.standing !== null) - Number(a.standing !== null) || b.count - a.count || (a.id < b.id ? -1 : 1)
