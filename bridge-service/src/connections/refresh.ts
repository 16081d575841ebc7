import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectorById } from '@crosswalk/connectors'
import type { CauseRef } from '@crosswalk/shared/causes'
import {
  ConnectorError,
  readTokens,
  refreshRequest,
  type Connector,
  type Http,
  type OAuthClient,
} from '@crosswalk/connectors/sdk'
import type { RuntimeDeps } from '../runtime/deps.ts'
import { addAudit } from '../store/audit.ts'
import { loadConnections, markUnauthorized, updateConnection } from '../store/connections.ts'
import { releaseRefreshLock, takeRefreshLock } from '../store/refresh-locks.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { credentialsOf, openCredentials, sealCredentials } from './credentials.ts'

/** What a refresh needs. `oauthClients` are our apps at the vendors, by connector id. */
export type RefreshDeps = Pick<RuntimeDeps, 'store' | 'vault' | 'clock' | 'log'> & {
  oauthClients?: Readonly<Record<string, OAuthClient>>
  /** The registry's, where absent. */
  connector?: (id: string) => Connector | undefined
}

type TokenHttp = Pick<Http, 'token'>

/** Longer than any token call lasts, so that nobody takes the lock from one that is still calling. */
const LOCK_SECONDS = 90
const LOOK_AGAIN_MS = 150

interface OAuthCredentials {
  accessToken?: string
  refreshToken?: string
}

const flights = new Map<string, Promise<unknown>>()

/**
 * New credentials in place of the refused ones. One refresh at a time over all processes; whoever comes meanwhile gets
 * what that one stored. A rotated refresh token is stored, durably, before the new credentials are handed out. A
 * permission that was withdrawn, and an app of ours that is refused, move the connection to `unauthorized`, once.
 * @throws ConnectorError `unauthorized` (connect again, or our app is set up wrong), or one that passes
 */
export function refreshTokens(
  row: ConnectionRow,
  refused: unknown,
  http: TokenHttp,
  deps: RefreshDeps,
): Promise<unknown> {
  const name = `${deps.store.schema}/${row.id}`
  const running = flights.get(name)
  // A flight that began before ours was refused may bring just the token that was refused.
  if (running)
    return running.then((fresh) =>
      isRefused(fresh, refused) ? refreshTokens(row, refused, http, deps) : fresh,
    )
  const flight = refreshOnce(row, refused, http, deps).finally(() => flights.delete(name))
  flights.set(name, flight)
  return flight
}

const isRefused = (credentials: unknown, refused: unknown): boolean =>
  (credentials as OAuthCredentials | null)?.accessToken === (refused as OAuthCredentials | null)?.accessToken

async function refreshOnce(
  row: ConnectionRow,
  refused: unknown,
  http: TokenHttp,
  deps: RefreshDeps,
): Promise<unknown> {
  const holder = randomUUID()
  const { db } = deps.store
  for (let waited = 0; waited < LOCK_SECONDS * 1_000; waited += LOOK_AGAIN_MS) {
    const before = await stored(row, deps)
    if (!isRefused(before, refused)) return before
    if (await takeRefreshLock(db, row.id, holder, LOCK_SECONDS)) {
      try {
        // Another process may have stored new ones between the look and the lock.
        const now = await stored(row, deps)
        return isRefused(now, refused) ? await renew(row, now, http, deps) : now
      } finally {
        await releaseRefreshLock(db, row.id, holder)
      }
    }
    await sleep(LOOK_AGAIN_MS)
  }
  throw new ConnectorError({
    kind: 'unavailable',
    publicMessage:
      'The access of this connection is being renewed elsewhere and that does not come to an end.',
  })
}

/** The credentials as they are in the store now. */
async function stored(row: ConnectionRow, deps: RefreshDeps): Promise<OAuthCredentials> {
  const current = (await loadConnections(deps.store.db, [row.id])).get(row.id)
  const credentials = current ? openCredentials(current, deps.vault) : null
  if (credentials === null) {
    throw new ConnectorError({ kind: 'unauthorized', publicMessage: 'This connection was ended.' })
  }
  return credentials as OAuthCredentials
}

async function renew(
  row: ConnectionRow,
  now: OAuthCredentials,
  http: TokenHttp,
  deps: RefreshDeps,
): Promise<unknown> {
  const connector = (deps.connector ?? connectorById)(row.connector)
  const method = connector?.auth.methods.find((entry) => entry.kind === 'oauth2')
  const client = deps.oauthClients?.[row.connector]
  if (!connector || method?.kind !== 'oauth2' || !client) {
    const label = connector?.label ?? row.connector
    return refuse(
      row,
      `This bridge has no client id and secret for ${label}. The operator has to set them.`,
      deps,
    )
  }
  if (now.refreshToken === undefined) {
    return refuse(row, `${connector.label} gave no way to renew its access. Connect it again.`, deps)
  }
  try {
    const reply = await http.token(refreshRequest(method, client, now.refreshToken))
    const tokens = readTokens(reply, connector.label, deps.clock.now())
    const fresh = credentialsOf(
      connector.credentials,
      tokens,
      connector.label,
      now as Record<string, unknown>,
    )
    const saved = await updateConnection(deps.store.db, row.workspace_id, row.id, {
      credentials: sealCredentials(row, fresh, deps.vault),
    })
    if (!saved) throw new ConnectorError({ kind: 'unauthorized', publicMessage: 'This connection is gone.' })
    deps.log.info({ connection: row.id }, 'access token renewed')
    return fresh
  } catch (error) {
    // A refused app of ours (`forbidden`) stops the whole account too; as it is, parts would be left out one by one.
    if (error instanceof ConnectorError && (error.kind === 'unauthorized' || error.kind === 'forbidden')) {
      return refuse(row, error.publicMessage, deps, error.named)
    }
    throw error
  }
}

/** Marks the connection, alerts once, and throws. */
async function refuse(
  row: ConnectionRow,
  reason: string,
  deps: RefreshDeps,
  cause?: CauseRef,
): Promise<never> {
  if (await markUnauthorized(deps.store.db, row.id, reason, cause ?? null)) {
    deps.log.error({ connection: row.id }, 'permission withdrawn: the connection has to be made again')
    await addAudit(deps.store.db, {
      workspaceId: row.workspace_id,
      actor: 'bridge',
      action: 'connection.unauthorized',
      subject: row.id,
      detail: { reason },
    })
  }
  throw new ConnectorError({ kind: 'unauthorized', publicMessage: reason })
}
