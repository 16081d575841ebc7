import { ConnectorError, isPassing } from '@crosswalk/connectors/sdk'
import type { Reach } from '../alarms/reach.ts'
import { addAudit } from '../store/audit.ts'
import { markUnauthorized } from '../store/connections.ts'
import { moveFlow } from '../store/flows.ts'
import type { AccountTrouble } from '../pipeline/batch.ts'
import type { PipelineDeps } from '../pipeline/context.ts'
import { backOff } from '../pipeline/conclude.ts'
import type { Broken } from '../pipeline/sync-records.ts'
import type { ConnectionRuntime } from '../runtime/connection-runtime.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'

const LONGEST_WAIT_MS = 60_000
/** An account that is back is noticed at the latest after this. */
export const LONGEST_BREAK_MS = 60_000
/** How soon work that waits for another batch to find out whether an account is back looks again. */
export const PROBE_WAIT_MS = 3_000

/** Failures in a row per connection, for the breaker, and per connection and flow. */
const failures = new Map<string, number>()

/** Connections that failed last, with a batch under way to find out whether they are back. */
const probed = new Set<string>()

/**
 * Lets a batch use a flow's target: of one that failed last only a single batch at a time, in this process, so that an
 * outage is not asked for by every record that waits. @returns null where another one is finding out, else what to call
 * when the batch is done
 */
export function takeTurn(flow: FlowRuntime): (() => void) | null {
  const { id } = flow.target.connection
  if (!failures.has(id)) return () => undefined
  if (probed.has(id)) return null
  probed.add(id)
  return () => void probed.delete(id)
}

/** A connection that answered a flow well closes its breaker. */
export function noteHealthy(connectionId: string, flowId: string, reach?: Reach): void {
  reach?.served(connectionId)
  failures.delete(connectionId)
  failures.delete(`${connectionId}/${flowId}`)
}

/**
 * How long the records of a flow must wait for one of its accounts, in ms; null when both may be used; `stopped` when a
 * person must act first: their marks stay, and they get jobs again when the connection goes on. With `trouble` the
 * account that failed is dealt with first: refused keys pause the connection and are told once, a busy or broken one is
 * left alone for a growing while (breaker), by all workers.
 */
export async function waitForAccount(
  flow: FlowRuntime,
  deps: PipelineDeps,
  trouble?: AccountTrouble,
): Promise<number | 'stopped' | null> {
  if (trouble)
    return await deal(
      trouble.side === 'source' ? flow.source.connection : flow.target.connection,
      trouble,
      flow,
      deps,
    )
  const ends = [flow.source.connection, flow.target.connection]
  if (ends.some((connection) => connection.row.state !== 'active')) return 'stopped'
  const blocked = new Set(deps.budget.blocked())
  for (const connection of ends) {
    if (!blocked.has(connection.id)) continue
    const { blockedMs } = await deps.budget.usage(connection.id)
    if (blockedMs > 0) return Math.min(blockedMs + 50, LONGEST_WAIT_MS)
  }
  return null
}

async function deal(
  connection: ConnectionRuntime,
  trouble: AccountTrouble,
  flow: FlowRuntime,
  deps: PipelineDeps,
): Promise<number | 'stopped'> {
  const error = trouble.cause
  if (!(error instanceof ConnectorError)) throw error
  if (error.kind === 'unauthorized') {
    const first = await markUnauthorized(
      deps.store.db,
      connection.id,
      error.publicMessage,
      error.named ?? null,
    )
    if (first) {
      await addAudit(deps.store.db, {
        workspaceId: connection.workspaceId,
        actor: 'crosswalk',
        action: 'connection.unauthorized',
        subject: connection.id,
        detail: { message: error.publicMessage },
      })
      deps.log.warn(
        { connection: connection.id },
        'connection refused our credentials; it waits for a person',
      )
    }
    return 'stopped'
  }
  if (!isPassing(error.kind)) return waitAlone(flow, connection, error, deps)
  deps.reach?.failed(connection.id, error)
  const count = (failures.get(connection.id) ?? 0) + 1
  failures.set(connection.id, count)
  const growing = Math.min(LONGEST_BREAK_MS, backOff(count - 1))
  // How long a limit lasts is known; how long an outage lasts is not, whatever pause its answers name.
  const told = error.retryAfterMs ?? 0
  const breakMs = error.kind === 'rate_limited' && told > 0 ? told : Math.max(told, growing)
  await deps.budget.blockUntil(connection.id, new Date(deps.clock.now() + breakMs))
  deps.log.warn(
    { connection: connection.id, kind: error.kind, breakMs },
    'connection is left alone for a while',
  )
  return breakMs
}

/** A list that is refused or cannot be read as such is this flow's trouble: others may use the account meanwhile. */
function waitAlone(
  flow: FlowRuntime,
  connection: ConnectionRuntime,
  error: ConnectorError,
  deps: PipelineDeps,
): number {
  const count = (failures.get(`${connection.id}/${flow.id}`) ?? 0) + 1
  failures.set(`${connection.id}/${flow.id}`, count)
  const waitMs = Math.min(LONGEST_BREAK_MS, backOff(count - 1))
  deps.log.error({ flow: flow.id, connection: connection.id, kind: error.kind, waitMs }, 'flow cannot go on')
  return waitMs
}

/** Stops a flow whose rules the target refuses as such, with one error for all its records. */
export async function pauseFlow(
  flow: FlowRuntime,
  { message: reason, cause }: Broken,
  deps: PipelineDeps,
): Promise<void> {
  const moved = await moveFlow(deps.store.db, flow.workspaceId, flow.id, 'paused', reason, 'rules', cause)
  if (!moved) return
  await addAudit(deps.store.db, {
    workspaceId: flow.workspaceId,
    actor: 'crosswalk',
    action: 'flow.paused',
    subject: flow.id,
    detail: { reason },
  })
  deps.log.warn({ flow: flow.id }, 'flow paused: its mapping no longer fits the target')
}
