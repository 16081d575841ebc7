import { normaliseEmail, type Order } from '@crosswalk/shared/model'
import { addPack } from '../store/attempt-packs.ts'
import { addAttempts, type NewAttempt } from '../store/attempts.ts'
import type { Executor } from '../store/schema.ts'
import type { BatchContext } from './batch.ts'
import { describeAttempt } from './describe.ts'
import { detailOf, traceKey } from './detail.ts'
import type { RecordWork } from './work.ts'

/**
 * Appends a batch to its records' histories. Drafts and traces go into one pack for all that went well; each failed
 * record has one of its own, which is kept as long as it fails.
 */
export async function keepHistory(
  tx: Executor,
  works: readonly RecordWork[],
  context: BatchContext,
): Promise<void> {
  const told = works.filter((work) => work.outcome !== null && !isNothing(work))
  const failed = told.filter((work) => work.outcome?.result === 'failed')
  const well = told.filter((work) => work.outcome?.result !== 'failed')
  const attempts: NewAttempt[] = []
  for (const group of [...failed.map((work) => [work]), well]) {
    const pack = await packOf(tx, group, context)
    for (const work of group) attempts.push(attemptOf(work, pack, context))
  }
  await addAttempts(tx, attempts)
}

/** Nothing was done and nothing was looked at: no line for that. */
const isNothing = (work: RecordWork): boolean =>
  work.outcome?.result === 'unchanged' && work.parts.length === 0

async function packOf(
  tx: Executor,
  works: readonly RecordWork[],
  context: BatchContext,
): Promise<string | null> {
  const records = new Map<string, unknown>()
  for (const work of works) {
    if (work.parts.length > 0 || work.removed.length > 0)
      records.set(work.externalId, detailOf(work, context.flow.mapping.parts))
  }
  if (records.size === 0) return null
  const { workspaceId, id: flowId } = context.flow
  const [first] = works
  const failed = first?.outcome?.result === 'failed' ? { failedId: first.externalId } : {}
  const common = traceKey(context.flow.mapping)
  return addPack(tx, { workspaceId, flowId, ...failed }, { common, records }, context.vault)
}

/** Keyed hash of the e-mail address that a record speaks of, by which what is kept of it is found and erased. */
export function subjectOf(work: RecordWork, context: Pick<BatchContext, 'vault'>): string | null {
  const email =
    (work.record as Partial<Order> | null)?.customer?.email ??
    (work.record as { email?: string } | null)?.email
  const address = email ? normaliseEmail(email) : null
  return address === null ? null : context.vault.keyedHash(address)
}

function attemptOf(work: RecordWork, pack: string | null, context: BatchContext): NewAttempt {
  const { outcome } = work
  return {
    workspaceId: context.flow.workspaceId,
    flowId: context.flow.id,
    externalId: work.externalId,
    runId: context.runId,
    step: outcome?.result === 'failed' ? outcome.failure.step : 'link',
    outcome: outcome?.result ?? 'waiting',
    summary: describeAttempt(work),
    durationMs: context.clock.now() - work.startedAt,
    mappingVersion: context.flow.mappingVersion,
    pack,
    subjectHash: subjectOf(work, context),
  }
}
