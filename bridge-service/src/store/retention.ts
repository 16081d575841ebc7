import { sql } from 'kysely'
import type { Executor } from './schema.ts'
import { SESSION_IDLE_MS } from './sessions.ts'

/** Rows per statement: short locks, and room for live work in between. */
const BATCH = 5_000

/** Longer than what is usual for a flow is learned from. */
const ACTIVITY_DAYS = 40
/** Longer than a wrong try counts. */
const WRONG_TRY_DAYS = 2

export interface RetentionOptions {
  /**
   * Deliveries, drafts and answers, failures that have ended, corrected values that nobody sent; default 14 days. Those of
   * records that still fail stay.
   */
  payloadDays?: number
  /** The history lines themselves, without their sealed detail, and alarms that are over; default 90 days. */
  historyDays?: number
  /** Daily comparisons of both sides; default 400 days, so that a year can be laid beside the one before. */
  reconcileDays?: number
  /** Runs that have ended; default 90 days, as long as the history lines that name them. */
  runDays?: number
}

/**
 * Erases what has outlived its time, in small statements. Links, hashes and counters stay.
 * @returns how many rows were erased or emptied
 */
export async function purgeExpired(db: Executor, options: RetentionOptions = {}): Promise<number> {
  const { payloadDays = 14, historyDays = 90, reconcileDays = 400, runDays = 90 } = options
  const old = (days: number) => sql`now() - ${days}::int * interval '1 day'`
  // By the place of the rows: joined by their ids, each statement would read a table that holds millions from end to end.
  const steps = [
    sql`delete from payload where ctid = any(array(
      select ctid from payload where expires_at < now() limit ${BATCH}))`,
    sql`delete from delivery where ctid = any(array(
      select ctid from delivery where received_at < ${old(payloadDays)} limit ${BATCH}))`,
    // A failed record's attempt has a pack of its own; it is kept until the record is well.
    sql`delete from attempt_pack where ctid = any(array(
      select p.ctid from attempt_pack p where p.at < ${old(payloadDays)}
         and not exists (select 1 from link l
               where l.flow_id = p.flow_id and l.external_id = p.failed_id and l.state = 'failed')
       limit ${BATCH}))`,
    sql`delete from attempt where ctid = any(array(
      select a.ctid from attempt a where a.at < ${old(historyDays)}
         and not exists (select 1 from link l
               where l.flow_id = a.flow_id and l.external_id = a.external_id and l.state = 'failed')
       limit ${BATCH}))`,
    sql`delete from failure where ctid = any(array(
      select ctid from failure where state = 'ended' and closed_at < ${old(payloadDays)} limit ${BATCH}))`,
    sql`delete from record_edit where ctid = any(array(
      select ctid from record_edit where at < ${old(payloadDays)} limit ${BATCH}))`,
    sql`delete from alarm where ctid = any(array(
      select ctid from alarm where ended_at < ${old(historyDays)} limit ${BATCH}))`,
    sql`delete from activity where ctid = any(array(
      select ctid from activity where hour < ${old(ACTIVITY_DAYS)} limit ${BATCH}))`,
    sql`delete from reconcile_day where ctid = any(array(
      select ctid from reconcile_day where day < (${old(reconcileDays)})::date limit ${BATCH}))`,
    sql`delete from preview_record where ctid = any(array(select p.ctid from preview_record p
      join run r on r.id = p.run_id where r.created_at < ${old(payloadDays)} limit ${BATCH}))`,
    sql`delete from match_entry where ctid = any(array(select m.ctid from match_entry m
      join run r on r.id = m.run_id where r.created_at < ${old(payloadDays)} limit ${BATCH}))`,
    // Signed requests are refused long before by their time.
    sql`delete from site_nonce where ctid = any(array(
      select ctid from site_nonce where at < now() - interval '1 hour' limit ${BATCH}))`,
    // The daily comparison alone leaves a run per flow and day.
    sql`delete from run where ctid = any(array(
      select ctid from run where finished_at < ${old(runDays)} limit ${BATCH}))`,
    sql`delete from session where ctid = any(array(select ctid from session
       where expires_at < now() or seen_at < now() - ${SESSION_IDLE_MS}::float8 * interval '1 millisecond' limit ${BATCH}))`,
    sql`delete from invitation where ctid = any(array(
      select ctid from invitation where expires_at < now() limit ${BATCH}))`,
    sql`delete from wrong_try where ctid = any(array(
      select ctid from wrong_try where last_at < ${old(WRONG_TRY_DAYS)} limit ${BATCH}))`,
  ]
  let total = 0
  for (const step of steps) {
    for (let changed = BATCH; changed === BATCH; total += changed) {
      changed = Number((await step.execute(db)).numAffectedRows ?? 0)
    }
  }
  return total
}
