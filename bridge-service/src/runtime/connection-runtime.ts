import type { Connector, Context, Facts, Http } from '@crosswalk/connectors/sdk'
import { ConnectorError, createHttp, isPassing } from '@crosswalk/connectors/sdk'
import { connectorById } from '@crosswalk/connectors'
import { getConnection } from '../store/connections.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { openCredentials } from '../connections/credentials.ts'
import { LOST_KEY_REASON } from '../connections/lost-key.ts'
import { refreshTokens } from '../connections/refresh.ts'
import type { RuntimeDeps } from './deps.ts'
import { pause } from './clock.ts'
import { createGate } from './gate.ts'

/** A connection ready for use: its connector, its HTTP side and what the connector's functions get to know. */
export interface ConnectionRuntime {
  id: string
  workspaceId: string
  /** The row this was made from; `updated_at` tells whether it is still current. */
  row: ConnectionRow
  connector: Connector
  http: Http
  context: () => Context
  facts: () => Facts
  close: () => Promise<void>
}

/** Makes a connection's runtime. Throws when its connector is unknown or its settings no longer parse. */
export function makeConnectionRuntime(row: ConnectionRow, deps: RuntimeDeps): ConnectionRuntime {
  const connector = connectorById(row.connector)
  if (!connector) throw new Error(`there is no connector "${row.connector}"`)
  const settings: unknown = connector.settings.parse(row.settings)
  const facts = (): Facts => row.facts
  // Sealed with a master key that is gone: there is a runtime all the same, so that its flows wait instead of failing.
  const readable = row.credentials === null || deps.vault.knows(row.credentials)
  let credentials: unknown = readable ? openCredentials(row, deps.vault) : null
  const hasOauth =
    connector.auth.methods.some((method) => method.kind === 'oauth2') &&
    (credentials as { refreshToken?: string } | null)?.refreshToken !== undefined
  const windows = connector.http.windows(settings, row.facts)
  const gate = createGate(deps.budget, row.id, windows)
  const http: Http = createHttp({
    connector,
    settings,
    facts,
    credentials: () => {
      if (!readable) throw new ConnectorError({ kind: 'unauthorized', publicMessage: LOST_KEY_REASON })
      return credentials
    },
    origin: row.origin,
    gate,
    allowHosts: deps.allowHosts,
    clock: { now: () => deps.clock.now(), sleep: (ms, signal) => pause(deps.clock, ms, signal) },
    ...(hasOauth
      ? {
          refresh: async (refused: unknown) => {
            credentials = await refreshTokens(row, refused, http, deps)
          },
        }
      : {}),
    onCall: (call) => {
      deps.metrics?.call(row, call)
      // A refusal is an answer too.
      if (call.failure === null || !isPassing(call.failure)) deps.reach?.answered(row.id)
    },
  })
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    row,
    connector,
    http,
    facts,
    context: () => ({ settings, facts: row.facts, origin: row.origin, now: new Date(deps.clock.now()) }),
    close: () => http.close(),
  }
}

/** How long a runtime whose row has changed (a renewed token) serves those who still have it. */
const RETIRED_MS = 5 * 60_000

/** Connections in use by this process, made anew when their row has changed. */
export interface ConnectionRuntimes {
  get: (workspaceId: string, id: string) => Promise<ConnectionRuntime>
  fromRow: (row: ConnectionRow) => ConnectionRuntime
  drop: (id: string) => void
  close: () => Promise<void>
}

export function createConnectionRuntimes(deps: RuntimeDeps): ConnectionRuntimes {
  const known = new Map<string, ConnectionRuntime>()
  const retired = new Map<ConnectionRuntime, NodeJS.Timeout>()
  // A batch or a stretch of pages that began on it goes on with it, also to calls it has yet to make.
  const retire = (runtime: ConnectionRuntime): void => {
    const end = (): void => {
      retired.delete(runtime)
      void runtime.close().catch(() => undefined)
    }
    retired.set(runtime, setTimeout(end, RETIRED_MS).unref())
  }
  const fromRow = (row: ConnectionRow): ConnectionRuntime => {
    const present = known.get(row.id)
    if (present && present.row.updated_at.getTime() === row.updated_at.getTime()) return present
    const made = makeConnectionRuntime(row, deps)
    known.set(row.id, made)
    if (present) retire(present)
    return made
  }
  return {
    fromRow,
    get: async (workspaceId, id) => {
      const row = await getConnection(deps.store.db, workspaceId, id)
      if (!row) throw new Error(`there is no connection ${id}`)
      return fromRow(row)
    },
    drop: (id) => {
      const present = known.get(id)
      known.delete(id)
      if (present) void present.close().catch(() => undefined)
    },
    close: async () => {
      for (const timer of retired.values()) clearTimeout(timer)
      await Promise.all([...known.values(), ...retired.keys()].map((runtime) => runtime.close()))
      known.clear()
    },
  }
}
