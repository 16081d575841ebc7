import { randomUUID } from 'node:crypto'
import type { SimReply, SimRequest } from '../server.ts'
import {
  ACCESS_TOKEN_SECONDS,
  issueAccessToken,
  issueCode,
  issueRefreshToken,
  type Credentials,
  type OAuthClient,
  type RefreshToken,
} from './auth.ts'
import type { Token } from './call.ts'

const USER_ID = 71

function oauthError(status: string, error: string, message: string, code = 400): SimReply {
  return {
    status: code,
    body: { status, message, correlationId: randomUUID(), error, error_description: message },
  }
}

class OAuthRefusal extends Error {
  readonly reply: SimReply
  constructor(reply: SimReply) {
    super('refused')
    this.reply = reply
  }
}

const refuse = (...args: Parameters<typeof oauthError>): OAuthRefusal => new OAuthRefusal(oauthError(...args))

function clientOf(credentials: Credentials, form: URLSearchParams): OAuthClient {
  const client = credentials.clients.get(form.get('client_id') ?? '')
  if (!client) throw refuse('BAD_CLIENT_ID', 'invalid_client', 'missing or unknown client id')
  if (client.clientSecret !== form.get('client_secret')) {
    throw refuse('BAD_CLIENT_SECRET', 'invalid_client', 'missing or invalid client secret')
  }
  return client
}

interface OAuthContext {
  credentials: Credentials
  portalId: number
}

function answer(context: OAuthContext, client: OAuthClient, refresh: RefreshToken): SimReply {
  const access = issueAccessToken(context.credentials, client, refresh.scopes)
  return {
    status: 200,
    body: {
      token_type: 'bearer',
      token_use: 'access_token',
      access_token: access.token,
      refresh_token: refresh.token,
      expires_in: ACCESS_TOKEN_SECONDS,
      hub_id: context.portalId,
      user_id: USER_ID,
      scopes: [...refresh.scopes],
    },
  }
}

function exchange(context: OAuthContext, client: OAuthClient, form: URLSearchParams): SimReply {
  const { credentials } = context
  const key = form.get('code') ?? ''
  const code = credentials.codes.get(key)
  if (!code || code.clientId !== client.clientId || code.expiresAt <= credentials.clock.now()) {
    throw refuse('BAD_AUTH_CODE', 'invalid_grant', 'missing or unknown auth code')
  }
  if (code.redirectUri !== form.get('redirect_uri')) {
    throw refuse('BAD_REDIRECT_URI', 'invalid_grant', 'missing or mismatched redirect uri')
  }
  credentials.codes.delete(key)
  return answer(context, client, issueRefreshToken(credentials, client.clientId, code.scopes))
}

function refresh(context: OAuthContext, client: OAuthClient, form: URLSearchParams): SimReply {
  const { credentials } = context
  const known = credentials.refreshTokens.get(form.get('refresh_token') ?? '')
  if (!known || known.clientId !== client.clientId) {
    throw refuse('BAD_REFRESH_TOKEN', 'invalid_grant', 'missing or invalid refresh token')
  }
  if (!credentials.rotates) return answer(context, client, known)
  credentials.refreshTokens.delete(known.token)
  return answer(context, client, issueRefreshToken(credentials, client.clientId, known.scopes))
}

function tokenCall(context: OAuthContext, form: URLSearchParams): SimReply {
  const grant = form.get('grant_type')
  if (grant !== 'authorization_code' && grant !== 'refresh_token') {
    throw refuse('BAD_GRANT_TYPE', 'unsupported_grant_type', 'missing or unknown grant type')
  }
  const client = clientOf(context.credentials, form)
  return grant === 'refresh_token' ? refresh(context, client, form) : exchange(context, client, form)
}

/** What introspection tells of a live token; both kinds share most of it. */
function describe(context: OAuthContext, token: Token | RefreshToken): Record<string, unknown> {
  const { credentials, portalId } = context
  const client = credentials.clients.get(token.clientId ?? '')
  const access = 'kind' in token ? token : null
  const shared = {
    active: true,
    token: token.token,
    token_type: 'bearer',
    token_use: access ? 'access_token' : 'refresh_token',
    client_id: token.clientId,
    app_id: client?.appId ?? 0,
    hub_id: portalId,
    hub_domain: 'crm.example.com',
    user: 'dana@example.com',
    user_id: USER_ID,
    scopes: [...token.scopes],
  }
  if (!access) return shared
  const expiresAt = access.expiresAt ?? 0
  return {
    ...shared,
    expires_in: Math.max(0, Math.floor((expiresAt - credentials.clock.now()) / 1_000)),
    is_private_distribution: false,
    signed_access_token: {
      appId: shared.app_id,
      appInstallId: '1',
      audience: '',
      expiresAt,
      hubId: portalId,
      hublet: 'eu1',
      installingUserId: USER_ID,
      isPrivateDistribution: false,
      isServiceAccount: false,
      isUserLevel: false,
      newSignature: '',
      scopeToScopeGroupPks: '',
      scopes: '',
      signature: '',
      trialScopeToScopeGroupPks: '',
      trialScopes: '',
      userId: USER_ID,
    },
  }
}

