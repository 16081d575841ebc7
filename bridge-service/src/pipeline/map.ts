import type { PartFailure } from '@crosswalk/shared/mapping'
import type { BatchContext } from './batch.ts'
import { editsOf } from './edits.ts'
import { missingRowOf } from './missing-row.ts'
import { isPersonal, withoutPerson } from './personal.ts'
import { failPart, open, partsOf, type Part, type PartProblem, type RecordWork } from './work.ts'

/** A part's drafts and hash from one record. */
function mapPart(part: Part, work: RecordWork, context: BatchContext): void {
  const { flow } = context
  const compiled = flow.compiled.get(part.role)
  const object = flow.target.connection.connector.objects[part.object]
  if (!compiled || !object) {
    return failPart(part, { kind: 'mapping', message: `This flow has no rules for its ${part.role}.` })
  }
  const scope = { ...work.record, item: part.item, flow: { ...flow.scope, imported: context.imported } }
  const targetContext = flow.target.connection.context()
  if (part.standsIn) return mapStandIn(part, object.keyField(targetContext), context)
  const known = part.id !== null
  const edits = editsOf(work.edits, part.partKey, part.step)
  const options = { lookups: flow.lookups, trace: context.trace, edits }
  const result = compiled(scope, { ...options, on: known ? 'update' : 'create', withUpdate: !known })
  if (context.trace) work.traces.push({ part: part.partKey, rules: result.trace })
  if (result.failure) return failPart(part, problemOf(result.failure, part, context))
  const normalise: Normalise = (field, value) => object.normalise(field, value, targetContext)
  const draft = normalised(result.draft, normalise)
  const update = known ? draft : normalisedLike(result.updateDraft ?? {}, result.draft, draft, normalise)
  part.updateDraft = part.role === 'document' ? limited(update, flow.settings['updateFields'], edits) : update
  // Where the flow does not change what is there, only what was corrected by hand goes out.
  if (edits && !part.mayUpdate) {
    part.updateDraft = Object.fromEntries(
      Object.entries(part.updateDraft).filter(([field]) => edits.has(field)),
    )
  }
  part.hash = hashDraft(part.updateDraft, context)
  const withKey = (made: Record<string, unknown>): Record<string, unknown> => {
    const keyField = object.keyField(targetContext)
    if (keyField !== null && part.key !== null) made[keyField] ??= part.key
    return made
  }
  if (!known) part.createDraft = withKey(draft)
  else {
    part.createDraftAgain = () => {
      const again = compiled(scope, { ...options, on: 'create', trace: false })
      return again.failure ? null : withKey(normalised(again.draft, normalise))
    }
  }
}

type Normalise = (field: string, value: unknown) => unknown

function normalised(draft: Record<string, unknown>, normalise: Normalise): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const field of Object.keys(draft)) made[field] = normalise(field, draft[field])
  return made
}

/** As `normalised`, taking over what another draft of the same record has in the same words. */
function normalisedLike(
  draft: Record<string, unknown>,
  other: Record<string, unknown>,
  otherMade: Record<string, unknown>,
  normalise: Normalise,
): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const field of Object.keys(draft)) {
    const value = draft[field]
    made[field] = other[field] === value ? otherMade[field] : normalise(field, value)
  }
  return made
}

/** A flow may name the fields it updates; the others are kept in the target by hand. What was edited goes all the same. */
function limited(
  draft: Record<string, unknown>,
  fields: unknown,
  edits: ReadonlyMap<string, unknown> | undefined,
): Record<string, unknown> {
  if (!Array.isArray(fields)) return draft
  return Object.fromEntries(
    Object.entries(draft).filter(([field]) => fields.includes(field) || edits?.has(field)),
  )
}

/** The rules would give it the name and the address of whoever bought first. */
function mapStandIn(part: Part, keyField: string | null, context: BatchContext): void {
  part.updateDraft = {}
  part.hash = hashDraft({}, context)
  const made = keyField === null ? {} : { [keyField]: part.key }
  if (part.id === null) part.createDraft = made
  else part.createDraftAgain = () => made
}

/** A rule that failed, told without repeating what may name a customer. */
function problemOf(failure: PartFailure, part: Part, { flow }: BatchContext): PartProblem {
  const { index, target, use, value, problem, empty, list } = failure
  const rules = flow.mapping.parts[part.role]
  const personal = isPersonal(list ? undefined : rules?.rules[index], flow.entity)
  const message = personal ? withoutPerson(failure) : problem
  const lookup = missingRowOf(failure, rules, flow.entity)
  const kept = lookup === null ? (!personal && isSimple(value) ? String(value) : null) : lookup.value
  const said = {
    use,
    words: message,
    ...(empty ? { empty } : {}),
    ...(lookup === null ? {} : { table: lookup.table, tableGone: !flow.lookups.has(lookup.table) }),
    ...(kept === null ? {} : { value: kept }),
  }
  return { kind: 'mapping', message, rule: index, target, said, ...(lookup === null ? {} : { lookup }) }
}

const isSimple = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'

function hashDraft(draft: Record<string, unknown>, context: BatchContext): string {
  const fields = Object.keys(draft).sort()
  return context.vault.keyedHash(JSON.stringify(fields.map((field) => [field, draft[field]])))
}

/** ISO time a record speaks of, for "the newest order decides what a customer looks like". */
export const stampOf = (work: RecordWork): string =>
  work.record?.createdAt ?? work.record?.modifiedAt ?? '1970-01-01T00:00:00Z'

/**
 * Applies the flow's rules: every part gets a draft for a create, one for an update, and the hash of what would be
 * written. A shared part is mapped from the newest of its records. A rule that fails fails its part; no I/O.
 */
export function map(works: readonly RecordWork[], context: BatchContext): void {
  for (const part of partsOf(open(works))) {
    if (part.state !== 'planned') continue
    const owners = part.owners.filter((work) => work.outcome === null)
    const edited = owners.find((work) => editsOf(work.edits, part.partKey, part.step))
    const owner =
      edited ??
      owners.reduce<RecordWork | null>(
        (newest, work) => (newest && stampOf(newest) >= stampOf(work) ? newest : work),
        null,
      )
    if (!owner) continue
    part.edited = edited !== undefined
    part.stamp = stampOf(owner)
    try {
      mapPart(part, owner, context)
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown shape'
      failPart(part, {
        kind: 'mapping',
        message: `The rules of its ${part.role} could not be applied: ${why}.`,
      })
    }
  }
}
