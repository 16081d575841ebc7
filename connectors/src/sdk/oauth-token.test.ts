import { describe, expect, it } from 'vitest'
import type { Reply } from './call.ts'
import {
  authorizeUrl,
  challengeOf,
  exchangeRequest,
  newState,
  readTokens,
  refreshRequest,
  revokeRequest,
  tokenFailure,
  tokenVerdict,
} from './oauth-token.ts'

const method = {
  id: 'oauth',
  label: 'OAuth',
  kind: 'oauth2',
  authorizeUrl: 'https://app.example.com/oauth/authorize',
  tokenPath: '/oauth/token',
  revokePath: '/oauth/revoke',
  clientAuth: 'body',
  scopes: [
    { scope: 'orders.read', reason: 'reads orders' },
    { scope: 'contacts.write', reason: 'writes contacts' },
    { scope: 'extra', reason: 'nice to have', optional: true },
  ],
  rotatesRefreshToken: 'unknown',
  pkce: true,
} as const
const client = { clientId: 'app', clientSecret: 'hush:&' }
const NOW = Date.parse('2026-01-01T00:00:00Z')
const reply = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body,
})

describe('requests', () => {
  it('sends the user off with state and an S256 challenge, and without a secret', () => {
    const url = new URL(
      authorizeUrl(method, {
        clientId: 'app',
        redirectUri: 'https://bridge.example.com/cb',
        state: 's',
        verifier: 'v',
      }),
    )
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'app',
      redirect_uri: 'https://bridge.example.com/cb',
      scope: 'orders.read contacts.write',
      optional_scope: 'extra',
      state: 's',
      code_challenge: challengeOf('v'),
      code_challenge_method: 'S256',
    })
  })

  it('makes the challenge of RFC 7636 appendix B', () => {
    expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    )
  })

  it('makes states that never repeat', () => {
    const states = new Set(Array.from({ length: 1_000 }, newState))
    expect(states.size).toBe(1_000)
    for (const state of states) expect(state).toMatch(/^[\w-]{43}$/)
  })

  it('puts the client into the body or into the header', () => {
    const grant = { code: 'c', redirectUri: 'https://bridge.example.com/cb', verifier: 'v' }
    expect(exchangeRequest(method, client, grant)).toEqual({
      path: '/oauth/token',
      headers: {},
      form: {
        grant_type: 'authorization_code',
        code: 'c',
        redirect_uri: 'https://bridge.example.com/cb',
        code_verifier: 'v',
        client_id: 'app',
        client_secret: 'hush:&',
      },
    })
    const basic = refreshRequest({ ...method, clientAuth: 'basic' }, client, 'r')
    expect(basic.form).toEqual({ grant_type: 'refresh_token', refresh_token: 'r' })
    expect(Buffer.from(basic.headers['authorization']?.slice(6) ?? '', 'base64').toString()).toBe(
      'app:hush%3A%26',
    )
  })

  it('revokes where the vendor can', () => {
    expect(revokeRequest(method, client, 'r')?.form).toMatchObject({
      token: 'r',
      token_type_hint: 'refresh_token',
    })
    const { revokePath: _, ...without } = method
    expect(revokeRequest(without, client, 'r')).toBeNull()
  })
})

describe('answers', () => {
  it('reads tokens and keeps what else is told, but no further token', () => {
    const body = {
      token_type: 'bearer',
      access_token: 'a',
      refresh_token: 'r',
      id_token: 'secret',
      expires_in: 1800,
      hub_id: 42,
      scopes: ['oauth'],
    }
    expect(readTokens(reply(200, body), 'Shop', NOW)).toEqual({
      accessToken: 'a',
      refreshToken: 'r',
      expiresAt: '2026-01-01T00:30:00.000Z',
      scopes: ['oauth'],
      extra: { hub_id: 42 },
    })
  })

  it('does with the least that RFC 6749 demands', () => {
    expect(readTokens(reply(200, { access_token: 'a', scope: 'x y' }), 'Shop', NOW)).toEqual({
      accessToken: 'a',
      refreshToken: null,
      expiresAt: null,
      scopes: ['x', 'y'],
      extra: {},
    })
  })

  it('fails loudly where the token is missing', () => {
    expect(() => readTokens(reply(200, '<html>'), 'Shop', NOW)).toThrow('without an access token')
  })

  it.each([
    ['revoked', 400, { status: 'BAD_REFRESH_TOKEN', error: 'invalid_grant' }],
    ['revoked', 400, { error: 'invalid_grant' }],
    ['revoked', 400, { status: 'BAD_HUB' }],
    ['our_setup', 401, { error: 'invalid_client' }],
    ['our_setup', 400, { status: 'BAD_CLIENT_SECRET', error: 'invalid_grant' }],
    ['our_setup', 400, { status: 'BAD_REDIRECT_URI' }],
    ['try_later', 429, { error: 'invalid_grant' }],
    ['try_later', 503, { status: 'BAD_REFRESH_TOKEN' }],
    ['try_later', 477, {}],
    ['try_later', 400, 'captcha'],
    ['try_later', 400, { status: 'error', message: 'x' }],
  ] as const)('%s: %i %j', (verdict, status, body) => {
    expect(tokenVerdict(reply(status, body)).verdict).toBe(verdict)
  })

  it('says by kind what the connection does', () => {
    expect(tokenFailure(reply(400, { error: 'invalid_grant' }), 'Shop', NOW)).toMatchObject({
      kind: 'unauthorized',
      publicMessage: expect.stringContaining('Connect it again'),
    })
    expect(tokenFailure(reply(429, {}, { 'retry-after': '7' }), 'Shop', NOW)).toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: 7_000,
    })
    expect(tokenFailure(reply(502, ''), 'Shop', NOW).kind).toBe('unavailable')
    expect(tokenFailure(reply(401, { error: 'invalid_client' }), 'Shop', NOW).kind).toBe('forbidden')
  })
})
