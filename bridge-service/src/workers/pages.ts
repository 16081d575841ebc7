import { ConnectorError, isPassing } from '@crosswalk/connectors/sdk'
import { AccountTrouble, LeaseLost } from '../pipeline/batch.ts'
import { batchContext, dropLeases } from '../pipeline/context.ts'
import { sourceTrouble } from '../pipeline/read.ts'
import { brokenMapping, syncRecords } from '../pipeline/sync-records.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import type { Lease } from '../store/records.ts'
import type { LiveDeps } from './live.ts'
import { takeRecords } from './page-records.ts'
import { progressOf, storePage } from './page-store.ts'
import type { GoOn, OpenPage, SaveProgress, Stretch, StretchEnd } from './stretch.ts'
import { noteHealthy, pauseFlow, waitForAccount } from './trouble.ts'

/** Pages in work at once: the next ones are read and delivered while the first waits for the target. */
const PAGES_AT_ONCE = 4

/**
 * Reads pages from a source and brings their records up to date, several pages at once, each stored in the order of
 * reading together with the position after it. Goes on until `goOn` says no, the list ends, or an account must wait.
 */
export async function workPages(
  stretch: Stretch,
  save: SaveProgress,
  goOn: GoOn,
  signal: AbortSignal,
  deps: LiveDeps,
): Promise<StretchEnd> {
  let position = stretch.position
  let counted = stretch.counted
  let stored: Promise<StretchEnd | null> = Promise.resolve(null)
  const running: Promise<StretchEnd | null>[] = []
  let end: StretchEnd = { kind: 'more' }
  try {
    while (goOn.inTime()) {
      const [wanted, open] = await Promise.all([goOn.wanted(), readPage(stretch, position, signal, deps)])
      if (!wanted) break
      noteHealthy(stretch.flow.source.connection.id, stretch.flow.id, deps.reach)
      stored = workPage(stretch, open, counted, stored, save, signal, deps)
      stored.catch(() => undefined)
      running.push(stored)
      counted = []
      if (running.length >= PAGES_AT_ONCE) {
        const early = await running.shift()
        if (early) {
          end = early
          break
        }
      }
      if (open.page.next === null) {
        end = { kind: 'end' }
        break
      }
      position = open.page.next
    }
  } catch (error) {
    // Nobody may go on with this run or sweep while pages of it are still under way.
    await Promise.allSettled(running)
    if (!(error instanceof AccountTrouble)) throw error
    end = await endOf(stretch.flow, error, deps)
  }
  const pages = await Promise.allSettled(running)
  for (const page of pages) {
    if (page.status === 'rejected') throw page.reason
    const early = page.value
    if (early && (end.kind === 'more' || end.kind === 'end')) end = early
  }
  return end
}

/** How a stretch ends that an account put an end to. */
export async function endOf(flow: FlowRuntime, trouble: AccountTrouble, deps: LiveDeps): Promise<StretchEnd> {
  const wait = await waitForAccount(flow, deps, trouble)
  if (wait === 'stopped') return { kind: 'stopped' }
  const { cause, side } = trouble
  const unreadable = side === 'source' && cause instanceof ConnectorError && !isPassing(cause.kind)
  return { kind: 'wait', ms: wait ?? 1_000, ...(unreadable ? { reason: cause.publicMessage } : {}) }
}

async function readPage(
  stretch: Stretch,
  position: unknown,
  signal: AbortSignal,
  deps: LiveDeps,
): Promise<OpenPage> {
  const { source, detail } = stretch.flow
  const readAt = deps.clock.now()
  try {
    const page = await source.connection.http.drive(
      source.definition.page(
        {
          position,
          changedAfter: stretch.changedAfter,
          createdFrom: stretch.createdFrom,
          limit: Math.min(source.definition.pageSize, 100),
          detail,
        },
        source.connection.context(),
      ),
      { lane: stretch.lane, signal },
    )
    return { page, position, readAt }
  } catch (error) {
    throw sourceTrouble(error)
  }
}

/**
 * One page. Records that are level end here without a lease; the others are leased, and those held elsewhere are marked
 * and left to a job of their own. Stored after the page before it.
 */
async function workPage(
  stretch: Stretch,
  open: OpenPage,
  counted: readonly string[],
  before: Promise<StretchEnd | null>,
  save: SaveProgress,
  signal: AbortSignal,
  deps: LiveDeps,
): Promise<StretchEnd | null> {
  const { flow } = stretch
  const level: string[] = []
  const { works, elsewhere } = await takeRecords(stretch, open, level, deps)
  const leases = works.flatMap((work): Lease[] => (work.lease ? [work.lease] : []))
  const context = batchContext(
    flow,
    leases,
    { lane: stretch.lane, runId: stretch.runId, trace: true, imported: stretch.imported, signal },
    deps,
  )
  try {
    const trouble = works.length === 0 ? null : await syncRecords(works, context)
    const early = await before
    const broken = brokenMapping(works, context)
    if (broken !== null) {
      await dropLeases(leases, context)
      if (early) return early
      await pauseFlow(flow, broken, deps)
      return { kind: 'broken', reason: broken.message }
    }
    if (early) {
      // A page before this one must be done again first; this one is then read anew and found level where it was written.
      await storePage(works, context, null, deps)
      return early
    }
    const again = trouble !== null && !trouble.decided
    const progress = progressOf(open, works, level, elsewhere, counted, again)
    await storePage(works, context, { progress, save, again }, deps)
    deps.metrics?.unchanged(flow.id, level.length)
    deps.faultPoint('after-page')
    if (trouble) return await endOf(flow, trouble, deps)
    if (works.length > 0) noteHealthy(flow.target.connection.id, flow.id, deps.reach)
    return null
  } catch (error) {
    await dropLeases(leases, context)
    const early = await before
    if (early) return early
    if (error instanceof LeaseLost) return { kind: 'wait', ms: 1_000 }
    if (!(error instanceof AccountTrouble)) throw error
    return await endOf(flow, error, deps)
  }
}
