import { add, type Amount } from '@crosswalk/shared/model'
import type { NewReconcileDay } from '../store/reconcile.ts'

/**
 * What the comparison says of one record. `incomplete`: not whole in the target, or not as the source has it now.
 * `failed` is explained: it stands in the list of failures.
 */
export type Verdict = 'level' | 'missing' | 'incomplete' | 'differing' | 'failed'

/** One record on both sides. Amounts are null where there is none to compare. */
export interface Finding {
  externalId: string
  /** UTC day the record was made on, `YYYY-MM-DD`. */
  day: string
  /** Empty where the record carries no amount. */
  currency: string
  source: Amount | null
  inTarget: boolean
  target: Amount | null
  verdict: Verdict
}

/** Sums of a comparison so far, by day and currency; plain JSON, kept in the run's cursor. */
export type Sums = Record<string, NewReconcileDay>

/** Examples kept per day, currency and kind. */
const EXAMPLES = 20

/** Adds findings to the sums of their day and currency. @returns new sums; the given ones stay as they are */
export function addFindings(sums: Sums, findings: readonly Finding[]): Sums {
  const next = structuredClone(sums)
  for (const finding of findings) {
    const name = `${finding.day} ${finding.currency}`
    addTo((next[name] ??= emptyDay(finding)), finding)
  }
  return next
}

const emptyDay = ({ day, currency }: Finding): NewReconcileDay => ({
  day,
  currency,
  source_count: 0,
  source_sum: null,
  target_count: 0,
  target_sum: null,
  missing: 0,
  incomplete: 0,
  differing: 0,
  failed: 0,
  examples: [],
})

function addTo(sum: NewReconcileDay, finding: Finding): void {
  sum.source_count += 1
  if (finding.source !== null) sum.source_sum = add(sum.source_sum ?? '0', finding.source)
  if (finding.inTarget) sum.target_count += 1
  if (finding.target !== null) sum.target_sum = add(sum.target_sum ?? '0', finding.target)
  const { verdict, externalId, source, target } = finding
  if (verdict === 'level') return
  sum[verdict] += 1
  if (sum.examples.filter((example) => example.what === verdict).length >= EXAMPLES) return
  sum.examples.push({ externalId, what: verdict, source, target })
}

/** One sentence on a whole comparison, for the run's line. */
export function describeSums(sums: Sums): string {
  const total = { missing: 0, incomplete: 0, differing: 0 }
  for (const day of Object.values(sums)) {
    total.missing += day.missing
    total.incomplete += day.incomplete
    total.differing += day.differing
  }
  const said = [
    ...(total.missing > 0 ? [`${total.missing} missing in the target, sent again`] : []),
    ...(total.incomplete > 0 ? [`${total.incomplete} incomplete or outdated, sent again`] : []),
    ...(total.differing > 0 ? [`${total.differing} with another amount, left alone`] : []),
  ]
  return said.length === 0 ? 'Both sides agree.' : `${said.join('; ')}.`
}
