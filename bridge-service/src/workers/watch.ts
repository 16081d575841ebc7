import { bridgeFactsOf } from '../connections/bridge-facts.ts'
import { lookAtIdentity } from '../connections/identity.ts'
import { ensureSubscriptions, type SubscriptionDeps } from '../connections/subscriptions.ts'
import { loadConnections } from '../store/connections.ts'
import { listActiveFlows } from '../store/flows.ts'
import type { ConnectionRow, FlowRow } from '../store/schema.ts'
import type { ConnectionRuntimes } from '../runtime/connection-runtime.ts'
import type { LiveDeps } from './live.ts'
import { requeueBehind } from './behind.ts'
import { sweepJob } from './sync-jobs.ts'

/**
 * Accounts that are looked at side by side: one that does not answer holds one of these places until its time is over, the
 * others go on.
 */
const AT_ONCE = 16

export type WatchDeps = SubscriptionDeps &
  Pick<LiveDeps, 'engine' | 'clock'> & { connections: Pick<ConnectionRuntimes, 'fromRow'> }

/**
 * A source is asked for its own address, which tells it from a copy, before anything else. @returns its row, or undefined
 * where it cannot be used
 */
async function lookAtSource(row: ConnectionRow | undefined, deps: WatchDeps): Promise<ConnectionRow | undefined> {
  const asked = row?.state === 'paused' && bridgeFactsOf(row).moved !== null
  if (row === undefined || (row.state !== 'active' && !asked)) return undefined
  const back = await lookAtIdentity(deps.connections.fromRow(row), deps)
  if (back) return back
  const now = (await loadConnections(deps.store.db, [row.id])).get(row.id)
  return now?.state === 'active' ? now : undefined
} // prettier-ignore

/** Webhooks of a source that were switched off or deleted are made again, and the gap is read at once. */
export async function lookAfterWebhooks(
  connectionId: string,
  flows: readonly FlowRow[],
  deps: WatchDeps,
): Promise<void> {
  const row = (await loadConnections(deps.store.db, [connectionId])).get(connectionId)
  if (row?.state !== 'active' || flows.length === 0) return
  const { revived } = await ensureSubscriptions(deps.connections.fromRow(row), flows, deps)
  if (revived.length === 0) return
  deps.log.warn({ connection: connectionId, revived }, 'webhooks were off or missing and are on again')
  const sweeps = flows.map((flow) => sweepJob(flow.id, flow.target_connection_id))
  await deps.engine.send(null, sweeps)
}

/** Looks after the webhooks of all sources. What is wrong with one keeps no other from being looked after. */
export async function ringWatch(deps: WatchDeps, signal: AbortSignal): Promise<void> {
  const bySource = Map.groupBy(await listActiveFlows(deps.store.db), (flow) => flow.source_connection_id)
  // One iterator for all: each takes the next that nobody has taken.
  const left = bySource.entries()
  await Promise.all(Array.from({ length: AT_ONCE }, () => lookAfterThese(left, signal, deps)))
}

async function lookAfterThese(
  sources: Iterable<[id: string, flows: FlowRow[]]>,
  signal: AbortSignal,
  deps: WatchDeps,
): Promise<void> {
  for (const [id, flows] of sources) {
    if (signal.aborted) return
    try {
      const before = (await loadConnections(deps.store.db, [id])).get(id)
      const row = await lookAtSource(before, deps)
      if (row === undefined) continue
      // What waited while it stood still goes on with it.
      if (before?.state === 'paused')
        for (const flow of flows) await requeueBehind(flow, deps, { waiting: true })
      await lookAfterWebhooks(id, flows, deps)
    } catch (error) {
      // Broken off because this process ends: that is nobody's fault.
      if (signal.aborted) return
      deps.log.error({ err: error, connection: id }, 'webhooks could not be looked after')
    }
  }
}
