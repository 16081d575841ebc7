import type { BatchContext } from '../pipeline/batch.ts'
import { subjectOf } from '../pipeline/history.ts'
import { plainLabel } from '../pipeline/link.ts'
import { syncRecords } from '../pipeline/sync-records.ts'
import { partsOf, type RecordWork } from '../pipeline/work.ts'
import { newId } from '../store/ids.ts'
import { addPayloads, sealPayload, type NewPayload } from '../store/payloads.ts'
import { addPreviewRecords, type NewPreviewRecord } from '../store/preview-records.ts'
import type { LookPage } from './look-run.ts'
import { currentValues, previewRecord, type PreviewPart, type PreviewRecord } from './preview-record.ts'
import { isInScope } from './scope.ts'

/** How long the differences are kept. */
export const PREVIEW_DAYS = 14
const DAY_MS = 86_400_000

/** A page of a preview: what would become of its records, by the same code as production, and every field that would change. */
export const previewPage: LookPage = async (works, scope, context, first) => {
  await syncRecords(works, context)
  const mine = works.filter((work) => isInScope(work, scope))
  const now = await currentValues(partsOf(mine), context)
  const looked = mine.map((work) => ({ work, record: previewRecord(work, now, context) }))
  const count = (action: PreviewRecord['action']): number =>
    looked.filter(({ record }) => record.action === action).length
  const expiresAt = new Date(context.clock.now() + PREVIEW_DAYS * DAY_MS)
  return {
    counts: {
      done: mine.length,
      created: count('create'),
      updated: count('update'),
      unchanged: count('unchanged'),
      skipped: count('skip'),
      failed: count('fail'),
    },
    store: async (tx, runId) => {
      const payloads: NewPayload[] = []
      const rows = looked.map(({ work, record }, index): NewPreviewRecord => {
        const payload = payloadOf(work, record, expiresAt, context)
        if (payload) payloads.push(payload)
        return {
          seq: first + index,
          externalId: work.externalId,
          label: plainLabel(work) || null,
          action: record.action,
          cause: causeOf(work, record),
          reason: record.reason,
          payloadId: payload?.id ?? null,
        }
      })
      await addPayloads(tx, payloads)
      await addPreviewRecords(tx, runId, rows)
    },
  }
}

/** The differences of a record, sealed: drafts hold what customers wrote. Null where there are none. */
function payloadOf(
  work: RecordWork,
  record: PreviewRecord,
  expiresAt: Date,
  context: BatchContext,
): NewPayload | null {
  const parts = record.parts.filter((part) => part.action !== 'same').map(changes)
  if (parts.length === 0) return null
  const id = newId('payload')
  const { workspaceId } = context.flow
  const sealed = sealPayload({ parts }, id, workspaceId, context.vault)
  return { id, workspaceId, subjectHash: subjectOf(work, context), kind: 'preview', sealed, expiresAt }
}

const changes = (part: PreviewPart): PreviewPart => ({
  ...part,
  fields: part.fields.filter((field) => field.changed),
})

/** The name of the rule that leaves a record out, or the kind of its failure with the field it is about. */
function causeOf(work: RecordWork, record: PreviewRecord): string | null {
  if (record.action === 'skip') return (/^([A-Z][^:.]{2,40}):/.exec(record.reason ?? '')?.[1] ?? record.reason)?.slice(0, 120) ?? null // prettier-ignore
  if (record.action !== 'fail') return null
  const { outcome } = work
  if (outcome?.result === 'failed') return outcome.failure.kind
  const problem = work.parts.find((part) => part.state === 'failed')?.problem
  if (!problem) return 'unknown'
  return problem.target === undefined ? problem.kind : `${problem.kind}:${problem.target}`
}
