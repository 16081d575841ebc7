import { connectorById } from '@crosswalk/connectors'
import type { Notice, RawWebhook, Webhooks } from '@crosswalk/connectors/sdk'
import type { JobEngine } from '../jobs/types.ts'
import { findConnectionsByHook } from '../store/connections.ts'
import type { ConnectionRow } from '../store/schema.ts'
import type { RuntimeDeps } from '../runtime/deps.ts'
import { within } from '../runtime/within.ts'
import { bridgeFactsOf } from '../connections/bridge-facts.ts'
import { openHookSecret } from '../connections/credentials.ts'
import { keepHookTrouble } from '../connections/hook-trouble.ts'
import { pauseForMessage } from '../connections/identity.ts'
import type { WebhookResult } from '../metrics/metrics.ts'
import { deliveryOf, storeArrivals, type Arrival } from './arrivals.ts'
import { createBatcher } from './batcher.ts'
import { createGathered } from './gathered.ts'
import { createHookTally } from './hook-tally.ts'

export interface HookAnswer {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

interface ReceiveDeps extends RuntimeDeps {
  engine: JobEngine
  faultPoint: (name: string) => void
  /** Called when a message came from another address of an account, which stands still now: the account has to be asked. */
  doubted?: (connection: ConnectionRow) => void
}

/** How long deliveries are gathered into one transaction, and how many at most. */
const GATHER_MS = 4
const GATHER_MOST = 64
/** Connections are looked up again after this time. */
const REMEMBER_MS = 1_000
/** How long the store may take to say whether there is such an address, of the 5 s that the strictest sender waits. */
const LOOK_MS = 4_000
/** As long where there was one when it was asked last. */
const LOOK_AGAIN_MS = 1_000
const LATE = Symbol('late')
/** Asked for where a delivery is refused, so that known addresses are refused as slowly as unknown ones. */
const NO_HOOK = 'no-such-hook'

const nothingThere: HookAnswer = {
  status: 404,
  body: { error: { code: 'not_found', message: 'There is nothing here.' } },
}
const notSigned: HookAnswer = {
  status: 401,
  body: { error: { code: 'unauthorized', message: 'The signature does not match.' } },
}

/** For a sender that tries again, in seconds. */
const LATER = { 'retry-after': '60' }
const noRoom: HookAnswer = {
  status: 507,
  headers: LATER,
  body: { error: { code: 'not_ready', message: 'There is no room to store this now.' } },
}
const notStored: HookAnswer = {
  status: 503,
  headers: LATER,
  body: { error: { code: 'not_ready', message: 'This cannot be stored now.' } },
}

/**
 * The inbound door for webhooks: verify over raw bytes, store, mark, send the job, and only then say 2xx. Never calls
 * another system. A sender that repeats itself is told 2xx and nothing happens again.
 */
export function createReceive(deps: ReceiveDeps) {
  const hooks = new Map<string, { at: number; connection: ConnectionRow | undefined }>()
  const lookUp = createGathered((hookIds) => findConnectionsByHook(deps.store.db, hookIds))
  const store = createBatcher(
    (arrivals: readonly Arrival[]) => storeArrivals(arrivals, deps),
    GATHER_MS,
    GATHER_MOST,
  )
  const tally = createHookTally(deps.log, deps.clock)

  async function connectionOf(hookId: string): Promise<ConnectionRow | undefined | typeof LATE> {
    const known = hooks.get(hookId)
    if (known && Math.abs(deps.clock.now() - known.at) < REMEMBER_MS) return known.connection
    const found = await within(known ? LOOK_AGAIN_MS : LOOK_MS, lookUp(hookId), LATE)
    if (found === LATE) {
      // Where the store does not answer, what it said last counts.
      if (known) known.at = deps.clock.now()
      return known?.connection ?? LATE
    }
    const connection = found?.state === 'disconnected' ? undefined : found
    // Only addresses that exist are remembered: a flood of invented ones takes no memory.
    if (connection) hooks.set(hookId, { at: deps.clock.now(), connection })
    else hooks.delete(hookId)
    return connection
  }

  /** What a source says is wrong there is kept until a whole record comes: a deletion comes without any right to read. */
  async function keepTrouble(
    connection: ConnectionRow,
    problem: string | null,
    notices: readonly Notice[],
  ): Promise<void> {
    const known = bridgeFactsOf(connection).hookTrouble
    if (problem !== null) tally('warn', connection.id, 'webhook tells of trouble', problem)
    else if (known === null || notices.every((notice) => notice.occurredAt === null)) return
    if (problem !== known) await keepHookTrouble(deps.store.db, connection.id, problem)
  }

  /** True for a message of a copy that is known as one. One from an address nobody knows holds the account up first. */
  async function isOfCopy(raw: RawWebhook, connection: ConnectionRow): Promise<boolean> {
    const told = connectorById(connection.connector)?.identity?.ofDelivery?.(raw) ?? null
    const { identity, copies } = bridgeFactsOf(connection)
    if (told === null || identity === null || told === identity) return false
    if (copies.includes(told)) return true
    const paused = await pauseForMessage(connection, told, deps)
    hooks.delete(connection.hook_id)
    if (paused) deps.doubted?.(paused)
    return false
  }

  async function receive(raw: RawWebhook, hookId: string): Promise<HookAnswer> {
    const began = performance.now()
    const connection = await connectionOf(hookId)
    if (connection === LATE) return notStored
    const webhooks = connection ? connectorById(connection.connector)?.webhooks : undefined
    const told = (result: WebhookResult): void =>
      deps.metrics?.webhook(connection?.connector ?? null, result, (performance.now() - began) / 1_000)
    if (!connection || !webhooks) {
      told('refused')
      return nothingThere
    }
    const answer = await within(webhooks.answerWithinMs, take(raw, connection, webhooks, told), LATE)
    if (answer !== LATE) return answer
    // It may be stored yet: then it is told once too often, which does no harm.
    tally('warn', connection.id, 'webhook not taken', 'the store does not answer')
    return notStored
  }

  async function take(
    raw: RawWebhook,
    connection: ConnectionRow,
    webhooks: Webhooks,
    told: (result: WebhookResult) => void,
  ): Promise<HookAnswer> {
    if (connection.hook_secret !== null && !deps.vault.knows(connection.hook_secret)) {
      // Not the sender's fault: what it tells now is read when the account is connected again.
      // What is remembered of it must not outlive that.
      hooks.delete(connection.hook_id)
      told('refused')
      return {
        status: 503,
        body: { error: { code: 'not_ready', message: 'This account has to be connected again.' } },
      }
    }
    const secret = openHookSecret(connection, deps.vault)
    const verdict = secret === null ? 'unsigned' : webhooks.verify(raw, secret, new Date(deps.clock.now()))
    if (verdict === 'ping') {
      told('ping')
      return { status: 200 }
    }
    if (verdict !== 'ok') {
      told('refused')
      tally('warn', connection.id, 'webhook refused', verdict)
      await lookUp(NO_HOOK)
      return notSigned
    }
    if (await isOfCopy(raw, connection)) {
      told('ignored')
      tally('info', connection.id, 'webhook ignored', 'it is of a copy of this account')
      return { status: 200 }
    }
    const { notices, problem, ignored } = webhooks.notices(raw)
    await keepTrouble(connection, problem, notices)
    if (notices.length === 0) {
      told('ignored')
      if (ignored !== null) tally('info', connection.id, 'webhook ignored', ignored)
      return { status: 200 }
    }
    deps.faultPoint('after-verify')
    if (!deps.store.hasRoom()) {
      tally('warn', connection.id, 'webhook not taken', 'the disk is nearly full')
      return noRoom
    }
    let result: 'new' | 'duplicate'
    try {
      result = await store({ connection, notices, delivery: deliveryOf(connection, notices, raw) })
    } catch (error) {
      deps.log.error({ err: error, connection: connection.id }, 'a webhook could not be stored')
      return notStored
    }
    told(result === 'new' ? 'accepted' : 'duplicate')
    deps.faultPoint('after-receive-commit')
    return { status: 202 }
  }

  return {
    receive,
    /** Whether webhooks may come to this address, asked before a body is read; null where the store does not answer. */
    hasHook: async (hookId: string): Promise<boolean | null> => {
      const began = performance.now()
      const connection = await connectionOf(hookId)
      if (connection !== undefined) return connection === LATE ? null : true
      deps.metrics?.webhook(null, 'refused', (performance.now() - began) / 1_000)
      return false
    },
  }
}
