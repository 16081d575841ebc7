import { connectorById } from '@crosswalk/connectors'
import { openCredentials } from '../../connections/credentials.ts'
import { loadConnections } from '../../store/connections.ts'
import { connectionOf, connectionTrouble, solvedIf, type Cause, type LookDeps } from '../cause.ts'
import type { WatchedConnection } from '../world.ts'

const DAY_MS = 24 * 3_600_000

/**
 * When a sign-in ends for good, in ms; null where it renews itself or does not end. A connector that knows better says so
 * itself (`auth.endsAt`); else what the sign-in told counts: a token that is renewed has a refresh token beside it.
 */
export function endOfAccess(connector: string, credentials: unknown): number | null {
  const own = connectorById(connector)?.auth.endsAt
  const known = (credentials ?? {}) as {
    refreshToken?: unknown
    refreshExpiresAt?: unknown
    expiresAt?: unknown
  }
  const told = own
    ? own(credentials)
    : (known.refreshExpiresAt ?? (known.refreshToken === undefined ? known.expiresAt : null))
  const at = typeof told === 'string' ? Date.parse(told) : NaN
  return Number.isNaN(at) ? null : at
}

/** Ends of sign-ins, looked up again only where a connection has changed: opening secrets is work. */
export function createEnding(): Cause {
  const known = new Map<string, { updatedAt: number; endsAt: number | null }>()

  async function learn(connections: readonly WatchedConnection[], { store, vault }: LookDeps): Promise<void> {
    const changed = connections.filter(({ id, updatedAt }) => known.get(id)?.updatedAt !== updatedAt)
    const rows = await loadConnections(store.db, changed.map(({ id }) => id)) // prettier-ignore
    for (const { id, updatedAt, connector } of changed) {
      const row = rows.get(id)
      const readable = row !== undefined && row.credentials !== null && vault.knows(row.credentials)
      const endsAt = readable ? endOfAccess(connector, openCredentials(row, vault)) : null
      known.set(id, { updatedAt, endsAt })
    }
  }

  return {
    id: 'ending',
    look: async (world, deps) => {
      const active = [...world.connections.values()].filter(({ state }) => state === 'active')
      await learn(active, deps)
      return active.flatMap((connection) => {
        const endsAt = known.get(connection.id)?.endsAt ?? null
        const days = world.settingsOf(connection.workspaceId).endingDays
        if (endsAt === null || endsAt - world.now > days * DAY_MS) return []
        const since = Math.min(world.now, endsAt - days * DAY_MS)
        return connectionTrouble('ending', connection, since, { words: 'ending', until: endsAt })
      })
    },
    outcome: (alarm, world) => solvedIf(connectionOf(alarm, world)?.state === 'active'),
  }
}
