import type { ConnectionRuntime } from '../runtime/connection-runtime.ts'
import type { RuntimeDeps } from '../runtime/deps.ts'
import { addAudit } from '../store/audit.ts'
import { loadConnections, updateConnection } from '../store/connections.ts'
import type { ConnectionRow, Executor } from '../store/schema.ts'
import { bridgeFactsOf, withBridgeFacts, type BridgeFacts, type MovedFact } from './bridge-facts.ts'

type Deps = Pick<RuntimeDeps, 'store' | 'clock' | 'log' | 'leaving'>

/** An account is asked for its address on the side: nothing waits for it. */
const LOOK_MS = 20_000

/** What a look at an account's own address changes: facts, and whether the connection stands still or goes on. */
export interface IdentityChange {
  facts: Partial<BridgeFacts>
  state?: 'active' | 'paused'
  stateReason?: string | null
}

const askedReason = (from: string, to: string): string =>
  `This account calls itself ${to} now; it was connected as ${from}. Say whether it has moved or is a copy.`

const copyReason = (to: string): string => `It is a copy (${to}): nothing is taken from it.`

/** Why a connection stands still for its address; null where it does not. */
export function reasonToAsk(row: Pick<ConnectionRow, 'facts'>): string | null {
  const { identity, moved } = bridgeFactsOf(row)
  if (moved === null) return null
  return moved.answer === 'copy' ? copyReason(moved.to) : askedReason(identity ?? '', moved.to)
}

/**
 * What follows from what an account calls itself. Another address than it had pauses the connection until a person says
 * what it is; the address it had, while nobody has answered, means that it never was another, or is so no longer.
 * @param told null where the account does not tell, which changes nothing
 * @param person true where somebody looks on purpose, which also takes an answer back that is not true any more
 */
export function identityChange(
  row: Pick<ConnectionRow, 'facts' | 'state'>,
  told: string | null,
  at: string,
  person = false,
): IdentityChange | null {
  const { identity, moved, copies } = bridgeFactsOf(row)
  if (told === null) return null
  if (identity === null) return { facts: { identity: told } }
  if (told === identity) {
    if (moved === null || (moved.answer !== null && !person)) return null
    // Only a message called itself otherwise: that came from a copy, which is of no concern to the account.
    const more = moved.toldBy === 'message' ? { copies: [...new Set([...copies, moved.to])] } : {}
    const on = row.state === 'paused' ? { state: 'active' as const, stateReason: null } : {}
    return { facts: { moved: null, ...more }, ...on }
  }
  if (moved?.to === told && (moved.toldBy === 'account' || moved.answer !== null)) return null
  const now: MovedFact = { to: told, since: moved?.to === told ? moved.since : at, toldBy: 'account', answer: null }
  return { facts: { moved: now }, ...pausing(row, identity, told) }
} // prettier-ignore

/** A sign-in that is refused or ended stays so: what is asked shows once that is put right. */
const pausing = (
  row: Pick<ConnectionRow, 'state'>,
  from: string,
  to: string,
): Omit<IdentityChange, 'facts'> =>
  row.state === 'active' || row.state === 'paused'
    ? { state: 'paused', stateReason: askedReason(from, to) }
    : {}

/** Asks an account what it calls itself, and keeps what follows. @returns the row, where it may be used again */
export async function lookAtIdentity(
  connection: Pick<ConnectionRuntime, 'id' | 'connector' | 'http' | 'context'>,
  deps: Deps,
): Promise<ConnectionRow | null> {
  const { identity } = connection.connector
  if (!identity) return null
  const leaving = deps.leaving ? [deps.leaving] : []
  const signal = AbortSignal.any([AbortSignal.timeout(LOOK_MS), ...leaving])
  const told = await connection.http
    .drive(identity.read(connection.context()), { signal })
    .catch((error: unknown) => {
      if (deps.leaving?.aborted) throw error
      // Whether it answers at all is others' concern.
      return null
    })
  const at = new Date(deps.clock.now()).toISOString()
  return deps.store.db.transaction().execute(async (tx) => {
    const row = (await loadConnections(tx, [connection.id])).get(connection.id)
    const change = row ? identityChange(row, told, at) : null
    if (!row || !change) return null
    const saved = await saveChange(tx, row, change)
    if (change.facts.moved)
      deps.log.warn({ connection: row.id }, 'an account calls itself by another address')
    return change.state === 'active' ? (saved ?? null) : null
  })
}

async function saveChange(tx: Executor, row: ConnectionRow, change: IdentityChange): Promise<ConnectionRow | undefined> {
  const { facts, state, stateReason } = change
  if (state !== undefined && state !== row.state) {
    const action = state === 'paused' ? 'connection.moved' : 'connection.not_moved'
    await addAudit(tx, { workspaceId: row.workspace_id, actor: 'crosswalk', action, subject: row.id, detail: { to: facts.moved?.to ?? null } }) // prettier-ignore
  }
  return updateConnection(tx, row.workspace_id, row.id, {
    facts: withBridgeFacts(row.facts, row, facts),
    ...(state === undefined ? {} : { state }),
    ...(stateReason === undefined ? {} : { stateReason }),
  })
} // prettier-ignore

/**
 * A verified message came from an account of another address: the connection stands still before the record that it tells
 * of is read, until the account itself has been asked.
 * @returns the row as it is now, for the one caller that paused it
 */
export async function pauseForMessage(
  row: ConnectionRow,
  told: string,
  deps: Deps,
): Promise<ConnectionRow | null> {
  const since = new Date(deps.clock.now()).toISOString()
  return deps.store.db.transaction().execute(async (tx) => {
    const now = (await loadConnections(tx, [row.id])).get(row.id)
    const { identity, copies } = bridgeFactsOf(now ?? row)
    if (now?.state !== 'active' || identity === null || copies.includes(told)) return null
    const moved: MovedFact = { to: told, since, toldBy: 'message', answer: null }
    const saved = await saveChange(tx, now, { facts: { moved }, ...pausing(now, identity, told) })
    deps.log.warn({ connection: row.id }, 'a message came from another address of this account')
    return saved ?? null
  })
}
