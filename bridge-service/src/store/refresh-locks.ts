import { sql } from 'kysely'
import type { Executor } from './schema.ts'

/**
 * Takes the right to renew a connection's token, for `seconds` at most. A lock of its own rather than an open
 * transaction: the token call goes over the network, and the embedded store has one connection for everything.
 * @returns false while somebody else has it
 */
export async function takeRefreshLock(
  db: Executor,
  connectionId: string,
  holder: string,
  seconds: number,
): Promise<boolean> {
  const { rows } = await sql`
    insert into refresh_lock as l (connection_id, holder, until)
    values (${connectionId}, ${holder}, now() + ${seconds}::int * interval '1 second')
    on conflict (connection_id) do update set holder = excluded.holder, until = excluded.until
      where l.until < now()
    returning connection_id`.execute(db)
  return rows.length === 1
}

/** Gives the right back; nothing happens where another one has it by now. */
export async function releaseRefreshLock(db: Executor, connectionId: string, holder: string): Promise<void> {
  await db
    .deleteFrom('refresh_lock')
    .where('connection_id', '=', connectionId)
    .where('holder', '=', holder)
    .execute()
}
