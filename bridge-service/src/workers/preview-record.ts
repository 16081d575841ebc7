import { ConnectorError, isPassing } from '@crosswalk/connectors/sdk'
import type { RuleTrace } from '@crosswalk/shared/mapping'
import { AccountTrouble, type BatchContext } from '../pipeline/batch.ts'
import { goneParts, objectOf } from '../pipeline/deliver.ts'
import { traceInWords } from '../pipeline/detail.ts'
import type { Part, RecordWork } from '../pipeline/work.ts'

export interface PreviewField {
  target: string
  before: unknown
  after: unknown
  changed: boolean
}
export interface PreviewPart {
  part: string
  role: string
  object: string
  id: string | null
  foundBy: string | null
  action: 'create' | 'update' | 'same' | 'leave_out' | 'archive' | 'fail'
  fields: PreviewField[]
  problem: string | null
}
export interface PreviewRecord {
  externalId: string
  label: string
  action: 'create' | 'update' | 'unchanged' | 'skip' | 'fail'
  reason: string | null
  parts: PreviewPart[]
  trace: { part: string; rules: RuleTrace[] }[]
}
/** What the target holds now in the fields a preview would change, by object and id. */
export async function currentValues(
  parts: readonly Part[],
  context: BatchContext,
): Promise<Map<string, Readonly<Record<string, unknown>>>> {
  const values = new Map<string, Readonly<Record<string, unknown>>>()
  const groups = new Map<string, Part[]>()
  for (const part of parts) {
    if (part.id === null || part.updateDraft === null) continue
    groups.set(part.object, [...(groups.get(part.object) ?? []), part])
  }
  const { http, context: contextOf } = context.flow.target.connection
  for (const [name, group] of groups) {
    const reader = objectOf(name, context).read
    if (!reader) continue
    const fields = [...new Set(group.flatMap((part) => Object.keys(part.updateDraft ?? {})))]
    const ids = [...new Set(group.map((part) => part.id as string))]
    for (let start = 0; start < ids.length; start += reader.max) {
      try {
        const found = await http.drive(
          reader.byIds(ids.slice(start, start + reader.max), fields, contextOf()),
          {
            lane: context.lane,
            signal: context.signal,
          },
        )
        for (const record of found) values.set(`${name}\n${record.id}`, record.values)
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error
        // A kind of object the account does not let be read shows no "before"; the rest of the preview stands.
        if (isPassing(error.kind) || error.kind === 'unauthorized') throw new AccountTrouble('target', error)
      }
    }
  }
  return values
}

/** What would become of a record. `now`: what the target holds, of `currentValues`. */
export function previewRecord(
  work: RecordWork,
  now: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
  context: BatchContext,
): PreviewRecord {
  const parts = work.parts.map((part) => partOf(part, now, context))
  for (const gone of work.outcome === null ? goneParts(work, context) : []) {
    parts.push({
      part: gone.partKey,
      role: gone.step.role,
      object: gone.step.object,
      id: gone.id,
      foundBy: 'link',
      action: 'archive',
      fields: [],
      problem: null,
    })
  }
  const { action, reason } = actionOf(work, parts)
  return {
    externalId: work.externalId,
    label: labelOf(work),
    action,
    reason,
    parts: work.outcome === null ? parts : [],
    trace: work.traces.map((trace) => traceInWords(trace, context.flow.mapping.parts)),
  }
}

function labelOf(work: RecordWork): string {
  const record = work.record as { number?: string; name?: string; email?: string | null } | null
  if (record?.number) return `#${record.number}`
  return record?.name ?? record?.email ?? work.externalId
}

function actionOf(work: RecordWork, parts: readonly PreviewPart[]): Pick<PreviewRecord, 'action' | 'reason'> {
  const outcome = work.outcome
  if (outcome?.result === 'skipped') return { action: 'skip', reason: outcome.reason }
  if (outcome?.result === 'failed') return { action: 'fail', reason: outcome.failure.message }
  if (outcome !== null) return { action: 'unchanged', reason: null }
  if (work.native === null)
    return { action: 'update', reason: 'It was deleted at the source; the target is told.' }
  const failed = parts.find((part) => part.action === 'fail')
  if (failed) return { action: 'fail', reason: failed.problem }
  const document = parts.filter((part) => part.role === 'document')
  if (document.some((part) => part.action === 'create')) return { action: 'create', reason: null }
  if (document.length > 0 && document.every((part) => part.action === 'leave_out')) {
    return {
      action: 'skip',
      reason: document[0]?.problem ?? 'It is not in the target, and this flow does not create there.',
    }
  }
  const writes = parts.some((part) => part.action !== 'same' && part.action !== 'leave_out')
  return { action: writes ? 'update' : 'unchanged', reason: null }
}

const ACTIONS = {
  create: 'create',
  update: 'update',
  same: 'same',
  left_out: 'leave_out',
  failed: 'fail',
  planned: 'same',
  done: 'same',
  unknown: 'fail',
  later: 'fail',
} as const

function partOf(
  part: Part,
  now: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
  context: BatchContext,
): PreviewPart {
  const object = objectOf(part.object, context)
  const targetContext = context.flow.target.connection.context()
  const before = part.id === null ? undefined : now.get(`${part.object}\n${part.id}`)
  const after = (part.id === null ? part.createDraft : part.updateDraft) ?? {}
  const fields = Object.entries(after).map(([target, value]): PreviewField => {
    const was = before?.[target] ?? null
    const same = JSON.stringify(object.normalise(target, was, targetContext)) === JSON.stringify(value)
    return { target, before: was, after: value, changed: !same && part.state !== 'same' }
  })
  // What was found in the target just as it should be is written once more, which changes nothing there.
  const isEqual = part.state === 'update' && before !== undefined && !fields.some((field) => field.changed)
  return {
    part: part.partKey,
    role: part.role,
    object: part.object,
    id: part.id,
    foundBy: part.foundBy,
    action: isEqual ? 'same' : ACTIONS[part.state],
    fields,
    problem: part.problem?.message ?? null,
  }
}
