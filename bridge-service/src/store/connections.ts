import { sql } from 'kysely'
import type { CauseRef } from '@crosswalk/shared/causes'
import { newHookId, newId } from './ids.ts'
import { type ConnectionRow, type ConnectionState, type Executor, json, type JsonObject } from './schema.ts'

export interface NewConnection {
  /** Made with `newId('connection')` beforehand where credentials are sealed under it. */
  id?: string
  workspaceId: string
  connector: string
  name: string
  /** Stable name of the account, part of natural keys; it cannot be changed later. */
  origin: string
  settings?: JsonObject
  /** Sealed. */
  credentials?: Uint8Array | null
  secretsHint?: JsonObject
  /** Sealed. */
  hookSecret?: Uint8Array | null
  environment?: string | null
  facts?: JsonObject
}

export async function createConnection(db: Executor, connection: NewConnection): Promise<ConnectionRow> {
  return db
    .insertInto('connection')
    .values({
      id: connection.id ?? newId('connection'),
      workspace_id: connection.workspaceId,
      connector: connection.connector,
      name: connection.name,
      origin: connection.origin,
      settings: json(connection.settings ?? {}),
      credentials: connection.credentials ?? null,
      secrets_hint: json(connection.secretsHint ?? {}),
      hook_id: newHookId(),
      hook_secret: connection.hookSecret ?? null,
      environment: connection.environment ?? null,
      facts: json(connection.facts ?? {}),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export interface ConnectionChange {
  name?: string
  settings?: JsonObject
  credentials?: Uint8Array | null
  secretsHint?: JsonObject
  hookSecret?: Uint8Array | null
  environment?: string | null
  facts?: JsonObject
  state?: ConnectionState
  stateReason?: string | null
  blockedUntil?: Date | null
}

const CHANGE_COLUMNS = {
  name: 'name',
  settings: 'settings',
  credentials: 'credentials',
  secretsHint: 'secrets_hint',
  hookSecret: 'hook_secret',
  environment: 'environment',
  facts: 'facts',
  state: 'state',
  stateReason: 'state_reason',
  blockedUntil: 'blocked_until',
} as const
const JSON_FIELDS = new Set(['settings', 'secretsHint', 'facts'])

/** Changes the given fields. @returns undefined when the workspace has no such connection */
export async function updateConnection(
  db: Executor,
  workspaceId: string,
  id: string,
  change: ConnectionChange,
): Promise<ConnectionRow | undefined> {
  const columns = Object.entries(change).flatMap(([field, value]) =>
    value === undefined
      ? []
      : [
          [
            CHANGE_COLUMNS[field as keyof ConnectionChange],
            JSON_FIELDS.has(field) ? json(value) : (value as unknown),
          ],
        ],
  )
  return db
    .updateTable('connection')
    .set({ ...(Object.fromEntries(columns) as object), updated_at: sql<Date>`now()` })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

export async function getConnection(
  db: Executor,
  workspaceId: string,
  id: string,
): Promise<ConnectionRow | undefined> {
  return db
    .selectFrom('connection')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function listConnections(db: Executor, workspaceId: string): Promise<ConnectionRow[]> {
  return db
    .selectFrom('connection')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** For the webhook route, which knows no workspace: the address itself is the unguessable key. */
export async function findConnectionsByHook(
  db: Executor,
  hookIds: readonly string[],
): Promise<Map<string, ConnectionRow>> {
  const rows = await db
    .selectFrom('connection')
    .selectAll()
    .where('hook_id', 'in', [...hookIds])
    .execute()
  return new Map(rows.map((row) => [row.hook_id, row]))
}

/** For workers, which come from a job: several at once. */
export async function loadConnections(
  db: Executor,
  ids: readonly string[],
): Promise<Map<string, ConnectionRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('connection')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/**
 * Moves an active connection to `unauthorized`.
 * @returns true for the one caller that did it, who alerts; false for all others
 */
export async function markUnauthorized(
  db: Executor,
  id: string,
  reason: string,
  cause: CauseRef | null = null,
): Promise<boolean> {
  const row = await db
    .updateTable('connection')
    .set({
      state: 'unauthorized',
      state_reason: reason,
      state_cause: cause === null ? null : json(cause),
      updated_at: sql<Date>`now()`,
    })
    .where('id', '=', id)
    .where('state', '=', 'active')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** @returns false when it does not exist; throws when a flow still uses it (foreign key) */
export async function deleteConnection(db: Executor, workspaceId: string, id: string): Promise<boolean> {
  const row = await db
    .deleteFrom('connection')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
