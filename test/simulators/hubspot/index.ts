import type { SimClock } from '../clock.ts'
import { realClock } from '../clock.ts'
import { startServer, type SimReply, type SimRequest, type SimServer } from '../server.ts'
import { authenticate, uninstall, type Credentials } from './auth.ts'
import type { Token } from './call.ts'
import { controlRoutes, createVerbs, type Verbs } from './control.ts'
import { ApiError, errorReply, notFound, validationError } from './errors.ts'
import { createLimits, type LimitOptions, type Limits } from './limits.ts'
import { oauthRoutes } from './oauth.ts'
import { dispatch, isSearch, splitPath, type Route } from './routes.ts'
import { ALL_SCOPES, requireScope } from './scopes.ts'
import { createAccount, type Account } from './state.ts'
import { createWebhooks, type WebhookOptions, type Webhooks } from './webhooks.ts'

export { rateLimitBody } from './limits.ts'
export { signV1, signV3 } from './webhooks.ts'
export { ALL_SCOPES } from './scopes.ts'

/** A static token every simulator accepts where `tokens` is not given. */
export const DEFAULT_TOKEN = 'pat-eu1-simulator'

export interface HubSpotOptions {
  clock?: SimClock
  record?: boolean
  /** 42 by default. */
  portalId?: number
  /** Scopes of tokens that name none; all the simulator knows by default. */
  scopes?: string[]
  /** `expiresAt` in ms since the epoch; absent: never for static ones, 30 minutes from now for OAuth ones. */
  tokens?: { token: string; scopes?: string[]; kind: 'static' | 'oauth'; expiresAt?: number }[]
  clients?: { clientId: string; clientSecret: string; redirectUris: string[]; appId?: number }[]
  /** How late search shows writes, in ms; 2000 by default. */
  searchLagMs?: number
  /** null switches all limits off. */
  limits?: LimitOptions | null
  /** Whether unique custom properties can be made, per object; by default everywhere but on products. */
  allowUniqueProperties?: boolean | Record<string, boolean>
  /** Makes and advertises `hs_external_order_id` as unique; off by default. */
  uniqueExternalOrderId?: boolean
  /** Whether a refresh gives a new refresh token and ends the old one; off by default. */
  rotatesRefreshTokens?: boolean
  /** The account's currencies, its own first; EUR, USD, GBP by default. */
  currencies?: string[]
  webhooks?: WebhookOptions
  /** Numbers in [0, 1) that decide the chances of failure rules; Math.random by default. */
  random?: () => number
  port?: number
}

export type HubSpotSimulator = SimServer &
  Verbs & {
    portalId: number
    /** Set where `webhooks` is given. */
    webhooks: Webhooks | null
  }

/** App id of static tokens, `hs_object_source_id` of what they write. */
const STATIC_APP_ID = 900_001
const FIRST_APP_ID = 990_001

function createCredentials(options: HubSpotOptions, clock: SimClock): Credentials {
  const clients = (options.clients ?? []).map((client, index) => ({ appId: FIRST_APP_ID + index, ...client }))
  const given = options.tokens ?? [{ token: DEFAULT_TOKEN, kind: 'static' as const }]
  const firstApp = clients[0]
  const tokens = given.map((entry): [string, Token] => {
    const oauth = entry.kind === 'oauth'
    const token: Token = {
      token: entry.token,
      kind: entry.kind,
      scopes: new Set(entry.scopes ?? options.scopes ?? ALL_SCOPES),
      expiresAt: entry.expiresAt ?? (oauth ? clock.now() + 1_800_000 : null),
      clientId: oauth ? (firstApp?.clientId ?? 'app') : null,
      appId: oauth ? (firstApp?.appId ?? FIRST_APP_ID) : STATIC_APP_ID,
    }
    return [entry.token, token]
  })
  return {
    clients: new Map(clients.map((client) => [client.clientId, client])),
    tokens: new Map(tokens),
    refreshTokens: new Map(),
    codes: new Map(),
    rotates: options.rotatesRefreshTokens ?? false,
    clock,
  }
}

/** Bodies must be JSON and say so. @throws ApiError 400 or 415 */
function checkBody(request: SimRequest): void {
  if (request.raw.length === 0) return
  if (!String(request.headers['content-type'] ?? '').startsWith('application/json')) {
    throw new ApiError(415, 'VALIDATION_ERROR', 'HTTP 415 Unsupported Media Type')
  }
  if (request.body === undefined) throw validationError('Invalid input JSON on line 1, column 1')
}

interface Parts {
  account: Account
  credentials: Credentials
  limits: Limits
  origin: () => string
}

function answerCall(parts: Parts, route: Route, request: SimRequest): SimReply {
  const token = authenticate(parts.credentials, request.headers.authorization)
  const { refusal, headers } = parts.limits.check(token, isSearch(route))
  const withHeaders = (reply: SimReply): SimReply => ({ ...reply, headers: { ...headers, ...reply.headers } })
  if (refusal) return withHeaders(refusal)
  try {
    if (route.area === 'appinstalls') {
      requireScope(token, ['oauth'])
      if (request.method !== 'DELETE' || route.rest.join('/') !== 'external-install') throw notFound()
      if (token.clientId !== null) uninstall(parts.credentials, token.clientId)
      return withHeaders({ status: 204 })
    }
    checkBody(request)
    const call = { account: parts.account, request, token, rest: route.rest, origin: parts.origin() }
    return withHeaders(dispatch(route, call))
  } catch (error) {
    if (error instanceof ApiError) return withHeaders(errorReply(error))
    throw error
  }
}

/**
 * Starts a simulated HubSpot account on a free loopback port. It answers dated paths of any version and their v3/v4
 * aliases; besides the API there are the state verbs, here and under `POST /__sim/{verb}`.
 */
export async function startHubSpot(options: HubSpotOptions = {}): Promise<HubSpotSimulator> {
  const clock = options.clock ?? realClock()
  const portalId = options.portalId ?? 42
  const account = createAccount({
    clock,
    portalId,
    searchLagMs: options.searchLagMs ?? 2_000,
    currencies: options.currencies ?? ['EUR', 'USD', 'GBP'],
    allowUniqueProperties: options.allowUniqueProperties ?? { products: false },
    uniqueExternalOrderId: options.uniqueExternalOrderId ?? false,
  })
  const credentials = createCredentials(options, clock)
  const limits = createLimits(clock, options.limits === undefined ? {} : options.limits)
  const parts: Parts = { account, credentials, limits, origin: () => server.url }
  const verbs = createVerbs(account, credentials)
  const webhooks = options.webhooks ? createWebhooks(account, options.webhooks) : null

  const handle = (request: SimRequest): SimReply => {
    try {
      if (request.path.startsWith('/oauth/')) {
        const reply = oauthRoutes(
          { credentials, portalId },
          request,
          request.path.split('/').slice(2).map(decodeURIComponent),
        )
        if (reply) return reply
        throw notFound()
      }
      const route = splitPath(request.path)
      if (!route) throw notFound()
      return answerCall(parts, route, request)
    } catch (error) {
      if (error instanceof ApiError) return errorReply(error)
      throw error
    }
  }
  const control = { ...controlRoutes(verbs), deliverDue: () => webhooks?.deliverDue() ?? null }
  const server = await startServer({
    handle,
    control,
    clock,
    ...(options.record === undefined ? {} : { record: options.record }),
    ...(options.random === undefined ? {} : { random: options.random }),
    ...(options.port === undefined ? {} : { port: options.port }),
  })
  return Object.assign(server, verbs, { portalId, webhooks })
}
