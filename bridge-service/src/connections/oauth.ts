import {
  authorizeUrl,
  exchangeRequest,
  newState,
  readTokens,
  type OAuthClient,
} from '@crosswalk/connectors/sdk'
import { found, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { getConnection } from '../store/connections.ts'
import { OAUTH_STATE_MINUTES, saveOauthState, stateHash, takeOauthState } from '../store/oauth-states.ts'
import type { OauthStateRow } from '../store/schema.ts'
import { connectAccount, connectorOf, reconnect, type Actor, type Connected } from './connect.ts'
import { credentialsOf } from './credentials.ts'
import { methodOf } from './methods.ts'
import { checkAddress, openAccount, parseConnectorSettings } from './probe.ts'

/** A session of the console, and where the browser has it open. */
interface BrowserSession {
  id: string
  origin: string
}

/** What is remembered of a sign-in under way, beside its method. No secrets. */
interface Pending {
  settings: Record<string, unknown>
  name?: string
  connectionId?: string
  actor: string
}

const verifierPlace = (row: Pick<OauthStateRow, 'workspace_id' | 'state_hash'>) => ({
  workspaceId: row.workspace_id,
  rowId: row.state_hash,
  field: 'verifier',
})

/** The one address a vendor sends users back to; it has to be entered there exactly so. */
export const redirectUri = (config: Service['config'], connector: string): string =>
  `${config.publicUrl ?? `http://localhost:${config.port}`}/oauth/${connector}/callback`

function clientOf(service: Service, connector: { id: string; label: string }): OAuthClient {
  const client = service.config.oauthClients[connector.id]
  if (client) return client
  throw new Problem(
    'not_applicable',
    `Signing in with ${connector.label} is not set up on this bridge. Its operator sets ${connector.id.toUpperCase().replace(/-/g, '_')}_CLIENT_ID and _CLIENT_SECRET.`,
  )
}

/** Begins a sign-in: where to send the user, and until when they may come back. */
export async function startSignIn(
  service: Service,
  actor: Actor & { session?: BrowserSession },
  want: {
    connector: string
    method?: string | undefined
    name?: string | undefined
    settings: Record<string, unknown>
    connectionId?: string | undefined
  },
): Promise<{ url: string; expiresAt: string }> {
  const connector = connectorOf(service, want.connector)
  const method = methodOf(connector, 'oauth2', want.method)
  const client = clientOf(service, connector)
  const { db } = service.store
  const old =
    want.connectionId === undefined
      ? undefined
      : found(await getConnection(db, actor.workspaceId, want.connectionId), 'connection')
  if (old && old.connector !== connector.id)
    throw new Problem('conflict', `This connection is not one to ${connector.label}.`)
  const settings = parseConnectorSettings(
    connector,
    old ? { ...old.settings, ...want.settings } : want.settings,
  )
  await checkAddress(connector, settings, service)
  const state = newState()
  const verifier = method.pkce ? newState() : undefined
  const pending: Pending = {
    settings,
    actor: actor.actor,
    ...(want.name === undefined ? {} : { name: want.name }),
    ...(old ? { connectionId: old.id } : {}),
  }
  const place = verifierPlace({ workspace_id: actor.workspaceId, state_hash: stateHash(state) })
  await saveOauthState(db, {
    state,
    workspaceId: actor.workspaceId,
    connector: connector.id,
    method: method.id,
    settings: { ...pending },
    verifier: verifier === undefined ? null : service.vault.seal(verifier, place),
    sessionId: sessionToComeBackTo(actor.session, redirectUri(service.config, connector.id)),
  })
  await addAudit(db, {
    ...actor,
    action: 'oauth.started',
    subject: old?.id ?? null,
    detail: { connector: connector.id },
  })
  const url = authorizeUrl(method, {
    clientId: client.clientId,
    redirectUri: redirectUri(service.config, connector.id),
    state,
    ...(verifier === undefined ? {} : { verifier }),
  })
  return { url, expiresAt: new Date(service.clock.now() + OAUTH_STATE_MINUTES * 60_000).toISOString() }
}

/** Null where the browser has its session at another address than it will come back to: its cookie stays away then. */
const sessionToComeBackTo = (session: BrowserSession | undefined, address: string): string | null =>
  session !== undefined && session.origin === new URL(address).origin ? session.id : null

/**
 * Ends a sign-in: the state is used up first, then the code becomes tokens and the tokens a connection. One that began
 * in a session of the console ends in it, so that nobody is led to agree for somebody else's workspace.
 * @throws Problem where the state is unknown, used, too old or of another system, and where the user declined;
 *   ConnectorError where the vendor refuses
 */
export async function finishSignIn(
  service: Service,
  came: {
    connector: string
    state: string
    code: string | undefined
    error: string | undefined
    /** Of the browser it comes back with; null where that has none. */
    sessionId: string | null
  },
): Promise<Connected> {
  const row = await takeOauthState(service.store.db, came.state, came.connector)
  if (row && row.session_id !== null && row.session_id !== came.sessionId) {
    throw new Problem(
      'bad_request',
      'This sign-in was begun in another browser, or by somebody who has signed out since. Begin it again.',
    )
  }
  if (!row) {
    throw new Problem(
      'bad_request',
      'This sign-in is not known, was used already, or took longer than ten minutes. Begin it again.',
    )
  }
  const connector = connectorOf(service, row.connector)
  if (came.error !== undefined || came.code === undefined) {
    throw new Problem('bad_request', `${connector.label} was not connected: the permission was not given.`)
  }
  const method = methodOf(connector, 'oauth2', row.method)
  const client = clientOf(service, connector)
  const pending = row.settings as unknown as Pending
  const settings = parseConnectorSettings(connector, pending.settings)
  await checkAddress(connector, settings, service)
  const verifier =
    row.verifier === null ? undefined : service.vault.open(row.verifier, verifierPlace(row)).toString()
  const http = openAccount(connector, { settings, credentials: null, facts: () => ({}) }, service)
  let credentials: unknown
  try {
    const reply = await http.token(
      exchangeRequest(method, client, {
        code: came.code,
        redirectUri: redirectUri(service.config, connector.id),
        ...(verifier === undefined ? {} : { verifier }),
      }),
      { signal: AbortSignal.timeout(30_000) },
    )
    const tokens = readTokens(reply, connector.label, service.clock.now())
    credentials = credentialsOf(connector.credentials, tokens, connector.label)
  } finally {
    await http.close()
  }
  const actor = { workspaceId: row.workspace_id, actor: pending.actor }
  if (pending.connectionId === undefined) {
    return connectAccount(service, actor, { connector, settings, credentials, name: pending.name })
  }
  const old = found(
    await getConnection(service.store.db, row.workspace_id, pending.connectionId),
    'connection',
  )
  return reconnect(service, actor, old, { settings, credentials })
}
