import { sql } from 'kysely'
import type { Executor } from './schema.ts'

/** Changes of one hour; times in ms since 1970. */
export interface ActiveHour {
  at: number
  changes: number
  firstAt: number
  lastAt: number
}

/** The hours of each flow in which something changed, oldest first. */
export async function readActivity(
  db: Executor,
  flowIds: readonly string[],
  from: Date,
): Promise<Map<string, ActiveHour[]>> {
  if (flowIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('activity')
    .selectAll()
    .where('flow_id', 'in', [...flowIds])
    .where('hour', '>=', from)
    .orderBy('flow_id')
    .orderBy('hour')
    .execute()
  const hours = new Map<string, ActiveHour[]>()
  for (const row of rows) {
    const list = hours.get(row.flow_id) ?? []
    list.push({ at: row.hour.getTime(), changes: row.changes, firstAt: row.first_at.getTime(), lastAt: row.last_at.getTime() }) // prettier-ignore
    hours.set(row.flow_id, list)
  }
  return hours
}

/** Adds changes of a flow to the hour that runs, in the transaction that stores them. */
export async function addActivity(tx: Executor, flowId: string, changes: number): Promise<void> {
  if (changes === 0) return
  await sql`
    insert into activity as a (flow_id, hour, changes, first_at, last_at)
    values (${flowId}, date_trunc('hour', now() at time zone 'UTC') at time zone 'UTC', ${changes}, now(), now())
    on conflict (flow_id, hour) do update
      set changes = a.changes + excluded.changes, last_at = greatest(a.last_at, excluded.last_at)`.execute(tx)
}
