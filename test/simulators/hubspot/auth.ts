import { randomBytes } from 'node:crypto'
import type { SimClock } from '../clock.ts'
import type { Token } from './call.ts'
import { ApiError } from './errors.ts'

export interface OAuthClient {
  clientId: string
  clientSecret: string
  redirectUris: string[]
  appId: number
}

export interface RefreshToken {
  token: string
  clientId: string
  scopes: ReadonlySet<string>
}

interface Code {
  clientId: string
  redirectUri: string
  scopes: ReadonlySet<string>
  expiresAt: number
}

/** Lifetime of an access token, in seconds. */
export const ACCESS_TOKEN_SECONDS = 1_800
const CODE_MS = 600_000

/** Tokens, codes and clients of one account. */
export interface Credentials {
  clients: Map<string, OAuthClient>
  tokens: Map<string, Token>
  refreshTokens: Map<string, RefreshToken>
  codes: Map<string, Code>
  rotates: boolean
  clock: SimClock
}

const random = (prefix: string): string => prefix + randomBytes(24).toString('base64url')

/** Makes a code as the consent page does; it works once, for ten minutes. @throws Error for an unknown client or address */
export function issueCode(
  credentials: Credentials,
  clientId: string,
  redirectUri: string,
  scopes: Iterable<string>,
): string {
  const client = credentials.clients.get(clientId)
  if (!client) throw new Error(`unknown client ${clientId}`)
  if (!client.redirectUris.includes(redirectUri))
    throw new Error(`redirect address ${redirectUri} is not registered`)
  const code = random('na1-')
  const expiresAt = credentials.clock.now() + CODE_MS
  credentials.codes.set(code, { clientId, redirectUri, scopes: new Set(['oauth', ...scopes]), expiresAt })
  return code
}

/** Makes an access token for a client. */
export function issueAccessToken(
  credentials: Credentials,
  client: OAuthClient,
  scopes: ReadonlySet<string>,
): Token {
  const token: Token = {
    token: random('CJ'),
    kind: 'oauth',
    scopes,
    expiresAt: credentials.clock.now() + ACCESS_TOKEN_SECONDS * 1_000,
    clientId: client.clientId,
    appId: client.appId,
  }
  credentials.tokens.set(token.token, token)
  return token
}

export function issueRefreshToken(
  credentials: Credentials,
  clientId: string,
  scopes: ReadonlySet<string>,
): RefreshToken {
  const token = { token: random('eu1-'), clientId, scopes }
  credentials.refreshTokens.set(token.token, token)
  return token
}

/** Takes every token of a client away, as an uninstall does. */
export function uninstall(credentials: Credentials, clientId: string): void {
  for (const [key, token] of credentials.tokens)
    if (token.clientId === clientId) credentials.tokens.delete(key)
  for (const [key, token] of credentials.refreshTokens)
    if (token.clientId === clientId) credentials.refreshTokens.delete(key)
}

/** The token of a call's `Authorization` header. @throws ApiError 401 */
export function authenticate(credentials: Credentials, header: string | undefined): Token {
  const bearer = /^Bearer (\S+)$/i.exec(header ?? '')?.[1]
  const token = bearer === undefined ? undefined : credentials.tokens.get(bearer)
  if (!token) {
    throw new ApiError(
      401,
      'INVALID_AUTHENTICATION',
      'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at ' +
        'https://developers.hubspot.com/docs/methods/auth/oauth-overview',
    )
  }
  const late = credentials.clock.now() - (token.expiresAt ?? Number.POSITIVE_INFINITY)
  if (late >= 0) {
    const message = `The OAuth token used to make this call expired ${Math.floor(late / 1_000)} second(s) ago.`
    const context = { 'expire time': [new Date(token.expiresAt ?? 0).toISOString()] }
    throw new ApiError(401, 'EXPIRED_AUTHENTICATION', message, { context })
  }
  return token
}
