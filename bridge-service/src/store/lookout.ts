import { sql } from 'kysely'
import { type Executor, json, type JsonObject } from './schema.ts'

export interface Note {
  /** Since when it is noted without a break. */
  since: Date
  at: Date
  detail: JsonObject
}

/**
 * Notes that something is there now. After a break of more than `breakMs` it counts as new.
 * @returns the note as it stands then
 */
export async function keepNote(
  db: Executor,
  name: string,
  note: { now: Date; breakMs: number; detail?: JsonObject },
): Promise<Note> {
  const { rows } = await sql<Note>`
    insert into lookout as l (name, since, at, detail)
    values (${name}, ${note.now}::timestamptz, ${note.now}::timestamptz, ${json(note.detail ?? {})}::jsonb)
    on conflict (name) do update
      set since = case when l.at < excluded.at - ${note.breakMs}::float8 * interval '1 ms' or l.since > excluded.at
                       then excluded.at else l.since end,
          at = excluded.at, detail = excluded.detail
    returning since, at, detail`.execute(db)
  return rows[0] as Note
}

export async function readNote(db: Executor, name: string): Promise<Note | undefined> {
  return db
    .selectFrom('lookout')
    .select(['since', 'at', 'detail'])
    .where('name', '=', name)
    .executeTakeFirst()
}

export async function dropNote(db: Executor, name: string): Promise<void> {
  await db.deleteFrom('lookout').where('name', '=', name).execute()
}
