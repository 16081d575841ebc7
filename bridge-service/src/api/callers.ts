import type { Request } from 'express'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { CALLER_ROLES, type CallerRole } from '@crosswalk/shared/contract'
import { Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { findAccessKey, touchAccessKey } from '../store/access-keys.ts'
import { senderOf } from './sender.ts'

/** Who is calling. `actor` goes into the audit. */
export interface Caller {
  workspaceId: string
  role: CallerRole
  actor: string
}

/** One way to prove who calls: `none` where the request does not try it, `refused` where the proof is wrong. */
export type CallerWay = (request: Request) => Promise<Caller | 'none' | 'refused'>

export type CallerOf = (request: Request) => Promise<Caller>

/** Wrong proofs per address before it has to wait, and for how long. */
const WRONG_TRIES = 20
const WRONG_SECONDS = 300

/** True when a role includes what another one may do. */
export const mayAct = (role: CallerRole, needed: CallerRole): boolean =>
  CALLER_ROLES.indexOf(role) >= CALLER_ROLES.indexOf(needed)

/** `Authorization: Bearer cw_…`. */
export const byAccessKey =
  (service: Pick<Service, 'store'>): CallerWay =>
  async (request) => {
    const header = request.headers.authorization
    if (header === undefined) return 'none'
    const key = /^Bearer +(cw_\w{1,100})$/i.exec(header)?.[1]
    if (key === undefined) return 'refused'
    const row = await findAccessKey(service.store.db, key)
    if (!row) return 'refused'
    await touchAccessKey(service.store.db, row.id)
    return { workspaceId: row.workspace_id, role: row.role, actor: row.id }
  }

/**
 * Finds out who calls, by the first way that the request tries. An address that gave too many wrong proofs waits, also
 * with a right one.
 * @throws Problem `unauthorized` or `rate_limited`
 */
export function createCallerOf(ways: readonly CallerWay[]): CallerOf {
  const wrong = new RateLimiterMemory({ points: WRONG_TRIES, duration: WRONG_SECONDS })
  return async (request) => {
    const address = senderOf(request)
    const seen = await wrong.get(address)
    if (seen !== null && seen.consumedPoints >= WRONG_TRIES) {
      throw new Problem('rate_limited', 'Too many wrong keys came from your address. Wait a few minutes.', {
        retryAfter: Math.max(1, Math.ceil(seen.msBeforeNext / 1_000)),
      })
    }
    for (const way of ways) {
      const caller = await way(request)
      if (caller === 'none') continue
      if (caller !== 'refused') return caller
      await wrong.penalty(address)
      throw new Problem('unauthorized', 'This key is not known here.')
    }
    throw new Problem('unauthorized', 'Say who you are: send a key as Authorization: Bearer cw_….')
  }
}
