import { sql } from 'kysely'
import type { Executor } from './schema.ts'

/**
 * The store's clock was put back by `byMs`: what waits for a time to come, waits no longer than it would have. A wait from
 * before the clock was ahead ends too soon by this; then a look shows that it is too soon.
 */
export async function bringForward(db: Executor, byMs: number): Promise<void> {
  const by = sql`${byMs}::float8 * interval '1 ms'`
  await sql`update link set next_try_at = next_try_at - ${by} where next_try_at > now()`.execute(db)
  await sql`update alarm_message set next_try_at = next_try_at - ${by} where state = 'waiting' and next_try_at > now()`.execute(
    db,
  )
  await sql`update bucket set blocked_until = blocked_until - ${by} where blocked_until > now()`.execute(db)
}
