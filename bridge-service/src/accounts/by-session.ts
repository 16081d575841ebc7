import type { Request } from 'express'
import type { CallerWay } from '../api/callers.ts'
import { Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { findSession, type SessionCaller } from '../store/sessions.ts'
import { checkSameOrigin, reachedAt, sessionToken } from './reached.ts'

const READS = new Set(['GET', 'HEAD'])

type Deps = Pick<Service, 'store' | 'config' | 'clock'>

/** The session whose cookie came along: `none` without a cookie, `ended` for one that is over. */
export async function sessionOf(service: Deps, request: Request): Promise<SessionCaller | 'none' | 'ended'> {
  const token = sessionToken(request, reachedAt(request, service.config.publicUrl))
  if (token === null) return 'none'
  if (token === '') return 'ended'
  return (await findSession(service.store.db, token, new Date(service.clock.now()))) ?? 'ended'
}

/**
 * The console's session cookie. An old one is no guess at a secret, so it is told at once and not counted; what changes
 * something must come from the console's own pages.
 */
export const bySession =
  (service: Deps): CallerWay =>
  async (request) => {
    const session = await sessionOf(service, request)
    if (session === 'none') return 'none'
    if (session === 'ended') throw new Problem('unauthorized', 'Your session has ended. Sign in again.')
    const reached = reachedAt(request, service.config.publicUrl)
    if (!READS.has(request.method)) checkSameOrigin(request, reached)
    const { id, accountId, workspaceId, role } = session
    const origin = request.get('origin') ?? reached.origins[0] ?? ''
    return { workspaceId, role, actor: accountId, session: { id, origin } }
  }
