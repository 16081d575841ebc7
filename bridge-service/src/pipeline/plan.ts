import type { CanonicalRecord } from '@crosswalk/shared/model'
import type { PartScope, Step } from '@crosswalk/connectors/sdk'
import type { BatchContext } from './batch.ts'
import { editsOf } from './edits.ts'
import { itemsOf, policyFor, type PartPolicy } from './part-policy.ts'
import { blankPart, open, type Part, type PartRef, type RecordWork } from './work.ts'

interface Laid {
  part: Part
  itemIndex: number
}

/**
 * Lays out the parts of every record by its target document's steps: names, natural keys and who points at whom. No
 * drafts yet. A part shared by several records of the batch is laid out once.
 */
export function plan(works: readonly RecordWork[], context: BatchContext): void {
  const shared = new Map<string, Part>()
  const ownKeys = new Map<string, RecordWork>()
  let counter = 0
  for (const work of open(works)) {
    // What is in the trash is still readable, but it is to be marked, not written.
    if (work.record === null || work.native === null) continue
    const record = work.record
    guarded(work, () => lay(work, record))
  }

  function lay(work: RecordWork, record: CanonicalRecord): void {
    const laid = new Map<Step, Laid[]>()
    for (const step of context.flow.document.steps) {
      const policy = policyFor(context.flow.entity, step.role, record, context.flow.settings)
      if (!policy.present) continue
      const parts: Laid[] = []
      itemsOf(step, context.flow.entity, record, context.flow.settings).forEach((item, itemIndex) => {
        const scope: PartScope = {
          record: record as never,
          item: item.value,
          origin: context.flow.origin,
        }
        const key = policy.key ?? editedKey(work, step, item.name, context) ?? step.key(scope)
        if (step.shared && key === null && Object.keys(step.match).length === 0) return
        const part = partFor(step, key, item.name, scope, work, shared, () => `p${counter++}`)
        if (part === null) return
        if (step.role === 'document') {
          const why = whyLeftOut(part, work, context)
          if (why !== null) return void work.warnings.push(why)
        }
        if (!step.shared) {
          part.mayCreate = policy.mayCreate
          part.mayUpdate = policy.mayUpdate
          part.onMissing = policy.onMissing
          addRefs(part, step, itemIndex, laid)
          if (clashes(part, work, ownKeys)) return
        } else {
          share(part, policy)
          addRefs(part, step, itemIndex, laid)
        }
        parts.push({ part, itemIndex })
        if (!work.parts.includes(part)) work.parts.push(part)
      })
      laid.set(step, parts)
      if (step.role === 'document' && parts.length === 0 && work.outcome === null)
        return leaveOut(work, context)
    }
  }
}

/** The natural key of a part that somebody gave one by hand. A record that has one already keeps it. */
function editedKey(work: RecordWork, step: Step, itemName: string, { flow }: BatchContext): string | null {
  if (work.edits === null || step.shared) return null
  const partKey = nameOf(step, itemName)
  if (work.link?.parts[partKey]?.id) return null
  const targetContext = flow.target.connection.context()
  const object = flow.target.connection.connector.objects[step.object]
  const field = object?.keyField(targetContext) ?? null
  const value = field === null ? undefined : editsOf(work.edits, partKey, step)?.get(field)
  const made =
    object && field !== null && value !== undefined ? object.normalise(field, value, targetContext) : null
  return typeof made === 'string' && made !== '' ? made : null
}

const nameOf = (step: Step, itemName: string): string =>
  itemName === '' ? step.role : `${step.role}:${itemName}`

/**
 * Why a document of a record cannot be written: without a key it would not be found again, and of several with one key
 * (variations that go by their product's SKU) only the first counts. Null for the others.
 */
function whyLeftOut(part: Part, work: RecordWork, context: BatchContext): string | null {
  if (work.link?.parts[part.partKey]?.id) return null
  const connection = context.flow.target.connection
  const label = connection.connector.objects[part.object]?.byKey(connection.context()).label ?? 'key'
  const name =
    part.partKey === 'document' ? 'It' : `${context.flow.entity} ${part.partKey.slice('document:'.length)}`
  if (part.key === null) return `${name} has no ${label}, by which it would be found again in the target.`
  const same = work.parts.some((other) => other.role === part.role && other.key === part.key)
  return same ? `${name} has the same ${label} as another of this record, which stands for both.` : null
}

