import type { contract, OutputOf } from '@crosswalk/shared/contract'
import type { TargetDocument, TargetObject } from '@crosswalk/connectors/sdk'
import type { MatchCount, MatchOutcome } from '../store/match-entries.ts'

type Row = OutputOf<typeof contract.matches.report>['rows'][number]

/** A row for each part that records of the target can be, in the order in which they are written. Lines are none. */
export function matchRows(
  document: TargetDocument,
  objects: Readonly<Record<string, TargetObject>>,
  counts: readonly MatchCount[],
): Row[] {
  return document.steps
    .filter((step) => step.role !== 'line')
    .map(({ role, object }): Row => {
      const own = counts.filter((count) => count.role === role)
      const sum = (outcome?: MatchOutcome): number =>
        own
          .filter((count) => outcome === undefined || count.outcome === outcome)
          .reduce((total, { count }) => total + count, 0)
      return {
        role,
        object,
        objectLabel: objects[object]?.label ?? object,
        total: sum(),
        matched: sum('matched'),
        matchedBy: own
          .filter((count) => count.outcome === 'matched')
          .map(({ foundBy, count }) => ({ by: foundBy, count })),
        create: sum('create'),
        ambiguous: sum('ambiguous'),
        noKey: sum('no_key'),
        absent: sum('absent'),
        unknown: sum('unknown'),
      }
    })
}
