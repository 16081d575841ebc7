import { sql } from 'kysely'
import type { CauseRef } from '@crosswalk/shared/causes'
import { type Executor, json } from './schema.ts'

/** An account that gave no good answer. */
export interface BadAnswer {
  connectionId: string
  at: Date
  /** `unavailable` or `rate_limited`. */
  kind: string
  /** In words for the user. */
  message: string
  /** The cause, where the account's answer tells it. */
  named?: CauseRef | undefined
}

/** Notes that accounts gave no good answer; since when stays as it was first noted. */
export async function noteFailing(db: Executor, answers: readonly BadAnswer[]): Promise<void> {
  if (answers.length === 0) return
  await sql`
    insert into reach as r (connection_id, failing_since, failed_at, kind, message, named)
    select "connectionId", at, at, kind, message, named
      from json_to_recordset(${json(answers)}::json) as i("connectionId" text, at timestamptz, kind text, message text,
        named jsonb)
     order by 1
    on conflict (connection_id) do update
      set failing_since = coalesce(r.failing_since, excluded.failing_since), failed_at = excluded.failed_at,
          kind = excluded.kind, message = excluded.message, named = excluded.named`.execute(db)
}

/** Ids of accounts that are noted as failing. */
export async function listFailing(db: Executor): Promise<string[]> {
  const rows = await db
    .selectFrom('reach')
    .select('connection_id')
    .where('failing_since', 'is not', null)
    .execute()
  return rows.map((row) => row.connection_id)
}

/** Since when these accounts give no good answer, and why; those that answer are not among them. */
export async function listReach(
  db: Executor,
  connectionIds: readonly string[],
): Promise<{ connectionId: string; since: Date; kind: string; named: CauseRef | null }[]> {
  if (connectionIds.length === 0) return []
  const rows = await db
    .selectFrom('reach')
    .select(['connection_id', 'failing_since', 'kind', 'named'])
    .where('connection_id', 'in', [...connectionIds])
    .where('failing_since', 'is not', null)
    .execute()
  return rows.map(({ connection_id, failing_since, kind, named }) => ({
    connectionId: connection_id,
    since: failing_since as Date,
    kind: kind ?? 'unavailable',
    named,
  }))
}

/** Notes that accounts answer again; one that failed after its good answer stays as it is. */
export async function noteAnswering(
  db: Executor,
  answers: readonly { connectionId: string; at: Date }[],
): Promise<void> {
  if (answers.length === 0) return
  await sql`
    update reach r set failing_since = null, kind = null, message = null, named = null
      from json_to_recordset(${json(answers)}::json) as i("connectionId" text, at timestamptz)
     where r.connection_id = i."connectionId" and r.failing_since is not null and r.failed_at <= i.at`.execute(
    db,
  )
}

/** Counts changes that a sweep found at an account and that no webhook had told of. */
export async function noteUntold(tx: Executor, connectionId: string, count: number): Promise<void> {
  if (count === 0) return
  await sql`
    insert into reach as r (connection_id, untold, untold_since, untold_at)
    values (${connectionId}, ${count}, now(), now())
    on conflict (connection_id) do update
      set untold = r.untold + excluded.untold, untold_since = coalesce(r.untold_since, excluded.untold_since),
          untold_at = excluded.untold_at`.execute(tx)
}

/** Whether a webhook of an account came after `since`. */
export async function wasTold(db: Executor, connectionId: string, since: Date): Promise<boolean> {
  const { rows } = await sql`
    select 1 from delivery where connection_id = ${connectionId} and received_at > ${since}::timestamptz limit 1`.execute(
    db,
  )
  return rows.length > 0
}

/** Begins to count anew what no webhook tells of. */
export async function forgetUntold(db: Executor, connectionIds: readonly string[]): Promise<void> {
  if (connectionIds.length === 0) return
  await db
    .updateTable('reach')
    .set({ untold: 0, untold_since: null, untold_at: null })
    .where('connection_id', 'in', [...connectionIds])
    .execute()
}
