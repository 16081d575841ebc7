import {
  ask,
  authorizeUrl,
  ConnectorError,
  exchangeRequest,
  readTokens,
  refreshRequest,
  revokeRequest,
  type Tokens,
} from '@crosswalk/connectors/sdk'
import { afterEach, describe, expect, it } from 'vitest'
import { connect, keeper, openSession } from './session.ts'
import type { Subject } from './subject.ts'

/** Signing in, renewing and ending OAuth access. */
export function oauthTests(subject: Subject): void {
  const method = subject.connector.auth.methods.find((entry) => entry.kind === 'oauth2')
  if (method === undefined) return
  const side = subject.oauth
  if (side === undefined)
    throw new Error(`${subject.connector.id} signs in by OAuth: its subject has to give codes`)
  const { client, redirectUri } = side
  const { keep, closeAll } = keeper()
  afterEach(closeAll)

  const asCredentials = (tokens: Tokens, old: string) =>
    side.credentials({
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken ?? old,
      expiresAt: tokens.expiresAt ?? new Date(0).toISOString(),
    })

  /** Signs in with a code, then opens a session that renews its token by itself and counts how often. */
  async function signIn() {
    const running = keep(await side!.start())
    const now = () => running.sim.clock.now()
    const first = keep(openSession(subject, running))
    const { label } = subject.connector
    const exchange = exchangeRequest(method as never, client, { code: side!.code(running), redirectUri })
    let tokens = readTokens(await first.http.token(exchange), label, now())
    let refreshes = 0
    const session = keep(
      await connect(subject, running, {
        credentials: asCredentials(tokens, ''),
        refresh: async () => {
          refreshes += 1
          const old = tokens.refreshToken ?? ''
          tokens = readTokens(
            await first.http.token(refreshRequest(method as never, client, old)),
            label,
            now(),
          )
          return asCredentials(tokens, old)
        },
      }),
    )
    const anyCall = () => session.run(() => ask(subject.anyCall, (reply) => reply.status))
    return { running, session, anyCall, tokens: () => tokens, refreshes: () => refreshes, first }
  }

  describe('OAuth', () => {
    it('sends the user off with the documented scopes and nothing secret', () => {
      const url = authorizeUrl(method, {
        clientId: client.clientId,
        redirectUri,
        state: 'state',
        verifier: 'verifier',
      })
      expect(url).toMatch(/^https:\/\//)
      expect(url).not.toContain(client.clientSecret)
      const asked = new URL(url).searchParams
      const scopes = `${asked.get('scope')} ${asked.get('optional_scope') ?? ''}`.trim().split(' ').sort()
      expect(scopes).toEqual(method.scopes.map((entry) => entry.scope).sort())
      expect(asked.has('code_challenge')).toBe(method.pkce)
    })

    it('renews an expired token once for twenty calls at a time', async () => {
      const { running, anyCall, tokens, refreshes } = await signIn()
      const { accessToken } = tokens()
      side.expire(running, accessToken)
      const statuses = await Promise.all(Array.from({ length: 20 }, anyCall))
      expect(new Set(statuses)).toEqual(new Set([200]))
      expect(refreshes()).toBe(1)
      expect(tokens().accessToken).not.toBe(accessToken)
    })

    it('asks to connect again when the permission was withdrawn', async () => {
      const { running, anyCall, tokens } = await signIn()
      side.revoke(running, tokens().refreshToken ?? '')
      const error = await anyCall().catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ kind: 'unauthorized', publicMessage: expect.stringMatching(/connect/i) })
    })

    it.each([429, 500, 503])(
      'does not take a %i of the token endpoint for a withdrawn permission',
      async (status) => {
        const { running, anyCall, tokens } = await signIn()
        side.expire(running, tokens().accessToken)
        const path = method.tokenPath.replaceAll('/', '\\/')
        running.sim.rules.add({
          name: 'token',
          path: `^${path}$`,
          times: 1,
          action: { kind: 'status', status },
        })
        const error = await anyCall().catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(ConnectorError)
        expect(['rate_limited', 'unavailable']).toContain((error as ConnectorError).kind)
        expect(await anyCall()).toBe(200)
      },
    )

    it('ends the access when it is disconnected', async () => {
      const { tokens, anyCall, first } = await signIn()
      const request = revokeRequest(method, client, tokens().refreshToken ?? '')
      if (request === null) throw new Error('without a revocation the subject has nothing to test here')
      expect((await first.http.token(request)).status).toBeLessThan(300)
      expect(await anyCall().catch((thrown: unknown) => thrown)).toMatchObject({ kind: 'unauthorized' })
    })
  })
}
