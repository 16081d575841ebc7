import { sql } from 'kysely'
import type { AlarmCause } from '@crosswalk/shared/alarms'
import type { AlarmFacts, AlarmOutcome, AlarmRow } from './alarm-schema.ts'
import { newId } from './ids.ts'
import { type Executor, json } from './schema.ts'

/** What is wrong, as it was found; `key` stays the same as long as it is. */
export interface Trouble {
  key: string
  cause: AlarmCause
  workspaceId: string
  flowId: string | null
  connectionId: string | null
  since: Date
  facts: AlarmFacts
}

export async function listOpenAlarms(db: Executor): Promise<AlarmRow[]> {
  return db.selectFrom('alarm').selectAll().where('ended_at', 'is', null).orderBy('raised_at').execute()
}

/**
 * Opens an alarm. To be called in the transaction that also makes its messages.
 * @returns undefined where one of the same key is open already
 */
export async function raiseAlarm(tx: Executor, trouble: Trouble, now: Date): Promise<AlarmRow | undefined> {
  return tx
    .insertInto('alarm')
    .values({
      id: newId('alarm'),
      workspace_id: trouble.workspaceId,
      key: trouble.key,
      cause: trouble.cause,
      flow_id: trouble.flowId,
      connection_id: trouble.connectionId,
      since: trouble.since,
      raised_at: now,
      told_at: now,
      facts: json(trouble.facts),
    })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'key']).where('ended_at', 'is', null).doNothing(),
    )
    .returningAll()
    .executeTakeFirst()
}

/** Ends an open alarm. @returns undefined where it has ended already: whoever ends it tells of it */
export async function endAlarm(
  tx: Executor,
  id: string,
  outcome: AlarmOutcome,
  now: Date,
): Promise<AlarmRow | undefined> {
  return tx
    .updateTable('alarm')
    .set({ ended_at: now, outcome })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
}

/** Keeps what has changed of an open alarm: its count has grown. */
export async function updateAlarmFacts(db: Executor, id: string, facts: AlarmFacts): Promise<void> {
  await db.updateTable('alarm').set({ facts: json(facts) }).where('id', '=', id).where('ended_at', 'is', null).execute() // prettier-ignore
}

/** Notes that an open alarm is told of once more. @returns false where somebody else has just done so */
export async function noteReminder(tx: Executor, alarm: AlarmRow, now: Date): Promise<boolean> {
  const row = await tx
    .updateTable('alarm')
    .set({ told_at: now })
    .where('id', '=', alarm.id)
    .where('ended_at', 'is', null)
    .where('acknowledged_at', 'is', null)
    .where('told_at', '=', alarm.told_at)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Notes who saw an alarm first. @returns undefined where the workspace has no such alarm */
export async function acknowledgeAlarm(
  db: Executor,
  workspaceId: string,
  id: string,
  by: { actor: string; at: Date },
): Promise<AlarmRow | undefined> {
  return db
    .updateTable('alarm')
    .set({
      acknowledged_at: sql<Date>`coalesce(acknowledged_at, ${by.at}::timestamptz)`,
      acknowledged_by: sql<string>`coalesce(acknowledged_by, ${by.actor})`,
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

export interface AlarmFilter {
  workspaceId: string
  state?: 'open' | 'over' | undefined
  flowId?: string | undefined
  connectionId?: string | undefined
  after?: { at: Date; id: string } | undefined
  limit: number
}

/** Alarms, newest first, paged by time and id. */
export async function listAlarms(db: Executor, filter: AlarmFilter): Promise<AlarmRow[]> {
  const { after, state, flowId, connectionId } = filter
  return db
    .selectFrom('alarm')
    .selectAll()
    .where('workspace_id', '=', filter.workspaceId)
    .$if(state !== undefined, (query) => query.where('ended_at', state === 'open' ? 'is' : 'is not', null))
    .$if(flowId !== undefined, (query) => query.where('flow_id', '=', flowId as string))
    .$if(connectionId !== undefined, (query) => query.where('connection_id', '=', connectionId as string))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`raised_at <= ${after?.at}::timestamptz and (raised_at < ${after?.at}::timestamptz or id > ${after?.id}::text)`,
      ),
    )
    .orderBy('raised_at', 'desc')
    .orderBy('id')
    .limit(filter.limit)
    .execute()
}

/** How many alarms of a workspace are open. */
export async function countOpenAlarms(db: Executor, workspaceId: string): Promise<number> {
  const row = await db
    .selectFrom('alarm')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.count
}
