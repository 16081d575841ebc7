import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Executor, json, type JsonObject, type OauthStateRow } from './schema.ts'

/** How long a user may take to agree, in minutes. */
export const OAUTH_STATE_MINUTES = 10

/** States are kept as hashes: who reads the store cannot end a sign-in that others began. */
export const stateHash = (state: string): string => createHash('sha256').update(state).digest('base64url')

export async function saveOauthState(
  db: Executor,
  of: {
    state: string
    workspaceId: string
    connector: string
    method: string
    settings: JsonObject
    /** Sealed. */
    verifier: Uint8Array | null
    /** The console's session that it must come back to. */
    sessionId: string | null
  },
): Promise<void> {
  await db
    .deleteFrom('oauth_state')
    .where('created_at', '<', sql<Date>`now() - interval '1 day'`)
    .execute()
  await db
    .insertInto('oauth_state')
    .values({
      state_hash: stateHash(of.state),
      workspace_id: of.workspaceId,
      connector: of.connector,
      method: of.method,
      settings: json(of.settings),
      verifier: of.verifier,
      session_id: of.sessionId,
    })
    .execute()
}

/**
 * Takes a state, once: a second call, one after ten minutes, or one for another connector gets nothing. A state that
 * came back to the wrong connector is used up all the same.
 */
export async function takeOauthState(
  db: Executor,
  state: string,
  connector: string,
): Promise<OauthStateRow | undefined> {
  const row = await db
    .updateTable('oauth_state')
    .set({ used_at: sql<Date>`now()` })
    .where('state_hash', '=', stateHash(state))
    .where('used_at', 'is', null)
    .where('created_at', '>', sql<Date>`now() - ${OAUTH_STATE_MINUTES}::int * interval '1 minute'`)
    .returningAll()
    .executeTakeFirst()
  return row?.connector === connector ? row : undefined
}
