import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { CallerRole } from '@crosswalk/shared/contract'
import type { SessionRow } from './account-schema.ts'
import { newId } from './ids.ts'
import type { Executor } from './schema.ts'

/** Over after so long without a call, and after so long in any case. */
export const SESSION_IDLE_MS = 12 * 3_600_000
export const SESSION_LONGEST_MS = 7 * 86_400_000
/** Noted no more often than this. */
const TOUCH_MS = 60_000
const LONGEST_AGENT = 300

/** A fast hash will do: the token is random and as long as a key. */
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Who a session speaks for. */
export interface SessionCaller {
  id: string
  accountId: string
  workspaceId: string
  role: CallerRole
}

/** Makes a session. `token` (256 random bits, base64url) is its only showing: the store keeps the hash. */
export async function createSession(
  db: Executor,
  of: { accountId: string; agent: string; now: Date },
): Promise<{ id: string; token: string }> {
  const id = newId('session')
  const token = randomBytes(32).toString('base64url')
  await db
    .insertInto('session')
    .values({
      id,
      token_hash: hashOf(token),
      account_id: of.accountId,
      agent: of.agent.toWellFormed().replaceAll('\0', '').slice(0, LONGEST_AGENT),
      created_at: of.now,
      seen_at: of.now,
      expires_at: new Date(of.now.getTime() + SESSION_LONGEST_MS),
    })
    .execute()
  return { id, token }
}

/** Still good at `now`: not idle for too long, not too old. */
const isAlive = (now: Date) =>
  sql<boolean>`(expires_at > ${now}::timestamptz and seen_at > ${new Date(now.getTime() - SESSION_IDLE_MS)}::timestamptz)`

/** The session of a cookie, with the role its account has by now; undefined where it is over or was never one. */
export async function findSession(
  db: Executor,
  token: string,
  now: Date,
): Promise<SessionCaller | undefined> {
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .select([
      'session.id',
      'session.seen_at',
      'account.id as account_id',
      'account.workspace_id',
      'account.role',
    ])
    .where('token_hash', '=', hashOf(token))
    .where(isAlive(now))
    .executeTakeFirst()
  if (!row) return undefined
  if (now.getTime() - row.seen_at.getTime() > TOUCH_MS) {
    await db.updateTable('session').set({ seen_at: now }).where('id', '=', row.id).execute()
  }
  return { id: row.id, accountId: row.account_id, workspaceId: row.workspace_id, role: row.role }
}

/** Sessions of an account that are good at `now`, last used first. */
export async function listSessions(db: Executor, accountId: string, now: Date): Promise<SessionRow[]> {
  return db
    .selectFrom('session')
    .selectAll()
    .where('account_id', '=', accountId)
    .where(isAlive(now))
    .orderBy('seen_at', 'desc')
    .orderBy('id')
    .execute()
}

/** @returns false where the account has no such session */
export async function endSession(db: Executor, accountId: string, id: string): Promise<boolean> {
  const row = await db
    .deleteFrom('session')
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Ends all sessions of an account but `except`. @returns how many */
export async function endSessions(db: Executor, accountId: string, except: string | null): Promise<number> {
  const rows = await db
    .deleteFrom('session')
    .where('account_id', '=', accountId)
    .$if(except !== null, (query) => query.where('id', '!=', except as string))
    .returning('id')
    .execute()
  return rows.length
}
