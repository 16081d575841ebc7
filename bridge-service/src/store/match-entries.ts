import { sql } from 'kysely'
import { type Executor, json } from './schema.ts'

/**
 * What became of one customer, company, product … in a match report. `matched`: the target has it · `create`: it would be
 * made · `ambiguous`: somebody has to decide · `no_key`: there is nothing to find it by · `absent`: not there, and the flow
 * does not make it · `unknown`: the target did not let us look.
 */
export type MatchOutcome = 'matched' | 'create' | 'ambiguous' | 'no_key' | 'absent' | 'unknown'

export interface MatchEntry {
  role: string
  /** Of a case; what has no key is named after its record. */
  id: string
  outcome: MatchOutcome
  /** What it was found by, in words for people; empty where it was not. */
  foundBy: string
}

/** Adds what a page found. What several records speak of is one entry that counts them. */
export async function addMatchEntries(
  tx: Executor,
  runId: string,
  entries: readonly MatchEntry[],
): Promise<void> {
  const counted = new Map<string, MatchEntry & { records: number }>()
  for (const entry of entries) {
    const name = `${entry.role}\n${entry.id}`
    counted.set(name, { ...entry, records: (counted.get(name)?.records ?? 0) + 1 })
  }
  if (counted.size === 0) return
  await sql`
    insert into match_entry as m (run_id, role, id, outcome, found_by, records)
    select ${runId}::text, role, id, outcome, "foundBy", records
      from json_to_recordset(${json([...counted.values()])}::json)
        as i(role text, id text, outcome text, "foundBy" text, records int)
     order by role, id
    on conflict (run_id, role, id) do update
      set records = m.records + excluded.records, outcome = excluded.outcome, found_by = excluded.found_by`.execute(
    tx,
  )
}

export interface MatchCount {
  role: string
  outcome: MatchOutcome
  foundBy: string
  count: number
}

/** How many there are of each part, by outcome and by what they were found by. */
export async function countMatchEntries(db: Executor, runId: string): Promise<MatchCount[]> {
  const rows = await db
    .selectFrom('match_entry')
    .select(['role', 'outcome', 'found_by', (eb) => eb.fn.countAll<number>().as('count')])
    .where('run_id', '=', runId)
    .groupBy(['role', 'outcome', 'found_by'])
    .orderBy('count', 'desc')
    .orderBy('found_by')
    .execute()
  return rows.map(({ role, outcome, found_by, count }) => ({
    role,
    outcome: outcome as MatchOutcome,
    foundBy: found_by,
    count,
  }))
}

/**
 * Forgets open cases of a flow that a report found to be no question any more and that nothing waits for: those it met as
 * something else, and where it looked at all records also those it did not meet.
 */
export async function forgetUnmet(
  db: Executor,
  run: { id: string; flow_id: string },
  whole: boolean,
): Promise<void> {
  await sql`
    delete from match_case c using run r
     where r.id = ${run.id} and c.flow_id = ${run.flow_id} and c.state = 'open' and c.updated_at < r.created_at
       and case coalesce((select m.outcome from match_entry m where m.run_id = r.id and m.role = c.role and m.id = c.id), 'unmet')
             when 'ambiguous' then false when 'unmet' then ${whole}::boolean else true end
       and not exists (select 1 from link l where l.flow_id = c.flow_id and l.last_error->>'match' = c.id)`.execute(
    db,
  )
}
