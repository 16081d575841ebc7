import { sql } from 'kysely'
import type { Executor } from './schema.ts'

/** How patience ends: so many tries are free, then each doubles the wait, up to the longest. Forgotten after a day. */
export interface Patience {
  free: number
  firstWaitMs: number
  longestWaitMs: number
}

const FORGOTTEN_MS = 86_400_000

/**
 * Counts a try before it is looked at, in one statement: of a hundred that come at once, those beyond the free ones find
 * the wait of the one before. A try that has to wait is not counted.
 * @returns 0, or how long to wait, in ms
 */
export async function countTry(db: Executor, key: string, now: Date, patience: Patience): Promise<number> {
  const { free, firstWaitMs, longestWaitMs } = patience
  const forgotten = new Date(now.getTime() - FORGOTTEN_MS)
  const tries = sql`(case when wrong_try.last_at < ${forgotten}::timestamptz then 1 else least(wrong_try.tries + 1, 1000) end)`
  const waitMs = sql`(case when ${tries} < ${free}::int then 0
    else least(${longestWaitMs}::float8, ${firstWaitMs}::float8 * power(2, least(${tries} - ${free}::int, 30))) end)`
  const { rows } = await sql`
    insert into wrong_try (key, tries, last_at, wait_until)
    values (${key}, 1, ${now}::timestamptz, ${now}::timestamptz)
    on conflict (key) do update set tries = ${tries}, last_at = excluded.last_at,
      wait_until = excluded.last_at + ${waitMs} * interval '1 millisecond'
      where wrong_try.wait_until <= excluded.last_at
    returning key`.execute(db)
  if (rows.length > 0) return 0
  const row = await db.selectFrom('wrong_try').select('wait_until').where('key', '=', key).executeTakeFirst()
  return Math.max(1, (row?.wait_until.getTime() ?? 0) - now.getTime())
}

/** The try was a right one: all is forgiven. */
export async function forgiveTries(db: Executor, key: string): Promise<void> {
  await db.deleteFrom('wrong_try').where('key', '=', key).execute()
}

/** The try was a right one, and says nothing about the others that were counted with it. */
export async function uncountTry(db: Executor, key: string): Promise<void> {
  await sql`update wrong_try set tries = greatest(tries - 1, 0), wait_until = last_at where key = ${key}`.execute(
    db,
  )
}
