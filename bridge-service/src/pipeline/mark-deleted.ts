import type { PartInput } from '@crosswalk/connectors/sdk'
import type { BatchContext } from './batch.ts'
import { backOff } from './conclude.ts'
import { objectOf } from './deliver.ts'
import { find, waitForIndex } from './resolve.ts'
import { writeParts } from './write-parts.ts'
import { blankPart, open, type Part, type RecordOutcome, type RecordWork } from './work.ts'

/**
 * Records that are gone at the source, or cancelled where that counts as gone: the target's document is marked, archived
 * or left alone, as the flow says. What is in the target is never deleted for good.
 */
export async function markDeleted(works: readonly RecordWork[], context: BatchContext): Promise<void> {
  for (const as of ['deleted', 'cancelled'] as const) {
    const gone = open(works).filter((work) => work.native === null && work.goneAs === as)
    if (gone.length > 0) await mark(gone, String(context.flow.settings[as]), context)
  }
}

async function mark(gone: readonly RecordWork[], policy: string, context: BatchContext): Promise<void> {
  const { flow } = context
  const archives = policy === 'archive'
  const object = objectOf(flow.document.object, context)
  const targetContext = flow.target.connection.context()
  const draft: PartInput['draft'] = flow.document.deletedDraft?.(targetContext) ?? {}
  const write = archives ? object.archive : object.update
  if (policy === 'nothing' || !write || (!archives && Object.keys(draft).length === 0)) {
    for (const work of gone) work.outcome = { result: 'deleted' }
    return
  }
  const documents = gone.map((work, i) => documentOf(work, `d${i}`, draft, context))
  // A create whose answer was lost may have made it.
  const unsure = documents.filter((part) => part.id === null)
  const matcher = object.byKey(targetContext)
  await find(matcher, unsure, (part) => part.key, 'key', context)
  for (const part of unsure) waitForIndex(part, matcher, context)
  const there = documents.filter((part) => part.id !== null && part.state !== 'failed')
  await writeParts(write, there, archives ? 'archive' : 'update', context)
  gone.forEach((work, i) => (work.outcome = outcomeOf(documents[i] as Part, work)))
}

function documentOf(work: RecordWork, trace: string, draft: PartInput['draft'], context: BatchContext): Part {
  const step = context.flow.document.steps.find((entry) => entry.role === 'document')
  if (!step) throw new Error('the target document has no document step')
  const known = work.link?.parts['document']
  const key = work.link?.target_key ?? null
  const part = blankPart({ step, partKey: 'document', trace, key, item: null, matches: {}, owner: work })
  part.id = work.link?.target_id ?? null
  const intent = work.link?.pending['document']
  part.sentAt = intent === undefined || (part.id !== null && intent.moves) ? null : intent.at
  part.updateDraft = { ...draft }
  part.knownRefs = known?.refs ?? intent?.refs ?? {}
  work.parts = [part]
  return part
}

function outcomeOf(part: Part, work: RecordWork): RecordOutcome {
  const { problem } = part
  const message = problem?.message ?? 'The target refused it.'
  if (part.state === 'later' || part.state === 'unknown') {
    return {
      result: 'waiting',
      reason: message,
      retryInMs: problem?.retryInMs ?? backOff(work.link?.attempts ?? 0),
      ...(problem?.waits ? { waits: problem.waits } : {}),
    }
  }
  // Deleted in the target as well, or never made there.
  if (part.state !== 'failed' || problem?.kind === 'not_found') return { result: 'deleted' }
  return {
    result: 'failed',
    failure: {
      step: 'deliver',
      kind: problem?.kind ?? 'malformed',
      message,
      part: 'document',
      ...(problem?.fields ? { fields: problem.fields } : {}),
      ...(problem?.said ? { said: problem.said } : {}),
    },
  }
}
