import type { Order } from '@crosswalk/shared/model'
import { addActivity } from '../store/activity.ts'
import { addCounts } from '../store/counters.ts'
import { closeIntents } from '../store/intents.ts'
import { finishLinks, type Finished, type LinkOutcome } from '../store/links.ts'
import { releaseLeases } from '../store/records.ts'
import type { Executor, Intent, JsonObject, LinkError, LinkPart } from '../store/schema.ts'
import type { BatchContext } from './batch.ts'
import { settleCases } from './ambiguous.ts'
import { intentOf, movesOf, targetKeyOf } from './intents.ts'
import { isComplete } from './conclude.ts'
import { noteFailures } from './failures.ts'
import { keepHistory } from './history.ts'
import { refsOf, settleReserved } from './shared-parts.ts'
import type { RecordFailure, RecordOutcome, RecordWork } from './work.ts'

/** What a batch left behind: the rows stored, and which records changed again while it ran. */
export interface Linked {
  stored: readonly Finished[]
  /**
   * Records whose `want_version` moved on, or whose question was answered meanwhile: their job must be sent again in the
   * same transaction.
   */
  again: readonly string[]
  /** Records whose lease another worker has: it may have been of another flow, so this flow's job must come again. */
  fenced: readonly string[]
}

/**
 * Stores what became of a batch, inside the caller's transaction: links with their parts and hashes, shared parts,
 * history, failures, counters; gives the leases back. A record whose lease was lost meanwhile is left to its new holder.
 */
export async function link(
  tx: Executor,
  works: readonly RecordWork[],
  context: BatchContext,
): Promise<Linked> {
  const decided = works.filter((work) => work.outcome !== null && work.lease !== null)
  const related = new Set(decided.flatMap((work) => work.parts.filter((part) => part.shared && part.related)))
  await settleReserved(tx, [...related], context)
  const rows = decided.map((work) => linkRow(work, context))
  const stored = await finishLinks(tx, rows)
  const kept = new Set(stored.map((row) => row.externalId))
  const mine = decided.filter((work) => kept.has(work.externalId))
  await keepHistory(tx, mine, context)
  await noteFailures(tx, mine, context)
  await addCounts(tx, countsOf(mine, context))
  await addActivity(tx, context.flow.id, ownChanges(mine, context))
  // Records without an outcome are taken up again by somebody, who must learn what may have been made.
  if (works.every((work) => work.outcome !== null)) await closeIntents(tx, context.intents)
  await releaseLeases(
    tx,
    decided.flatMap((work) => (work.lease ? [work.lease] : [])),
  )
  const have = new Map(rows.map((row) => [row.lease.externalId, row.haveVersion]))
  const again = stored
    .filter((row) => {
      const version = have.get(row.externalId)
      return version !== undefined && row.wantVersion > version
    })
    .map((row) => row.externalId)
  const asked = await settleCases(tx, mine, context)
  const fenced = decided.filter((work) => !kept.has(work.externalId)).map((work) => work.externalId)
  return { stored, again: [...new Set([...again, ...asked])], fenced }
}

function linkRow(work: RecordWork, context: BatchContext): LinkOutcome {
  const outcome = work.outcome
  const lease = work.lease
  if (!outcome || !lease) throw new Error('a record without outcome or lease cannot be linked')
  const base = { flowId: context.flow.id, workspaceId: context.flow.workspaceId, lease, pending: pendingOf(work, context) } // prettier-ignore
  const seen = {
    ...(work.sourceHash === null ? {} : { sourceHash: work.sourceHash, rulesHash: context.flow.rulesHash }),
    ...labelOf(work),
    ...(work.record?.modifiedAt ? { sourceModifiedAt: new Date(work.record.modifiedAt) } : {}),
  }
  switch (outcome.result) {
    case 'unchanged':
      if (work.parts.length === 0) {
        return { ...base, state: work.link?.state ?? 'linked', haveVersion: lease.wantVersion, attempts: 0, nextTryAt: null, lastError: null, synced: true } // prettier-ignore
      }
      return { ...base, ...seen, ...writtenOf(work, context), state: 'linked', haveVersion: lease.wantVersion, attempts: 0, nextTryAt: null, reason: null, lastError: null, synced: true } // prettier-ignore
    case 'created':
    case 'updated':
      return { ...base, ...seen, ...writtenOf(work, context), state: 'linked', haveVersion: lease.wantVersion, attempts: 0, nextTryAt: null, reason: null, lastError: null, synced: true } // prettier-ignore
    case 'deleted':
      return { ...base, ...writtenOf(work, context), state: 'deleted', haveVersion: lease.wantVersion, attempts: 0, nextTryAt: null, reason: `${work.goneAs} at the source`, lastError: null, synced: true } // prettier-ignore
    case 'skipped':
      return { ...base, ...seen, ...(work.link?.target_id ? { summary: work.link.summary } : {}), state: 'skipped', haveVersion: lease.wantVersion, attempts: 0, nextTryAt: null, reason: outcome.reason, lastError: null } // prettier-ignore
    case 'failed':
      return {
        ...base,
        ...seen,
        ...writtenOf(work, context),
        complete: false,
        state: 'failed',
        haveVersion: lease.wantVersion,
        attempts: (work.link?.attempts ?? 0) + 1,
        nextTryAt: null,
        reason: outcome.failure.message,
        lastError: errorOf(outcome.failure),
      }
    case 'waiting':
      return {
        ...base,
        ...labelOf(work),
        ...writtenOf(work, context),
        complete: false,
        state: 'pending',
        attempts: (work.link?.attempts ?? 0) + 1,
        nextTryAt: new Date(context.clock.now() + outcome.retryInMs),
        reason: outcome.reason,
        lastError: null,
      }
  }
}

