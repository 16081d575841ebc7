import { sql } from 'kysely'
import type { AlarmChannel } from '@crosswalk/shared/alarms'
import type { AlarmMessageKind, AlarmMessageRow, AlarmRow } from './alarm-schema.ts'
import { newId } from './ids.ts'
import type { Executor } from './schema.ts'

/** Who gets a message, and how. `recipient` is empty for the address that is called. */
export interface Recipient {
  channel: AlarmChannel
  recipient: string
}

/** How long a message that somebody took for sending is left alone: longer than any sending lasts. */
const CLAIM_SECONDS = 120

/** Makes a message for each recipient, in the transaction that raises or ends the alarm. */
export async function addMessages(
  tx: Executor,
  alarm: Pick<AlarmRow, 'id' | 'workspace_id'>,
  kind: AlarmMessageKind,
  recipients: readonly Recipient[],
  now: Date,
): Promise<void> {
  if (recipients.length === 0) return
  const common = { alarm_id: alarm.id, workspace_id: alarm.workspace_id, kind, next_try_at: now, created_at: now } // prettier-ignore
  await tx
    .insertInto('alarm_message')
    .values(recipients.map((one) => ({ ...common, ...one, id: newId('alarmMessage') })))
    .execute()
}

/** Who was told that an alarm began: they are told that it is over. */
export async function whoWasTold(db: Executor, alarmId: string): Promise<Recipient[]> {
  return db
    .selectFrom('alarm_message')
    .select(['channel', 'recipient'])
    .where('alarm_id', '=', alarmId)
    .where('kind', '=', 'raised')
    .orderBy('number')
    .execute()
}

/**
 * Takes messages that are due, each for one caller alone over all processes. A message waits for those that were made
 * before it of the same alarm for the same recipient.
 * @param channels those this process can send on
 */
export async function claimMessages(
  db: Executor,
  want: { holder: string; channels: readonly AlarmChannel[]; now: Date; limit: number },
): Promise<AlarmMessageRow[]> {
  const { rows } = await sql<AlarmMessageRow>`
    update alarm_message set claimed_by = ${want.holder},
           claimed_until = clock_timestamp() + ${CLAIM_SECONDS}::int * interval '1 second'
     where id in (
       select m.id from alarm_message m
        where m.state = 'waiting' and m.next_try_at <= ${want.now}::timestamptz and m.channel = any(${want.channels}::text[])
          and (m.claimed_until is null or m.claimed_until < clock_timestamp())
          and not exists (select 1 from alarm_message earlier
                where earlier.alarm_id = m.alarm_id and earlier.channel = m.channel and earlier.recipient = m.recipient
                  and earlier.number < m.number and earlier.state = 'waiting')
        order by m.next_try_at, m.number limit ${want.limit} for update skip locked)
    returning *`.execute(db)
  return rows
}

/** What came of a message that was claimed. With `next` it is tried again then; with `gaveUp` never. */
export type SendResult =
  | { state: 'sent'; at: Date }
  | { state: 'waiting'; error: string; next: Date }
  | { state: 'given_up'; error: string }

/** Stores what came of a message. Nothing happens where somebody else has taken it meanwhile. */
export async function settleMessage(
  db: Executor,
  message: Pick<AlarmMessageRow, 'id' | 'claimed_by'>,
  result: SendResult,
): Promise<void> {
  await db
    .updateTable('alarm_message')
    .set({
      state: result.state,
      attempts: sql<number>`attempts + 1`,
      claimed_by: null,
      claimed_until: null,
      ...(result.state === 'sent' ? { sent_at: result.at, error: null } : { error: result.error }),
      ...(result.state === 'waiting' ? { next_try_at: result.next } : {}),
    })
    .where('id', '=', message.id)
    .where('state', '=', 'waiting')
    .where('claimed_by', '=', message.claimed_by)
    .execute()
}

/** Messages of the given alarms, in the order they were made. */
export async function listMessages(db: Executor, alarmIds: readonly string[]): Promise<AlarmMessageRow[]> {
  if (alarmIds.length === 0) return []
  return db
    .selectFrom('alarm_message')
    .selectAll()
    .where('alarm_id', 'in', [...alarmIds])
    .orderBy('number')
    .execute()
}
