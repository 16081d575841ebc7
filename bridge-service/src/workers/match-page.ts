import type { Step } from '@crosswalk/connectors/sdk'
import { caseId, settleCases } from '../pipeline/ambiguous.ts'
import type { BatchContext } from '../pipeline/batch.ts'
import { itemsOf, partWanted } from '../pipeline/part-policy.ts'
import { lookUp } from '../pipeline/sync-records.ts'
import type { Part, RecordWork } from '../pipeline/work.ts'
import { addMatchEntries, type MatchEntry, type MatchOutcome } from '../store/match-entries.ts'
import { isInScope } from './scope.ts'
import type { LookPage } from './look-run.ts'

/**
 * A page of a match report: finds what its records need, by the same code as production, and tells of each customer,
 * company, product and document whether the target has it.
 */
export const matchPage: LookPage = async (works, scope, context) => {
  await lookUp(works, context)
  const mine = works.filter((work) => isInScope(work, scope))
  const entries = mine.flatMap((work) => entriesOf(work, context))
  const leftOut = (work: RecordWork): boolean => work.outcome?.result === 'skipped' && !isKeyless(work)
  return {
    counts: {
      done: mine.length,
      skipped: mine.filter(leftOut).length,
      failed: mine.filter((work) => work.outcome?.result === 'failed').length,
    },
    store: async (tx, runId) => {
      await addMatchEntries(tx, runId, entries)
      await settleCases(tx, mine, context)
    },
  }
}

/** Wanted by the flow, but nothing of it could be found again in the target: the plan left it out, with the reason. */
const isKeyless = ({ outcome, parts, warnings }: RecordWork): boolean =>
  outcome !== null && parts.length === 0 && warnings.length > 0

/** What is told of one record: an entry for each part but its own lines, which no record of the target can be. */
function entriesOf(work: RecordWork, context: BatchContext): MatchEntry[] {
  if (work.record === null || work.native === null) return []
  if (work.outcome !== null && !isKeyless(work)) return []
  return context.flow.document.steps
    .filter((step) => step.role !== 'line')
    .flatMap((step) => [
      ...work.parts.filter((part) => part.step === step).map((part) => entryOf(part, context)),
      ...keylessOf(work, step, context).map((name) => keylessEntry(step, work, name)),
    ])
}

function entryOf(part: Part, context: BatchContext): MatchEntry {
  const outcome = outcomeOf(part)
  const foundBy = outcome !== 'matched' ? '' : part.foundBy === 'link' ? 'link' : (part.via ?? '')
  return { role: part.role, id: caseId(part, context), outcome, foundBy }
}

function outcomeOf(part: Part): MatchOutcome {
  if (part.problem?.kind === 'ambiguous') return 'ambiguous'
  if (part.id !== null) return 'matched'
  if (part.state === 'failed') return 'unknown'
  return part.mayCreate && part.state !== 'left_out' ? 'create' : 'absent'
}

const keylessEntry = (step: Step, work: RecordWork, name: string): MatchEntry => ({
  role: step.role,
  id: `none:${work.externalId}:${name}`,
  outcome: 'no_key',
  foundBy: '',
})

/** Names of what a record would have of a step, had it anything to be found by: a buyer without an address, a SKU. */
function keylessOf(work: RecordWork, step: Step, context: BatchContext): string[] {
  const { entity, settings, origin } = context.flow
  const { record } = work
  if (record === null || !partWanted(entity, step.role, record, settings)) return []
  const names: string[] = []
  for (const { name, value } of itemsOf(step, entity, record, settings)) {
    // Shipping and fees are lines, and no products.
    if (step.role === 'product' && (value as { kind?: string } | null)?.kind !== 'product') continue
    const partKey = name === '' ? step.role : `${step.role}:${name}`
    if (work.link?.parts[partKey]?.id) continue
    const scope = { record: record as never, item: value, origin }
    if (step.key(scope) === null) names.push(name)
  }
  return names
}