function findToken({ credentials }: OAuthContext, key: string): Token | RefreshToken | undefined {
  const access = credentials.tokens.get(key)
  if (access && access.kind === 'oauth' && (access.expiresAt ?? 0) > credentials.clock.now()) return access
  return credentials.refreshTokens.get(key)
}

/** `token/introspect` and `token/revoke`; a token that is not alive introspects as inactive. */
function tokenTool(context: OAuthContext, form: URLSearchParams, tool: string): SimReply {
  const client = clientOf(context.credentials, form)
  const key = form.get('token') ?? ''
  const token = findToken(context, key)
  const own = token && token.clientId === client.clientId ? token : undefined
  if (tool === 'introspect') return { status: 200, body: own ? describe(context, own) : { active: false } }
  if (own) revokeToken(context.credentials, key)
  return { status: 200, body: {} }
}

/** Takes a token away; a refresh token takes its client's access tokens along. */
export function revokeToken(credentials: Credentials, key: string): void {
  const refreshToken = credentials.refreshTokens.get(key)
  if (refreshToken) {
    for (const [name, token] of credentials.tokens) {
      if (token.clientId === refreshToken.clientId) credentials.tokens.delete(name)
    }
  }
  credentials.refreshTokens.delete(key)
  credentials.tokens.delete(key)
}

/** The v1 look-ups of one token by path. */
function legacyLookup(context: OAuthContext, method: string, area: string, key: string): SimReply {
  const token = findToken(context, key)
  const access = token !== undefined && 'kind' in token
  if (!token || access !== (area === 'access-tokens')) {
    return {
      status: 404,
      body: {
        status: 'error',
        message: 'token not found',
        correlationId: randomUUID(),
        category: 'OBJECT_NOT_FOUND',
      },
    }
  }
  if (method === 'DELETE' && !access) {
    revokeToken(context.credentials, key)
    return { status: 204 }
  }
  return { status: 200, body: describe(context, token) }
}

/** The consent page without a page: whoever comes with a registered address is sent back with a code. */
function authorize(context: OAuthContext, query: URLSearchParams): SimReply {
  const redirectUri = query.get('redirect_uri') ?? ''
  const scopes = `${query.get('scope') ?? ''} ${query.get('optional_scope') ?? ''}`
    .split(/\s+/)
    .filter(Boolean)
  try {
    const target = new URL(redirectUri)
    target.searchParams.set(
      'code',
      issueCode(context.credentials, query.get('client_id') ?? '', redirectUri, scopes),
    )
    const state = query.get('state')
    if (state !== null) target.searchParams.set('state', state)
    return { status: 302, headers: { location: target.href } }
  } catch {
    return { status: 400, text: 'This client id or redirect address is not registered.' }
  }
}

/** Routes below `/oauth`; null where there is none. Parameters come as a form in the body. */
export function oauthRoutes(context: OAuthContext, request: SimRequest, rest: string[]): SimReply | null {
  if (rest.join('/') === 'authorize' && request.method === 'GET') return authorize(context, request.query)
  const [version = '', area = '', last] = rest
  if (!/^(v1|v3|\d{4}-\d{2}(-beta)?)$/.test(version)) return null
  if (version === 'v1' && area.endsWith('-tokens') && last !== undefined) {
    return legacyLookup(context, request.method, area, last)
  }
  if (area !== 'token' || request.method !== 'POST' || rest.length > 3) return null
  if (last !== undefined && last !== 'introspect' && last !== 'revoke') return null
  if (!String(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    return {
      status: 415,
      body: { status: 'error', message: 'HTTP 415 Unsupported Media Type', correlationId: randomUUID() },
    }
  }
  const form = new URLSearchParams(request.raw.toString('utf8'))
  try {
    return last === undefined ? tokenCall(context, form) : tokenTool(context, form, last)
  } catch (error) {
    if (error instanceof OAuthRefusal) return error.reply
    throw error
  }
}
