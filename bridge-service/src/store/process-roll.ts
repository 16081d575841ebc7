import { sql } from 'kysely'
import { hasEnded } from './process-name.ts'
import type { Executor } from './schema.ts'

// The roll is kept among the records, as the bells and the leases of runs are.
const ROLL = sql`connection_id = '~service' and entity = '~process'`
/** A name is struck off after this time without a sign of life; whatever that process held has long run out by then. */
const FORGOTTEN_AFTER = sql`interval '1 hour'`

/** Puts a process on the roll of those that work on this store, or says that it still does. */
export async function signRoll(db: Executor, name: string): Promise<void> {
  await sql`insert into record (connection_id, entity, external_id, seen_at)
    values ('~service', '~process', ${name}, clock_timestamp())
    on conflict (connection_id, entity, external_id) do update set seen_at = clock_timestamp()`.execute(db)
  await sql`delete from record where ${ROLL} and seen_at < clock_timestamp() - ${FORGOTTEN_AFTER}`.execute(db)
}

export async function strikeOff(db: Executor, name: string): Promise<void> {
  await sql`delete from record where ${ROLL} and external_id = ${name}`.execute(db)
}

/** Processes of this place that have ended without striking themselves off: killed, or crashed. */
export async function findEnded(db: Executor): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select external_id as name from record where ${ROLL}`.execute(
    db,
  )
  return rows.map((row) => row.name).filter(hasEnded)
}
