import { hash } from 'node:crypto'
import { forgetCases, keepCases, readCases, type MetCase } from '../store/match-cases.ts'
import type { Candidate, Executor, MatchCaseRow } from '../store/schema.ts'
import type { BatchContext } from './batch.ts'
import { dependencyKey } from './shared-parts.ts'
import { failPart, type Part, type RecordWork } from './work.ts'

/** More are not kept: who has to choose among more does better to clean up in the target. */
const MOST_CANDIDATES = 25

export const LEFT_OUT_BY_DECISION = 'It is left out, as you decided.'

/** Names what is to be decided about a part: the same customer, company, product … of a flow, whichever record speaks of it. */
export const caseId = (part: Part, context: BatchContext): string =>
  `match_${hash('sha256', [context.flow.id, part.object, dependencyKey(part, context)].join('\n')).slice(0, 32)}`

/** Several records of the target fit, or some that are only likely: noted on the part, none is taken. */
export function propose(part: Part, ids: readonly string[], by: string): void {
  const known = new Set(part.candidates.map((one) => one.id))
  const news = ids.filter((id) => !known.has(id)).map((id): Candidate => ({ id, by }))
  part.candidates = [...part.candidates, ...news].slice(0, MOST_CANDIDATES)
}

const isAsked = (part: Part): boolean =>
  part.candidates.length > 0 && part.id === null && part.state === 'planned'

/**
 * Applies what people decided about parts for which the target has several records. Where nobody has decided yet the part
 * fails, and its records with it: what is guessed wrong here is found months later.
 */
export async function decide(parts: readonly Part[], context: BatchContext): Promise<void> {
  const asked = parts.filter(isAsked)
  if (asked.length === 0) return
  const cases = await readCases(context.store.db, asked.map((part) => caseId(part, context))) // prettier-ignore
  for (const part of asked) apply(part, cases.get(caseId(part, context)), context)
}

function apply(part: Part, known: MatchCaseRow | undefined, context: BatchContext): void {
  const there = new Set(part.candidates.map((one) => one.id))
  if (known?.state === 'candidate' && known.target_id !== null && there.has(known.target_id)) {
    part.id = known.target_id
    part.foundBy = 'key'
    part.via = 'your decision'
    return
  }
  if (known?.state === 'leave_out') {
    part.state = 'left_out'
    part.problem = { kind: 'policy', message: LEFT_OUT_BY_DECISION }
    return
  }
  if (known?.state === 'create') return takeOwn(part, known)
  const { label, objects } = context.flow.target.connection.connector
  const { length } = part.candidates
  const ways = [...new Set(part.candidates.map((one) => one.by.toLowerCase()))].join(' or ')
  const fits = length === 1 ? 'a record that may be meant' : `${length} records that fit`
  failPart(part, {
    kind: 'ambiguous',
    message: `${label} has ${fits} (${objects[part.object]?.label ?? part.object}, same ${ways}). Choose one, or let a new one be made.`,
    match: caseId(part, context),
  })
}

/** A new one is made beside those that were there; one that came since is ours where the answer of a create was lost. */
function takeOwn(part: Part, known: MatchCaseRow): void {
  if (part.sentAt === null) return
  const before = new Set(known.candidates.map((one) => one.id))
  const since = part.candidates.filter((one) => !before.has(one.id))
  if (since.length !== 1) return
  part.id = since[0]?.id ?? null
  part.foundBy = 'key'
}

const undecided = (part: Part): boolean => part.problem?.kind === 'ambiguous'

/**
 * Keeps the cases that a batch met for people to decide, and forgets those that its records waited for and that are no
 * question any more (the double was removed in the target).
 * @returns records whose case was decided while the batch ran
 */
export async function settleCases(
  db: Executor,
  works: readonly RecordWork[],
  context: BatchContext,
): Promise<string[]> {
  const { id: flowId, workspaceId } = context.flow
  const met = new Map<string, MetCase>()
  for (const work of works) {
    for (const part of work.parts) {
      if (!undecided(part)) continue
      const { role, object, candidates } = part
      const id = caseId(part, context)
      met.set(id, { id, workspaceId, flowId, role, object, externalId: work.externalId, candidates })
    }
  }
  const decided = await keepCases(db, [...met.values()])
  const settled = works.flatMap((work) => {
    const waitedFor = work.link?.last_error?.['match']
    const through = work.outcome !== null && work.outcome.result !== 'failed' && work.parts.length > 0
    return through && typeof waitedFor === 'string' && !met.has(waitedFor) ? [waitedFor] : []
  })
  await forgetCases(db, settled)
  return works
    .filter((work) => work.parts.some((part) => undecided(part) && decided.has(part.problem?.match ?? '')))
    .map((work) => work.externalId)
}
