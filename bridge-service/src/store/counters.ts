import { sql } from 'kysely'
import { type CounterTable, type Executor, json } from './schema.ts'

export interface Count {
  workspaceId: string
  flowId: string
  outcome: string
  count: number
}

/** Adds to today's (UTC) counts in one statement; equal keys are summed first. */
export async function addCounts(tx: Executor, counts: readonly Count[]): Promise<void> {
  if (counts.length === 0) return
  await sql`
    insert into counter as c (workspace_id, flow_id, day, outcome, count)
    select min("workspaceId"), "flowId", (now() at time zone 'UTC')::date, outcome, sum(count)
      from json_to_recordset(${json(counts)}::json)
        as i("workspaceId" text, "flowId" text, outcome text, count bigint)
     group by "flowId", outcome order by "flowId", outcome
    on conflict (flow_id, day, outcome) do update set count = c.count + excluded.count`.execute(tx)
}

/** Counts per flow, day and outcome; days as `YYYY-MM-DD` in UTC, both ends included. */
export async function listCounts(
  db: Executor,
  filter: { workspaceId: string; flowId?: string; from: string; to: string },
): Promise<CounterTable[]> {
  return db
    .selectFrom('counter')
    .selectAll()
    .where('workspace_id', '=', filter.workspaceId)
    .$if(filter.flowId !== undefined, (query) => query.where('flow_id', '=', filter.flowId as string))
    .where('day', '>=', filter.from)
    .where('day', '<=', filter.to)
    .orderBy('day')
    .orderBy('flow_id')
    .orderBy('outcome')
    .execute()
}
