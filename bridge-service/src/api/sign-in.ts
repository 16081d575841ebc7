import type { Request, Response, Router } from 'express'
import type { z } from 'zod'
import { signIn, type Endpoint } from '@crosswalk/shared/contract'
import { acceptInvitation, lookAt } from '../accounts/accept-invitation.ts'
import { sessionOf } from '../accounts/by-session.ts'
import { checkNewPassword } from '../accounts/password-rules.ts'
import { allowTry, rightTry } from '../accounts/patience.ts'
import {
  checkSameOrigin,
  clearSessionCookie,
  reachedAt,
  setSessionCookie,
  type Reached,
} from '../accounts/reached.ts'
import { checkSetUpCode, createOwner, isSetUp } from '../accounts/set-up.ts'
import { beginSession, giveCode, signInWith, type Begun, type From } from '../accounts/sign-in.ts'
import { Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { getAccount } from '../store/accounts.ts'
import { addAudit } from '../store/audit.ts'
import { endSession } from '../store/sessions.ts'
import { bodySteps, checkedAnswer, inputOf } from './mount.ts'
import { senderOf } from './sender.ts'

const OBSTACLE =
  'Signing in needs https, or a browser on the bridge’s own machine (localhost): here a password would travel in the open. Open the bridge’s https address.'

/** One call of the console's way in. */
interface Call<E extends Endpoint> {
  body: E['body'] extends z.ZodType ? z.output<E['body']> : undefined
  request: Request
  response: Response
  reached: Reached
  from: From
}
type Way<E extends Endpoint> = (call: Call<E>) => Promise<z.input<E['response']>>
type Ways = { [N in keyof typeof signIn]: Way<(typeof signIn)[N]> }

/**
 * The console's way in, beside the contract's endpoints: it asks for no caller, and its answers set or clear the cookie.
 * All but the look at who is signed in must come from the console's own pages.
 */
export function mountSignIn(router: Router, service: Service): void {
  const ways = createWays(service)
  for (const [name, endpoint] of Object.entries(signIn) as [keyof Ways, Endpoint][]) {
    const way = ways[name] as unknown as Way<Endpoint>
    const isRead = endpoint.method === 'GET'
    const guard = (request: Request, _response: Response, next: () => void): void => {
      const reached = reachedAt(request, service.config.publicUrl)
      if (!isRead) checkSameOrigin(request, reached)
      if (!isRead && reached.cookie === null) throw new Problem('forbidden', OBSTACLE)
      next()
    }
    const answer = async (request: Request, response: Response): Promise<void> => {
      const body = inputOf(endpoint, request).body as never
      const reached = reachedAt(request, service.config.publicUrl)
      const from = { sender: senderOf(request), agent: request.get('user-agent') ?? '' }
      const result = await way({ body, request, response, reached, from })
      response.status(endpoint.status).json(checkedAnswer(endpoint, `signIn.${name}`, result))
    }
    const verb = endpoint.method.toLowerCase() as 'get' | 'post' | 'delete'
    router[verb](endpoint.path, guard, ...(endpoint.body === undefined ? [] : bodySteps), answer)
  }
}

function createWays(service: Service): Ways {
  const { store, passwords } = service

  /** Ends the session this browser had, for each sign-in has one of its own. */
  async function leave(request: Request): Promise<void> {
    const old = await sessionOf(service, request)
    if (old === 'none' || old === 'ended') return
    await store.db.transaction().execute(async (tx) => {
      await endSession(tx, old.accountId, old.id)
      await addAudit(tx, { workspaceId: old.workspaceId, actor: old.accountId, action: 'session.ended', subject: old.id }) // prettier-ignore
    })
  }
  async function enter(call: Call<Endpoint>, begun: Begun) {
    await leave(call.request)
    setSessionCookie(call.response, call.reached, begun.token)
    return { state: 'signed_in' as const, recoveryCodesLeft: begun.recoveryCodesLeft }
  }

  return {
    session: async ({ request, response, reached }) => {
      const setUp = await isSetUp(service)
      const obstacle = reached.cookie === null ? OBSTACLE : null
      const session = await sessionOf(service, request)
      if (session === 'none') return { account: null, setUp, obstacle }
      const row =
        session === 'ended' ? undefined : await getAccount(store.db, session.workspaceId, session.accountId)
      if (!row) {
        clearSessionCookie(response, reached)
        return { account: null, setUp, obstacle }
      }
      const { id, name, email, role } = row
      return { account: { id, name, email, role }, setUp, obstacle }
    },

    setUp: async (call) => {
      const { code, email, name, password } = call.body
      await allowTry(service, `sender:${call.from.sender}`)
      const workspaceId = await checkSetUpCode(service, code)
      await rightTry(service, `sender:${call.from.sender}`)
      await checkNewPassword(password, email)
      const account = await createOwner(service, workspaceId, {
        email,
        name,
        password: await passwords.hash(password),
      })
      return enter(call, await beginSession(service, account, call.from, 'set-up'))
    },

    signIn: async (call) => {
      const result = await signInWith(service, call.from, call.body)
      if ('token' in result) return enter(call, result)
      return { state: 'second_factor', ticket: result.ticket, expiresAt: result.expiresAt.toISOString() }
    },

    secondFactor: async (call) => enter(call, await giveCode(service, call.from, call.body)),

    signOut: async ({ request, response, reached }) => {
      await leave(request)
      clearSessionCookie(response, reached)
      return { ended: true }
    },

    lookAtInvitation: async ({ body, from }) => {
      await allowTry(service, `sender:${from.sender}`)
      const { row, account } = await lookAt(service, body.code)
      await rightTry(service, `sender:${from.sender}`)
      const { kind, email, role } = row
      return { kind, email, role, name: account?.name ?? null, expiresAt: row.expires_at.toISOString() }
    },

    acceptInvitation: async (call) => {
      await allowTry(service, `sender:${call.from.sender}`)
      const { code, name, password } = call.body
      const account = await acceptInvitation(service, { code, name, password })
      await rightTry(service, `sender:${call.from.sender}`)
      return enter(call, await beginSession(service, account, call.from, 'invitation'))
    },
  }
}