/** A failure as people see it with the record; its cause stands with the failure itself. */
function errorOf({ said: _said, ...failure }: RecordFailure): LinkError {
  return { code: failure.kind, ...failure }
}

/** What a record may be called in the store without being sealed: its number or its SKU, never a name. */
export function plainLabel(work: RecordWork): string {
  const record = work.record as { number?: string; sku?: string } | null
  return (record?.number ? `#${record.number}` : (record?.sku ?? '')).slice(0, 100)
}

function labelOf(work: RecordWork): { label?: string; summary?: JsonObject } {
  const record = work.record as Partial<Order> | null
  if (!record) return {}
  const label = plainLabel(work)
  return {
    ...(label ? { label } : {}),
    summary: {
      ...(record.totals ? { total: record.totals.total, currency: record.currency } : {}),
      ...(record.status && typeof record.status === 'object' ? { status: record.status.source } : {}),
      ...(record.createdAt ? { createdAt: record.createdAt } : {}),
      ...(work.warnings.length > 0 ? { warnings: work.warnings } : {}),
    },
  }
}

/**
 * Intents that stay open: creates of which it is not known whether they were carried out. One is closed only by the
 * part's id, or by a look that found nothing of a part that is not wanted any more, whatever else became of the record
 * meanwhile; keeping it costs a look, dropping it a second document.
 */
function pendingOf(work: RecordWork, context: BatchContext): Record<string, Intent> {
  if (!context.notesIntents) return {}
  const pending = { ...work.link?.pending }
  for (const part of work.parts) {
    if (part.shared) continue
    if (part.id !== null) {
      const moves = part.state === 'done' || part.state === 'same' ? {} : movesOf(part)
      delete pending[part.partKey]
      if (Object.keys(moves).length > 0) pending[part.partKey] = { at: context.clock.now(), key: null, moves }
    } else if (part.state === 'unknown') pending[part.partKey] = intentOf(part, context)
  }
  const settled = work.removed.filter((part) => part.state === 'done' || part.state === 'left_out')
  for (const part of settled) delete pending[part.partKey]
  if (work.outcome?.result === 'deleted') delete pending['document']
  return pending
}

/** Ids and hashes of the record's own parts after this go. */
function writtenOf(
  work: RecordWork,
  context: BatchContext,
): Pick<LinkOutcome, 'parts' | 'complete' | 'targetObject' | 'targetId' | 'targetKey'> {
  if (work.parts.length === 0) return {}
  const parts: Record<string, LinkPart> = {}
  const removed = new Set(work.removed.filter((part) => part.state === 'done').map((part) => part.partKey))
  for (const [partKey, known] of Object.entries(work.link?.parts ?? {})) {
    if (!removed.has(partKey)) parts[partKey] = known
  }
  for (const part of work.parts) {
    if (part.shared) continue
    if (part.id === null) {
      delete parts[part.partKey]
      continue
    }
    const level = part.state === 'done' || part.state === 'same'
    const hash = part.state === 'done' ? part.hash : part.writtenHash
    const refs = refsOf(part)
    parts[part.partKey] = {
      id: part.id,
      done: level,
      ...(level && hash !== null ? { hash } : {}),
      ...(Object.keys(refs).length > 0 ? { refs } : {}),
    }
  }
  const document = work.parts.find((part) => part.role === 'document')
  return {
    parts,
    complete: isComplete(work),
    ...(document ? { targetObject: document.object, ...targetKeyOf(document, context) } : {}),
    ...(document?.id ? { targetId: document.id } : {}),
  }
}

/** Changes that came by themselves; a backfill, and what a person asked for, says nothing of how the source is. */
const ownChanges = (works: readonly RecordWork[], context: BatchContext): number =>
  context.runId !== null
    ? 0
    : works.filter(({ outcome, force }) => !force && outcome !== null && isChange(outcome.result)).length

const isChange = (result: RecordOutcome['result']): boolean => result !== 'waiting' && result !== 'unchanged'

function countsOf(works: readonly RecordWork[], context: BatchContext) {
  const counts = new Map<string, number>()
  for (const work of works) {
    const result = work.outcome?.result
    if (result && isChange(result)) counts.set(result, (counts.get(result) ?? 0) + 1)
  }
  return [...counts].map(([outcome, count]) => ({
    workspaceId: context.flow.workspaceId,
    flowId: context.flow.id,
    outcome,
    count,
  }))
}