/** A record of which nothing can be written. */
function leaveOut(work: RecordWork, context: BatchContext): void {
  const reason = work.warnings.join(' ') || 'There is nothing of it to write.'
  work.parts = []
  work.outcome =
    context.flow.settings['withoutEmail'] === 'fail'
      ? { result: 'failed', failure: { step: 'resolve', kind: 'missing', message: reason, part: 'document', ...keyOf(context) } } // prettier-ignore
      : { result: 'skipped', reason }
}

/** The field that a document is found again by, and what people call it. */
function keyOf({ flow }: BatchContext): { target?: string; said: { label: string } } {
  const { connection } = flow.target
  const object = connection.connector.objects[flow.document.object]
  const field = object?.keyField(connection.context())
  const label = object?.byKey(connection.context()).label ?? 'key'
  return { ...(field ? { target: field } : {}), said: { label } }
}

/** A record that a key or a rule of the target cannot cope with fails alone, not the batch it came in. */
function guarded(work: RecordWork, run: () => void): void {
  try {
    run()
  } catch (error) {
    const message = `Its parts could not be laid out: ${error instanceof Error ? error.message : 'unknown shape'}.`
    work.outcome = { result: 'failed', failure: { step: 'resolve', kind: 'malformed', message } }
  }
}

/** Two records of one batch with the same natural key: neither may silently take the other's place. */
function clashes(part: Part, work: RecordWork, ownKeys: Map<string, RecordWork>): boolean {
  if (part.key === null) return false
  const name = `${part.object}\n${part.key}`
  const other = ownKeys.get(name)
  ownKeys.set(name, work)
  if (!other || other === work) return false
  work.outcome = {
    result: 'failed',
    failure: {
      step: 'resolve',
      kind: 'conflict',
      message: `It has the same key as record ${other.externalId}. Give one of them another key at the source.`,
      part: part.role,
      said: { other: other.externalId },
    },
  }
  return true
}

function partFor(
  step: Step,
  key: string | null,
  itemName: string,
  scope: PartScope,
  work: RecordWork,
  shared: Map<string, Part>,
  nextTrace: () => string,
): Part | null {
  const matches: Record<string, string> = {}
  for (const [id, read] of Object.entries(step.match)) {
    const value = read(scope)
    if (value !== null && value !== '') matches[id] = value
  }
  if (step.shared) {
    if (key === null && Object.keys(matches).length === 0) return null
    const name = `${step.object}\n${key ?? JSON.stringify(matches)}`
    const known = shared.get(name)
    if (known) {
      if (!known.owners.includes(work)) known.owners.push(work)
      return known
    }
    const part = blankPart({
      step,
      partKey: `${step.role}:${key ?? ''}`,
      trace: nextTrace(),
      key,
      item: scope.item,
      matches,
      owner: work,
    })
    shared.set(name, part)
    return Object.assign(part, { mayCreate: false, mayUpdate: false, onMissing: 'leave_out' })
  }
  return blankPart({
    step,
    partKey: nameOf(step, itemName),
    trace: nextTrace(),
    key,
    item: scope.item,
    matches,
    owner: work,
  })
}

/** A shared part may be made when one of its records may make it, whichever of them came first. */
function share(part: Part, policy: PartPolicy): void {
  part.mayCreate ||= policy.mayCreate && part.key !== null
  part.mayUpdate ||= policy.mayUpdate
  if (policy.onMissing === 'fail') part.onMissing = 'fail'
  if (policy.key !== undefined) part.standsIn = true
}

/** Points a part at the parts laid out before it: per line at the same line's part, else at the one part of that role. */
function addRefs(part: Part, step: Step, itemIndex: number, laid: ReadonlyMap<Step, Laid[]>): void {
  for (const ref of step.refs) {
    if (part.refs.some((known) => known.as === ref.as)) continue
    for (const [other, parts] of laid) {
      if (other.role !== ref.role) continue
      const to = other.each === 'one' ? parts[0] : parts.find((entry) => entry.itemIndex === itemIndex)
      if (to && to.part !== part) {
        const made: PartRef = { role: ref.role, as: ref.as, required: ref.required, to: to.part }
        part.refs.push(made)
      }
    }
  }
}
