import type { ColumnType, Generated, Selectable } from 'kysely'
import type { CauseParams } from '@crosswalk/shared/causes'
import type { JsonDefault, OrNull, Time, TimeOrNull } from './schema.ts'

/**
 * `open`: somebody has to act · `waiting`: it is tried again by itself · `ignored`: set aside with a note until it changes
 * at its source · `ended`.
 */
export type FailureState = 'open' | 'waiting' | 'ignored' | 'ended'

/** How a failure ended: by a later success, one that was asked for, with corrected values, or it is not sent any more. */
export const ENDINGS = ['itself', 'retried', 'edited', 'left_out'] as const
export type FailureEnding = (typeof ENDINGS)[number]

/** Why a record is not where it should be: of each flow and record at most one that has not ended. */
export interface FailureTable {
  id: string
  workspace_id: string
  flow_id: string
  external_id: string
  state: Generated<FailureState>
  /** Key of the cause; a newer version may have stored one that this version does not know. */
  cause: string
  /** Same for all failures that one act repairs. */
  group_id: string
  /** Fields, systems, codes and counts: never what names a person. */
  params: JsonDefault<CauseParams>
  first_at: ColumnType<Date, Date | undefined, Date>
  last_at: ColumnType<Date, Date | undefined, Date>
  tries: Generated<number>
  next_try_at: TimeOrNull
  /** Of an ignored one: why, and by whom. */
  note: OrNull<string>
  decided_by: OrNull<string>
  /** Of an ignored one: what its link said, to be put back. */
  kept_error: ColumnType<unknown, string | null | undefined, string | null>
  /** When it was ignored or ended. */
  closed_at: TimeOrNull
  ended_how: OrNull<FailureEnding>
}

/** Values that somebody corrected; they go out with the record's next try, once. */
export interface RecordEditTable {
  flow_id: string
  external_id: string
  workspace_id: string
  /** Sealed by the vault. */
  sealed: Uint8Array
  edited_by: OrNull<string>
  at: ColumnType<Date, Date | undefined, Time>
}

export interface FailureTables {
  failure: FailureTable
  record_edit: RecordEditTable
}

export type FailureRow = Selectable<FailureTable>
