import { takeOverIntents } from '../store/intents.ts'
import {
  abandonLeases,
  leaseRecords,
  recordKeyText,
  releaseLeases,
  renewLeases,
  type Lease,
} from '../store/records.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import type { RuntimeDeps } from '../runtime/deps.ts'
import { LeaseLost, type BatchContext } from './batch.ts'

/** Life of a lease beyond the longest call it must outlive. */
const LEASE_SLACK_MS = 30_000
/** Life a lease must have beyond the longest call before one goes out. */
const LEASE_MARGIN_MS = 5_000

/** What a batch is run with; the rest of its context follows. */
export interface BatchOptions {
  lane: 'live' | 'bulk'
  runId: string | null
  dryRun?: boolean
  trace: boolean
  imported?: boolean
  signal: AbortSignal
}

export interface PipelineDeps extends RuntimeDeps {
  /** Names this process and worker in leases and claims. */
  holder: string
  faultPoint: (name: string) => void
  /** False only in tests that show what intents are for. */
  notesIntents?: boolean
}

/** Longest a single try of a write may be on its way. */
const longestCall = (flow: FlowRuntime): number => flow.target.connection.connector.http.timeoutMs

const leaseTtl = (flow: FlowRuntime): number => longestCall(flow) + LEASE_SLACK_MS

/** Takes the leases of records of a flow's source: what is leased elsewhere comes back apart. */
export async function claim(
  flow: FlowRuntime,
  externalIds: readonly string[],
  deps: PipelineDeps,
): Promise<{ leases: Map<string, Lease>; elsewhere: string[] }> {
  const keys = externalIds.map((externalId) => ({
    connectionId: flow.source.connection.id,
    entity: flow.entity,
    externalId,
  }))
  const until = localEnd(flow, deps)
  const { leased, elsewhere } = await leaseRecords(deps.store.db, keys, deps.holder, leaseTtl(flow))
  await orDrop(leased, deps, () => takeOverIntents(deps.store.db, flow.id, leased.map((lease) => lease.externalId))) // prettier-ignore
  return {
    leases: new Map(leased.map((lease) => [lease.externalId, { ...lease, until }])),
    elsewhere: [...new Set(elsewhere.map((key) => key.externalId))],
  }
}

/** When leases taken or renewed from now on end, by this machine's clock: the store's may go differently. */
const localEnd = (flow: FlowRuntime, deps: PipelineDeps): Date => new Date(deps.clock.now() + leaseTtl(flow))

/** When leases end, by the clock and by the time that passes: what ends first counts. */
interface LeaseEnd {
  clock: number
  passed: number
}
const endOf = (clock: number, deps: PipelineDeps): LeaseEnd => ({
  clock,
  passed: performance.now() + (clock - deps.clock.now()),
})
/** A clock that was put back does not lengthen a lease, and a machine that slept does not stop one. */
const leftOf = (end: LeaseEnd, deps: PipelineDeps): number =>
  Math.min(end.clock - deps.clock.now(), end.passed - performance.now())

/** The context of one batch. `leases` are kept alive as calls go out; a preview has none. */
export function batchContext(
  flow: FlowRuntime,
  leases: readonly Lease[],
  options: BatchOptions,
  deps: PipelineDeps,
): BatchContext {
  let until = endOf(Math.min(...leases.map((lease) => lease.until.getTime()), Number.POSITIVE_INFINITY), deps)
  let renewing: Promise<void> | null = null
  const renew = async (): Promise<void> => {
    const end = endOf(localEnd(flow, deps).getTime(), deps)
    const renewed = await renewLeases(deps.store.db, leases, leaseTtl(flow))
    const kept = new Set(renewed.map(recordKeyText))
    if (leases.some((lease) => !kept.has(recordKeyText(lease)))) throw new LeaseLost()
    until = end
  }
  const context: BatchContext = {
    flow,
    store: deps.store,
    vault: deps.vault,
    clock: deps.clock,
    holder: deps.holder,
    lane: options.lane,
    runId: options.runId,
    dryRun: options.dryRun ?? false,
    trace: options.trace,
    imported: options.imported ?? false,
    signal: options.signal,
    wrote: false,
    busy: null,
    intents: [],
    faultPoint: deps.faultPoint,
    ...(deps.metrics ? { onStep: deps.metrics.step } : {}),
    notesIntents: deps.notesIntents ?? true,
    keepLeases: async () => {
      context.wrote = true
      if (leftOf(until, deps) >= longestCall(flow) + LEASE_MARGIN_MS) return
      renewing ??= renew().finally(() => (renewing = null))
      await renewing
    },
  }
  return context
}

/**
 * Gives up the leases of a batch that came to no end. What the holder before left open stays open, also where this batch
 * sent nothing.
 */
export async function dropLeases(
  leases: readonly Lease[],
  context: Pick<BatchContext, 'wrote' | 'store'>,
): Promise<void> {
  const open = leases.filter((lease) => context.wrote || lease.unsure)
  await abandonLeases(context.store.db, open)
  await releaseLeases(context.store.db, leases.filter((lease) => !open.includes(lease))) // prettier-ignore
}

/**
 * Does what belongs between the claim and the work. Where it fails, the leases are given up: records would else be nobody's
 * until their leases run out.
 */
export async function orDrop<T>(
  leases: readonly Lease[],
  deps: Pick<PipelineDeps, 'store'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // The store may be what failed; then they run out.
    await dropLeases(leases, { wrote: false, store: deps.store }).catch(() => undefined)
    throw error
  }
}
