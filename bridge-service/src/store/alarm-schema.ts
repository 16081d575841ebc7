import type { ColumnType, Generated, Selectable } from 'kysely'
import type { AlarmCause, AlarmChannel } from '@crosswalk/shared/alarms'
import type { CauseRef } from '@crosswalk/shared/causes'
import type { JsonObject, Json, JsonDefault, OrNull, Time, TimeOrNull } from './schema.ts'

export type AlarmOutcome = 'solved' | 'dropped'
export type AlarmMessageKind = 'raised' | 'reminder' | 'solved'
export type AlarmMessageState = 'waiting' | 'sent' | 'given_up'

/** Names and numbers an alarm is told with; no personal data. */
export type AlarmFacts = Record<string, string | number | null>

export interface AlarmTable {
  id: string
  workspace_id: string
  /** The cause, by name and what it is about: one open alarm each. */
  key: string
  cause: AlarmCause
  flow_id: OrNull<string>
  connection_id: OrNull<string>
  since: Time
  raised_at: Time
  /** When the last message about it, also a reminder, was handed over for sending. */
  told_at: Time
  /** Null while it is open. */
  ended_at: TimeOrNull
  outcome: OrNull<AlarmOutcome>
  acknowledged_at: TimeOrNull
  acknowledged_by: OrNull<string>
  facts: JsonDefault<AlarmFacts>
}

/** One message to one recipient. */
export interface AlarmMessageTable {
  id: string
  alarm_id: string
  workspace_id: string
  /** Order of making, so that nobody hears of the end before the beginning. */
  number: Generated<number>
  kind: AlarmMessageKind
  channel: AlarmChannel
  /** A mail address; empty for the address that is called. */
  recipient: string
  state: Generated<AlarmMessageState>
  attempts: Generated<number>
  next_try_at: Time
  claimed_by: OrNull<string>
  claimed_until: TimeOrNull
  error: OrNull<string>
  created_at: Time
  sent_at: TimeOrNull
}

export interface AlarmSettingTable {
  workspace_id: string
  settings: Json<JsonObject>
  version: Generated<number>
  /** Sealed by the vault. */
  hook_secret: OrNull<Uint8Array>
  hook_secret_at: TimeOrNull
  /** The one before, sealed; it counts for a day after the change. */
  hook_secret_before: OrNull<Uint8Array>
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>
}

/** Changes of a flow's records in one hour, without backfills. */
export interface ActivityTable {
  flow_id: string
  hour: Time
  changes: number
  first_at: Time
  last_at: Time
}

/** How an account has answered lately, and what its webhooks did not tell of. */
export interface ReachTable {
  connection_id: string
  /** Null: it answers. */
  failing_since: TimeOrNull
  failed_at: TimeOrNull
  kind: OrNull<string>
  message: OrNull<string>
  /** The cause, where its answer told it. */
  named: ColumnType<CauseRef | null, string | null | undefined, string | null>
  /** Changes that a sweep found and no webhook told of, since the last delivery. */
  untold: Generated<number>
  untold_since: TimeOrNull
  untold_at: TimeOrNull
}

/** What the watching itself has to remember. */
export interface LookoutTable {
  name: string
  since: Time
  at: Time
  detail: JsonDefault<JsonObject>
}

export interface AlarmTables {
  alarm: AlarmTable
  alarm_message: AlarmMessageTable
  alarm_setting: AlarmSettingTable
  activity: ActivityTable
  reach: ReachTable
  lookout: LookoutTable
}

export type AlarmRow = Selectable<AlarmTable>
export type AlarmMessageRow = Selectable<AlarmMessageTable>
export type AlarmSettingRow = Selectable<AlarmSettingTable>
