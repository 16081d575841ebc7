import type { z } from 'zod'
import type { CanonicalRecord, Entity, Order, Product } from '@crosswalk/shared/model'
import {
  productWanted,
  recordWanted,
  statusWanted,
  type CommonSettings,
  type OrderSettings,
  type ProductSettings,
} from '@crosswalk/shared/flows'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import type { LinkRow } from '../store/schema.ts'
import type { Vault } from '../store/vault.ts'
import type { BatchContext } from './batch.ts'
import { open, type RecordFailure, type RecordWork } from './work.ts'

/** What "unchanged" means: same source record, same rules, and everything in place. */
export function isLevel(link: LinkRow | null, sourceHash: string | null, rulesHash: string): boolean {
  if (!link || link.source_hash !== sourceHash || link.rules_hash !== rulesHash) return false
  return (link.state === 'linked' && link.complete) || link.state === 'skipped'
}

/** Keyed hash of what the source sent, as far as it counts. */
export const sourceHashOf = (native: unknown, flow: FlowRuntime, vault: Vault): string =>
  vault.keyedHash(JSON.stringify(flow.source.definition.fingerprint?.(native) ?? native))

/**
 * Decides which records go on: unchanged ones end here without a call, those the flow's settings leave out end as
 * `skipped` with the rule's name, and undecodable ones fail visibly.
 */
export function select(works: readonly RecordWork[], context: BatchContext): void {
  const { source, rulesHash, settings } = context.flow
  const decodeContext = source.connection.context()
  for (const work of open(works)) {
    if (work.native === null) {
      selectGone(work)
      continue
    }
    work.sourceHash ??= sourceHashOf(work.native, context.flow, context.vault)
    // A preview shows what the rules do, also where nothing would change.
    if (
      !context.dryRun &&
      !work.force &&
      work.edits === null &&
      !work.unsure &&
      !(work.reconsider && work.link?.state === 'skipped') &&
      isLevel(work.link, work.sourceHash, rulesHash)
    ) {
      const link = work.link
      work.outcome =
        link?.state === 'skipped'
          ? { result: 'skipped', reason: link.reason ?? 'left out by a rule of this flow' }
          : { result: 'unchanged' }
      continue
    }
    const shape = source.definition.native?.safeParse(work.native)
    if (shape && !shape.success) {
      work.outcome = { result: 'failed', failure: malformed(shape.error) }
      continue
    }
    try {
      work.record = source.definition.decode(work.native, decodeContext)
    } catch (error) {
      work.outcome = {
        result: 'failed',
        failure: {
          step: 'read',
          kind: 'malformed',
          message: `The record could not be read: ${error instanceof Error ? error.message : 'unknown shape'}.`,
        },
      }
      continue
    }
    if (inTrash(work, settings)) {
      // Gone for people though still readable: the target is told as if it were gone for good.
      work.native = null
      work.record = null
      selectGone(work)
      continue
    }
    if (isCancelled(work) && settings['cancelled'] === 'archive') {
      work.native = null
      work.record = null
      work.goneAs = 'cancelled'
      selectGone(work)
      continue
    }
    const reason = reasonToSkip(work, context.flow)
    if (reason !== null) work.outcome = { result: 'skipped', reason }
  }
}

/** Where the record's shape is not what the source promises; the value itself is not repeated. */
function malformed(error: z.ZodError): RecordFailure {
  const issue = error.issues[0]
  const where = issue && issue.path.length > 0 ? ` at "${issue.path.join('.')}"` : ''
  return { step: 'read', kind: 'malformed', message: `The source sent a record of an unknown shape${where}.` }
}

/** Of a product that was sent, unless the flow takes archived ones along: its SKU may be another's by now. */
const inTrash = (work: RecordWork, settings: FlowRuntime['settings']): boolean => {
  const status = (work.record as Partial<Order | Product> | null)?.status
  if (typeof status === 'object') return status.canonical === 'deleted'
  const taken = settings['statuses']
  return status === 'archived' && isBegun(work) && !(Array.isArray(taken) && taken.includes('archived'))
}

const isCancelled = (work: RecordWork): boolean => {
  const status = (work.record as Partial<Order> | null)?.status
  return typeof status === 'object' && status.canonical === 'cancelled'
}

/** In the target, or perhaps there: the answer of a create was lost. */
const isBegun = (work: RecordWork): boolean =>
  typeof work.link?.target_id === 'string' || Object.keys(work.link?.pending ?? {}).length > 0

function selectGone(work: RecordWork): void {
  if (!work.link || !isBegun(work)) {
    const reason =
      work.goneAs === 'cancelled'
        ? 'It was cancelled before it was sent.'
        : 'It is not at the source any more and was never sent.'
    work.outcome = { result: 'skipped', reason }
  } else if (work.link.state === 'deleted' && !work.unsure) {
    work.outcome = { result: 'unchanged' }
  }
}

function reasonToSkip(work: RecordWork, flow: FlowRuntime): string | null {
  const { entity, settings } = flow
  const record = work.record
  if (record === null) return null
  const linked = isBegun(work)
  // What somebody corrected by hand is to go out, also where the flow leaves alone what is there.
  if (linked && work.link?.complete && work.edits === null) {
    if (settings['existing'] === 'skip') return 'It is in the target already, and this flow does not update.'
    if (settings['existing'] === 'update_until_closed' && isClosed(work, flow)) {
      return 'It is closed in the target, and this flow leaves closed ones alone.'
    }
  }
  if (linked && isCancelled(work) && settings['cancelled'] === 'nothing') {
    return 'It was cancelled, and this flow does nothing about that in the target.'
  }
  const reason = notWanted(entity, record, settings)
  // A record that was sent and then left the filter (a cancelled order) is still kept level.
  return reason !== null && linked ? null : reason
}

/** Whether the stage that was written last, for the status it had then, is one of those that end a document. */
function isClosed(work: RecordWork, flow: FlowRuntime): boolean {
  const stages = (flow.settings['stages'] ?? {}) as Record<string, string>
  const status = work.link?.summary['status']
  const stage = typeof status === 'string' ? stages[status] : undefined
  return stage !== undefined && flow.closedStages.has(stage)
}

/** The rule of the flow that keeps a record out. Only documents of sale have a status and a buyer to be left out by. */
function notWanted(entity: Entity, record: CanonicalRecord, settings: object): string | null {
  if (entity === 'order' || entity === 'invoice')
    return statusWanted(record as Order, settings as OrderSettings)
  if (entity === 'product') return productWanted(record as Product, settings as ProductSettings)
  return recordWanted(record, settings as CommonSettings)
}
