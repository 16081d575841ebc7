import type { Step, TargetObject, Write } from '@crosswalk/connectors/sdk'
import type { BatchContext } from './batch.ts'
import { pause } from '../runtime/clock.ts'
import { associate } from './associate.ts'
import { concludeFailed } from './conclude.ts'
import { excuseGoneRefs } from './gone-refs.ts'
import { saveIntentsOf } from './intents.ts'
import { claimReserved, isReserved, settleReserved } from './shared-parts.ts'
import { refuseStolen } from './stolen.ts'
import { writeParts } from './write-parts.ts'
import { blankPart, failPart, open, partsOf, type Part, type RecordWork } from './work.ts'

/** How long a batch waits for another worker that is making the same customer or product. */
const WAIT_FOR_OTHER_MS = 5_000
const LOOK_EVERY_MS = 40

/**
 * Writes the plan: the steps of the target document in order of need, each in batches, intents (one statement for the
 * whole batch) before the first that makes parts of the records' own, one outcome per part. What was refused is on the part; what the answer of was lost is `unknown`
 * and is looked for by key at the next try.
 */
export async function deliver(works: readonly RecordWork[], context: BatchContext): Promise<void> {
  const parts = partsOf(open(works))
  let noted = false
  for (const step of context.flow.document.steps) {
    concludeFailed(works)
    if (!step.shared && !noted) {
      // By now it is known which customer and company the creates will name.
      await saveIntentsOf(open(works), context)
      context.faultPoint('after-intent')
      noted = true
    }
    const due = parts.filter(
      (part) => part.step === step && part.owners.some((work) => work.outcome === null),
    )
    if (due.some((part) => isReserved(part, context))) await deliverReserved(due, context)
    else await deliverOwn(due, context)
    context.faultPoint(`after-${step.role}`)
  }
  await archiveGone(open(works), context)
  await associate(open(works), context)
}

async function deliverOwn(parts: readonly Part[], context: BatchContext): Promise<void> {
  if (parts.length === 0) return
  const object = objectOf((parts[0] as Part).object, context)
  for (const part of parts) holdBack(part)
  await writeAll(object.create, parts, 'create', context)
  await refuseStolen([...new Set(parts.flatMap((part) => part.owners))], 'exists', context)
  // Records that turned out to exist are known by id now; ids that were gone are made again.
  await writeAll(object.update, parts, 'update', context)
  const again = parts.filter((part) => part.state === 'create' && !part.shared)
  if (again.length > 0) await saveIntentsOf([...new Set(again.flatMap((part) => part.owners))], context)
  await writeAll(object.create, parts, 'create', context)
  await excuseGoneRefs(parts, context)
}

/**
 * Parts that another worker may be making too are reserved, written and told to the others before anything waits: a worker that waits for another's
 * part holds none of its own, so two can never wait for each other.
 */
async function deliverReserved(parts: readonly Part[], context: BatchContext): Promise<void> {
  const until = context.clock.now() + WAIT_FOR_OTHER_MS
  let due = parts
  for (;;) {
    // What waits for another part is not sent now, and must not be taken for sent.
    for (const part of due) holdBack(part)
    const waiting = await claimReserved(
      due.filter((part) => part.state === 'create' && isReserved(part, context)),
      context,
    )
    const mine = due.filter((part) => !waiting.includes(part))
    try {
      await deliverOwn(mine, context)
    } finally {
      await settleReserved(context.store.db, mine.filter((part) => isReserved(part, context)), context) // prettier-ignore
    }
    if (waiting.length === 0) return
    if (context.clock.now() >= until) return waiting.forEach(stillMadeElsewhere)
    await pause(context.clock, LOOK_EVERY_MS, context.signal)
    due = waiting
  }
}

function stillMadeElsewhere(part: Part): void {
  part.state = 'later'
  part.problem = {
    kind: 'unavailable',
    message: 'Another worker is making the same record; it is used once made.',
    retryInMs: 2_000,
  }
}

export function objectOf(name: string, context: BatchContext): TargetObject {
  const object = context.flow.target.connection.connector.objects[name]
  if (!object) throw new Error(`the target has no object "${name}"`)
  return object
}

/** A part waits for, or fails with, the parts it points at: nothing is written that would hang in the air. */
function holdBack(part: Part): void {
  if (part.state !== 'create' && part.state !== 'update') return
  for (const ref of part.refs) {
    const to = ref.to
    if (to.id !== null && to.state !== 'failed') continue
    if (to.state === 'unknown' || to.state === 'later') {
      part.state = 'later'
      part.problem = to.problem
      return
    }
    if (to.state === 'failed') {
      // A kind of object the account does not permit is left out, and said; anything else fails the record whole.
      if (to.problem?.kind === 'forbidden' && !ref.required) continue
      return failPart(
        part,
        to.problem ?? { kind: 'missing', message: `Its ${ref.role} could not be written.` },
      )
    }
    if (ref.required) {
      return failPart(part, { kind: 'missing', message: `Its ${ref.role} is missing in the target.` })
    }
  }
}

async function writeAll(
  write: Write | undefined,
  parts: readonly Part[],
  state: 'create' | 'update',
  context: BatchContext,
): Promise<void> {
  const due = parts.filter((part) => part.state === state)
  if (due.length === 0) return
  if (!write) {
    for (const part of due) {
      failPart(part, { kind: 'invalid', message: `The target does not let a ${part.role} be ${state}d.` })
    }
    return
  }
  await writeParts(write, due, state, context)
}

/** Parts the record had and its plan no longer has (a removed line), by step. */
export function goneParts(
  work: RecordWork,
  context: BatchContext,
): { partKey: string; id: string; step: Step }[] {
  if (!work.link || work.record === null || work.native === null) return []
  const planned = new Set(work.parts.map((part) => part.partKey))
  const gone: { partKey: string; id: string; step: Step }[] = []
  for (const [partKey, known] of Object.entries(work.link.parts)) {
    if (!known.id || planned.has(partKey)) continue
    const role = partKey.split(':', 1)[0]
    const step = context.flow.document.steps.find((entry) => entry.role === role && !entry.shared)
    if (step && step.whenGone === 'archive') gone.push({ partKey, id: known.id, step })
  }
  return gone
}

/**
 * Lays out the parts to be taken away. Before anything is written: when the account fails on the way, a record of which
 * only a line must go is unfinished all the same.
 */
export function layGone(works: readonly RecordWork[], context: BatchContext): void {
  let counter = 0
  for (const work of open(works)) {
    for (const gone of goneParts(work, context)) {
      const part = blankPart({
        step: gone.step,
        partKey: gone.partKey,
        trace: `gone${counter++}`,
        key: null,
        item: null,
        matches: {},
        owner: work,
      })
      part.id = gone.id
      part.updateDraft = {}
      work.removed.push(part)
    }
  }
}

async function archiveGone(works: readonly RecordWork[], context: BatchContext): Promise<void> {
  const byObject = new Map<string, Part[]>()
  const there = works.flatMap((work) => work.removed).filter((part) => part.state === 'planned')
  for (const part of there) {
    const group = byObject.get(part.object)
    if (group) group.push(part)
    else byObject.set(part.object, [part])
  }
  for (const [name, parts] of byObject) {
    const write = objectOf(name, context).archive
    if (write) await writeParts(write, parts, 'archive', context)
    else for (const part of parts) part.state = 'left_out'
  }
}
