import type { CauseRef } from '@crosswalk/shared/causes'
import { pairsOf } from './associate.ts'
import { AccountTrouble, timed, type BatchContext } from './batch.ts'
import { compare } from './compare.ts'
import { conclude, concludeFailed } from './conclude.ts'
import { deliver, layGone } from './deliver.ts'
import { failureCause, waitsFor } from './failure-cause.ts'
import { findLeftBehind } from './left-behind.ts'
import { markDeleted } from './mark-deleted.ts'
import { map } from './map.ts'
import { plan } from './plan.ts'
import { read } from './read.ts'
import { resolve } from './resolve.ts'
import { leaveOutErased } from './leave-out-erased.ts'
import { select } from './select.ts'
import { open, partsOf, type RecordWork } from './work.ts'

/** Soonest next try of a record whose account took nothing; the account itself is left alone for longer. */
const OUTAGE_RETRY_MS = 5_000

/**
 * Takes records from `read` up to, not including, `link`: the way of a record in one sentence. In a dry run it ends after
 * `compare` with nothing written. Trouble while reading (`AccountTrouble`) and lost leases come out as errors, with the
 * records undecided. Everything else is an outcome on its record; trouble of the target while writing is returned too,
 * with what was written kept and the rest waiting.
 */
export async function syncRecords(
  works: readonly RecordWork[],
  context: BatchContext,
): Promise<AccountTrouble | null> {
  await lookUp(works, context)
  await timed('map', context, () => map(works, context))
  await timed('compare', context, () => compare(works))
  if (context.dryRun) return null
  concludeFailed(works)
  layGone(works, context)
  const trouble = await timed('deliver', context, () => write(works, context))
  for (const work of open(works)) work.outcome = conclude(work)
  context.faultPoint('before-link')
  return trouble ?? outage(works, context)
}

/** The first half of it: reads the records, decides which of them go on, and finds what they need. Reads only. */
export async function lookUp(works: readonly RecordWork[], context: BatchContext): Promise<void> {
  await timed('read', context, () => read(works, context))
  context.faultPoint('after-read')
  await timed('select', context, async () => {
    select(works, context)
    await leaveOutErased(works, context)
  })
  await timed('resolve', context, async () => {
    plan(works, context)
    await resolve(works, context)
    await findLeftBehind(works, context)
  })
}

/** Writes; when the account fails on the way, what is not written waits and what is written is kept. */
async function write(works: readonly RecordWork[], context: BatchContext): Promise<AccountTrouble | null> {
  try {
    await markDeleted(works, context)
    await deliver(works, context)
    return null
  } catch (error) {
    if (!(error instanceof AccountTrouble)) throw error
    for (const work of open(works)) {
      if (work.native === null)
        work.outcome = {
          result: 'waiting',
          reason: error.message,
          retryInMs: 2_000,
          waits: waitsFor(error.cause),
        }
    }
    postponeRest(works, error, context)
    return error
  }
}

/** A target that took nothing at all of a batch is left alone for a while; one call that failed among others is not. */
function outage(works: readonly RecordWork[], context: BatchContext): AccountTrouble | null {
  if (context.busy === null) return null
  const wrote = works.some((work) => work.parts.concat(work.removed).some((part) => part.wrote !== null))
  if (wrote) return null
  // How long to wait is the account's affair, not that of each record by how often it was tried.
  for (const { outcome } of works) {
    if (outcome?.result === 'waiting') outcome.retryInMs = Math.min(outcome.retryInMs, OUTAGE_RETRY_MS)
  }
  return new AccountTrouble('target', context.busy, true)
}

/** What was not come to: parts to write, associations of parts that stand, lines to take away. */
function postponeRest(works: readonly RecordWork[], error: AccountTrouble, context: BatchContext): void {
  const parts = partsOf(works)
  const unrelated = pairsOf(parts, context).map((pair) => pair.part)
  const unwritten = parts
    .concat(open(works).flatMap((work) => work.removed))
    .filter((part) => part.state === 'create' || part.state === 'update' || part.state === 'planned')
  for (const part of unwritten.concat(unrelated)) {
    part.state = 'later'
    part.problem = { kind: 'unavailable', message: error.message, waits: waitsFor(error.cause) }
  }
}

/** Why a flow must stop: its rules no longer fit the target. */
export interface Broken {
  message: string
  cause: CauseRef
}

/** A part refused in a way that will refuse every record alike: the flow must stop, not fail ten thousand records. */
export function brokenMapping(
  works: readonly RecordWork[],
  { flow }: Pick<BatchContext, 'flow'>,
): Broken | null {
  for (const work of works) {
    for (const { problem, role } of work.parts) {
      if (!problem?.breaksMapping) continue
      return {
        message: problem.message,
        cause: failureCause({ step: 'deliver', part: role, ...problem }, flow),
      }
    }
  }
  return null
}
