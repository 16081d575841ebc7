import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { CALLER_ROLES, type CallerRole } from '@crosswalk/shared/contract'
import { Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { findAccessKey, touchAccessKey } from '../store/access-keys.ts'
import type { SiteRow } from '../store/site-schema.ts'
import { findSite, openSiteKey, touchSite, useNonce } from '../store/sites.ts'
import { UnsealError } from '../store/vault.ts'
import { senderOf } from './sender.ts'
import { isSignature, readSignature, signatureOf } from './signature.ts'
import { expectBody } from './signed-body.ts'

/** Who is calling. `actor` goes into the audit. */
export interface Caller {
  workspaceId: string
  role: CallerRole
  actor: string
  /** Of the console, where the caller came with its cookie: `origin` is where the browser has it open. */
  session?: { id: string; origin: string }
  /** The paired site that signed the request. */
  siteId?: string
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

/** How far a signing site's clock may be from ours, in seconds. */
const CLOCK_SECONDS = 300
/** Compared against where there is no such site, so that both ways take the same time. */
const NO_KEY = randomBytes(32)

/**
 * A request signed by a paired site. The site says which of its users calls and in which role; the body is compared with
 * what was signed once it is read. @throws Problem `clock_differs`
 */
export const bySignature =
  (service: Pick<Service, 'store' | 'vault' | 'clock' | 'log'>): CallerWay =>
  async (request) => {
    const header = request.headers.authorization
    if (header === undefined || !isSignature(header)) return 'none'
    const read = readSignature(header)
    if (read === undefined) return 'refused'
    const { claims, signature } = read
    const { db } = service.store
    const site = await findSite(db, claims.siteId)
    const key = site && keyOf(site, service)
    const right = timingSafeEqual(
      signature,
      signatureOf(key ?? NO_KEY, request.method, request.originalUrl, claims),
    )
    if (!right || site === undefined || key === undefined) return 'refused'
    const ahead = claims.time - Math.floor(service.clock.now() / 1_000)
    if (Math.abs(ahead) > CLOCK_SECONDS) {
      const minutes = Math.round(Math.abs(ahead) / 60)
      throw new Problem(
        'clock_differs',
        `The site's clock is ${minutes} minutes ${ahead > 0 ? 'ahead of' : 'behind'} the bridge's; ${CLOCK_SECONDS / 60} are allowed. Set the wrong one right.`,
      )
    }
    if (!(await useNonce(db, site.id, claims.nonce))) return 'refused'
    await touchSite(db, site.id)
    expectBody(request, claims.body)
    return {
      workspaceId: site.workspace_id,
      role: claims.role,
      actor: `${site.id}/${claims.userId}`,
      siteId: site.id,
    }
  }

/** Undefined, and a line in the log, where the master key it was sealed with is gone. */
function keyOf(site: SiteRow, service: Pick<Service, 'vault' | 'log'>): Buffer | undefined {
  try {
    return openSiteKey(site, service.vault)
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error
    service.log.warn({ site: site.id }, 'the key of a paired site does not open: pair it again')
    return undefined
  }
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
