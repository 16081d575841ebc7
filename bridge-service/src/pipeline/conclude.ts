import { isPassing } from '@crosswalk/connectors/sdk'
import { open, type Part, type RecordOutcome, type RecordWork, type StepName } from './work.ts'

const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 10 * 60_000

/** Wait before the next try of a record: doubling from 2 s to 10 min, with jitter given by `random` in [0, 1). */
export function backOff(attempts: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 12))
  return Math.round(ceiling / 2 + random() * (ceiling / 2))
}

const waits = (part: Part): boolean =>
  part.state === 'unknown' ||
  part.state === 'later' ||
  (part.state === 'failed' && part.problem !== null && part.problem.kind !== 'mapping' &&
    part.problem.kind !== 'missing' && part.problem.kind !== 'policy' && part.problem.kind !== 'ambiguous' &&
    isPassing(part.problem.kind)) // prettier-ignore

const stepOf = ({ problem }: Part): StepName =>
  problem?.kind === 'mapping' ? 'map' : problem?.kind === 'ambiguous' ? 'resolve' : 'deliver'

/** Decides what became of a record from what became of its parts, after `deliver`. */
export function conclude(work: RecordWork): RecordOutcome {
  // A line that could not be taken away is as unfinished as one that could not be written.
  const parts = work.parts.concat(work.removed)
  const waiting = parts.filter(waits)
  const failed = parts.filter((part) => part.state === 'failed' && !waits(part))
  const refused = failed.filter((part) => !(part.shared && part.problem?.kind === 'forbidden'))
  const first = refused.find((part) => part.shared) ?? refused[0]
  if (first) {
    return {
      result: 'failed',
      failure: {
        step: stepOf(first),
        kind: first.problem?.kind ?? 'malformed',
        message: first.problem?.message ?? 'The target refused it.',
        part: first.role,
        ...(first.problem?.rule === undefined ? {} : { rule: first.problem.rule }),
        ...(first.problem?.target === undefined ? {} : { target: first.problem.target }),
        ...(first.problem?.fields ? { fields: first.problem.fields } : {}),
        ...(first.problem?.match === undefined ? {} : { match: first.problem.match }),
        ...(first.problem?.lookup === undefined ? {} : { lookup: first.problem.lookup }),
        ...(first.problem?.said === undefined ? {} : { said: first.problem.said }),
      },
    }
  }
  if (waiting.length > 0) {
    const attempts = work.link?.attempts ?? 0
    const waits = waiting.find((part) => part.problem?.waits)?.problem?.waits
    const told = Math.max(0, ...waiting.map((part) => part.problem?.retryInMs ?? 0))
    return {
      result: 'waiting',
      reason: waiting[0]?.problem?.message ?? 'The target is busy.',
      retryInMs: Math.max(told, told > 0 ? 0 : backOff(attempts)),
      ...(waits === undefined ? {} : { waits }),
    }
  }
  for (const part of failed) {
    const text = part.problem?.message
    if (text && !work.warnings.includes(text)) work.warnings.push(text)
  }
  const documents = work.parts.filter((part) => part.role === 'document')
  if (documents.length > 0 && documents.every((part) => part.state === 'left_out')) {
    const reason = documents[0]?.problem?.message
    return {
      result: 'skipped',
      reason: reason ?? 'It is not in the target, and this flow does not create there.',
    }
  }
  const own = work.parts.filter((part) => !part.shared)
  if (documents.some((part) => part.wrote === 'create')) return { result: 'created' }
  const touched = own.concat(work.removed).some((part) => part.wrote !== null || part.related)
  return { result: touched ? 'updated' : 'unchanged' }
}

/** True when every own part stands in the target, and none that should be gone. */
export const isComplete = (work: RecordWork): boolean =>
  work.parts.every((part) => part.shared || part.state === 'done' || part.state === 'same') &&
  work.removed.every((part) => part.state === 'done' || part.state === 'left_out')

/**
 * Ends records of which a part cannot be written, before more of them is: a document is never begun that is known to
 * stay half.
 */
export function concludeFailed(works: readonly RecordWork[]): void {
  for (const work of open(works)) {
    const doomed = work.parts.some(
      (part) =>
        part.state === 'failed' && !waits(part) && !(part.shared && part.problem?.kind === 'forbidden'),
    )
    if (doomed) work.outcome = conclude(work)
  }
}
