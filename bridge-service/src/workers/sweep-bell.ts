import { sql } from 'kysely'
import type { Executor } from '../store/schema.ts'
import type { LiveDeps } from './live.ts'
import { joinPace } from './pace.ts'
import { sweepJob } from './sync-jobs.ts'

/** Clocks of two machines differ by less. */
const FUTURE_MS = 60_000

/**
 * Active flows whose last look at their source is longer ago than their pace allows, in one statement: it is asked every
 * ten seconds, however many there are. Flows that no connector can read are left out.
 */
async function findDue(db: Executor, now: number): Promise<{ id: string; target_connection_id: string }[]> {
  const at = sql`${new Date(now)}::timestamptz`
  // A last look that is still to come was written by a clock that has been put back since.
  const { rows } = await sql<{ id: string; target_connection_id: string }>`
    select f.id, f.target_connection_id from flow f
      join connection c on c.id = f.source_connection_id and c.state = 'active'
      ${joinPace}
      left join "cursor" k on k.flow_id = f.id and k.kind = 'sweep'
     where f.state = 'active'
       and (k.updated_at is null or k.updated_at <= ${at} - pace.every
         or k.updated_at > ${at} + ${FUTURE_MS}::int * interval '1 ms')
     order by f.id`.execute(db)
  return rows
}

/** Sends the sweeps that are due. One that waits already, for an account that is left alone, waits on. */
export async function ringSweeps(deps: Pick<LiveDeps, 'store' | 'engine' | 'clock'>): Promise<void> {
  const due = await findDue(deps.store.db, deps.clock.now())
  const jobs = due.map((flow) => sweepJob(flow.id, flow.target_connection_id))
  await deps.engine.send(null, jobs, { hasten: false })
}
