import { sql } from 'kysely'
import type { Executor } from '../store/schema.ts'
import { BRIDGE_FACTS } from './bridge-facts.ts'

/**
 * Keeps, or with null forgets, what a source's webhooks say is wrong there, as a plain sentence; overview and connection
 * show it. One statement that touches nothing else: a check may be writing what it learned at the same time.
 */
export async function keepHookTrouble(
  db: Executor,
  connectionId: string,
  trouble: string | null,
): Promise<void> {
  await sql`
    update connection
       set facts = jsonb_set(
             jsonb_set(facts, ${`{${BRIDGE_FACTS}}`}::text[], coalesce(facts -> ${BRIDGE_FACTS}, '{}')),
             ${`{${BRIDGE_FACTS},hookTrouble}`}::text[], coalesce(to_jsonb(${trouble}::text), 'null')),
           updated_at = now()
     where id = ${connectionId}
       and facts #>> ${`{${BRIDGE_FACTS},hookTrouble}`}::text[] is distinct from ${trouble}::text`.execute(db)
}
