import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Reply } from './call.ts'
import type { AuthMethod } from './connector.ts'
import { ConnectorError } from './errors.ts'
import { retryAfterOf } from './failure.ts'

type OAuth2 = Extract<AuthMethod, { kind: 'oauth2' }>

/** The app as the vendor knows it. */
export interface OAuthClient {
  clientId: string
  clientSecret: string
}

/** A form for the token endpoint. `path` is relative to the API's host, or a whole https URL. */
export interface TokenRequest {
  path: string
  headers: Record<string, string>
  form: Record<string, string>
}

/** Tokens of an answer. `refreshToken` is null where the answer brings none: the old one stays. */
export interface Tokens {
  accessToken: string
  refreshToken: string | null
  /** UTC instant by our clock; null where the answer does not tell. */
  expiresAt: string | null
  scopes: readonly string[]
  /** Plain further members (`hub_id`); no tokens. */
  extra: Readonly<Record<string, string | number>>
}

/** 256 random bits as text: for `state` and for a PKCE verifier (RFC 7636 4.1). */
export const newState = (): string => randomBytes(32).toString('base64url')

/** The S256 challenge of a PKCE verifier (RFC 7636 4.2). */
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url')

/** Where the user is sent to agree. `state` is single-use and bound to the session by the caller. */
export function authorizeUrl(
  method: OAuth2,
  want: { clientId: string; redirectUri: string; state: string; verifier?: string },
): string {
  const scopes = (optional: boolean): string =>
    method.scopes
      .filter((entry) => (entry.optional ?? false) === optional)
      .map((entry) => entry.scope)
      .join(' ')
  const url = new URL(method.authorizeUrl)
  url.searchParams.set('response_type', 'code')
  url.searchParams.set('client_id', want.clientId)
  url.searchParams.set('redirect_uri', want.redirectUri)
  url.searchParams.set('scope', scopes(false))
  if (scopes(true) !== '') url.searchParams.set('optional_scope', scopes(true))
  url.searchParams.set('state', want.state)
  if (method.pkce && want.verifier !== undefined) {
    url.searchParams.set('code_challenge', challengeOf(want.verifier))
    url.searchParams.set('code_challenge_method', 'S256')
  }
  return url.href
}

/** Code for tokens (RFC 6749 4.1.3). */
export function exchangeRequest(
  method: OAuth2,
  client: OAuthClient,
  grant: { code: string; redirectUri: string; verifier?: string },
): TokenRequest {
  return formOf(method, method.tokenPath, client, {
    grant_type: 'authorization_code',
    code: grant.code,
    redirect_uri: grant.redirectUri,
    ...(method.pkce && grant.verifier !== undefined ? { code_verifier: grant.verifier } : {}),
  })
}

/** Refresh token for tokens (RFC 6749 6). */
export const refreshRequest = (method: OAuth2, client: OAuthClient, refreshToken: string): TokenRequest =>
  formOf(method, method.tokenPath, client, { grant_type: 'refresh_token', refresh_token: refreshToken })

/** Ends a token at the vendor (RFC 7009); null where the vendor has no way to. */
export const revokeRequest = (
  method: OAuth2,
  client: OAuthClient,
  token: string,
  hint: 'refresh_token' | 'access_token' = 'refresh_token',
): TokenRequest | null =>
  method.revokePath === undefined
    ? null
    : formOf(method, method.revokePath, client, { token, token_type_hint: hint })

/** Secrets go into the body or the header, never into a URL. */
function formOf(
  method: OAuth2,
  path: string,
  client: OAuthClient,
  form: Record<string, string>,
): TokenRequest {
  if (method.clientAuth === 'body') {
    return {
      path,
      headers: {},
      form: { ...form, client_id: client.clientId, client_secret: client.clientSecret },
    }
  }
  // RFC 6749 2.3.1: both parts are form-encoded before they are joined.
  const pair = `${encodeURIComponent(client.clientId)}:${encodeURIComponent(client.clientSecret)}`
  return { path, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, form }
}

const TokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.coerce.number().positive().nullish(),
  scope: z.string().nullish(),
  scopes: z.array(z.string()).nullish(),
})

/**
 * Reads the answer of the token endpoint. `now` in milliseconds.
 * @throws ConnectorError as `tokenFailure` says, or `malformed` for a good answer without a token.
 */
export function readTokens(reply: Reply, label: string, now: number): Tokens {
  if (reply.status < 200 || reply.status >= 300) throw tokenFailure(reply, label, now)
  const read = TokenAnswer.safeParse(reply.body)
  if (!read.success) {
    throw new ConnectorError({
      kind: 'malformed',
      publicMessage: `${label} answered without an access token.`,
    })
  }
  const { access_token, refresh_token, expires_in, scope, scopes, ...others } = read.data
  const extra = Object.entries(others).filter(
    (entry): entry is [string, string | number] =>
      typeof entry[1] === 'number' || (typeof entry[1] === 'string' && !/token/i.test(entry[0])),
  )
  return {
    accessToken: access_token,
    refreshToken: refresh_token ?? null,
    expiresAt: typeof expires_in !== 'number' ? null : new Date(now + expires_in * 1_000).toISOString(),
    scopes: scopes ?? scope?.split(/[ ,]+/).filter((part) => part !== '') ?? [],
    extra: Object.fromEntries(extra),
  }
}

/** Codes that end a grant: the user has to connect again. RFC 6749 5.2 and HubSpot's own. */
const REVOKED = new Set(['invalid_grant', 'BAD_REFRESH_TOKEN', 'BAD_HUB', 'BAD_AUTH_CODE'])
/** Codes that say the app is set up wrong; no user can mend that by connecting again. */
const OUR_SETUP = new Set([
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'BAD_CLIENT_ID',
  'BAD_CLIENT_SECRET',
  'BAD_REDIRECT_URI',
  'BAD_GRANT_TYPE',
])

export type TokenVerdict = 'revoked' | 'our_setup' | 'try_later'

/** What a refused token request means. Only a clear word of the vendor ends a connection; all else is tried later. */
export function tokenVerdict(reply: Reply): { verdict: TokenVerdict; code: string | undefined } {
  const codes = codesOf(reply.body)
  // The app's own fault is looked for first: HubSpot sends `invalid_grant` beside some of its codes.
  const ours = codes.find((code) => OUR_SETUP.has(code))
  if (reply.status >= 500 || [408, 423, 429, 477].includes(reply.status))
    return { verdict: 'try_later', code: codes[0] }
  if (ours !== undefined) return { verdict: 'our_setup', code: ours }
  const revoked = codes.find((code) => REVOKED.has(code))
  return revoked === undefined
    ? { verdict: 'try_later', code: codes[0] }
    : { verdict: 'revoked', code: revoked }
}

function codesOf(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return []
  const { status, error } = body as { status?: unknown; error?: unknown }
  return [status, error].filter((code): code is string => typeof code === 'string' && /^\w{1,40}$/.test(code))
}

/** A refused token request as an error: `unauthorized` pauses the connection, `unavailable` is tried later. */
export function tokenFailure(reply: Reply, label: string, now: number): ConnectorError {
  const { verdict, code } = tokenVerdict(reply)
  const common = { status: reply.status, vendorCode: code }
  switch (verdict) {
    case 'revoked':
      return new ConnectorError({
        ...common,
        kind: 'unauthorized',
        publicMessage: `${label} has withdrawn its permission for this connection. Connect it again.`,
      })
    case 'our_setup':
      return new ConnectorError({
        ...common,
        kind: 'forbidden',
        publicMessage: `${label} does not accept this bridge's app (${code}). The operator has to correct its client id, secret or redirect address.`,
      })
    case 'try_later':
      return new ConnectorError({
        ...common,
        kind: reply.status === 429 ? 'rate_limited' : 'unavailable',
        publicMessage: `${label} could not renew the access of this connection (answer ${reply.status}). It is tried again.`,
        retryAfterMs: retryAfterOf(reply.headers['retry-after'], now),
      })
  }
}
