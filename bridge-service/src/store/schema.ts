import type { ColumnType, Generated, Kysely, Selectable } from 'kysely'
import type { CauseRef } from '@crosswalk/shared/causes'
import type { AccountTables } from './account-schema.ts'
import type { AlarmTables } from './alarm-schema.ts'
import type { FailureTables } from './failure-schema.ts'
import type { SiteTables } from './site-schema.ts'

/** A jsonb column: read as a value, written as JSON text (`json(value)`). */
export type Json<T> = ColumnType<T, string, string>
export type JsonDefault<T> = ColumnType<T, string | undefined, string>
export type Time = ColumnType<Date, Date | string, Date | string>
export type TimeOrNull = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
type TimeDefault = ColumnType<Date, Date | string | undefined, Date | string>
export type OrNull<T> = ColumnType<T | null, T | null | undefined, T | null>

export type JsonObject = Record<string, unknown>

export type ConnectionState = 'active' | 'paused' | 'unauthorized' | 'disconnected'
export type FlowState = 'draft' | 'previewed' | 'active' | 'paused'
/**
 * A create that is about to go out, or whose answer was lost. `at`: when it was sent, in ms since 1970. `key`: what to
 * look for, also when the part has left its record meanwhile; null for keys that are not of our making, which may name a
 * person and do not stand readable in the store. `refs`: what it was associated with as it was sent, by role: should it be
 * found, and ask for others by then, those go.
 */
export interface Intent {
  at: number
  key: string | null
  refs?: Record<string, string>
  /** The part is there already; it was about to be associated with these, by role. */
  moves?: Record<string, string>
}

export type LinkState = 'linked' | 'skipped' | 'failed' | 'pending' | 'deleted'
export type RunKind = 'backfill' | 'sweep' | 'preview' | 'replay' | 'reconcile' | 'match'
export type RunState = 'queued' | 'running' | 'paused' | 'succeeded' | 'partial' | 'failed' | 'cancelled'

/** One written part of a target record (contact, line, association …) by part key. */
export interface LinkPart {
  id?: string
  /** Keyed hash of what was written last. */
  hash?: string
  /** Target ids it is associated with, by role. */
  refs?: Record<string, string>
  done: boolean
}

/** What a user sees of a failure; ids and numbers only, never personal data. */
export interface LinkError {
  code: string
  message: string
  field?: string
  [more: string]: unknown
}

export interface WorkspaceTable {
  id: string
  name: string
  created_at: TimeDefault
}

export interface ConnectionTable {
  id: string
  workspace_id: string
  connector: string
  name: string
  /** Stable name of the account (a shop's host …); part of natural keys, so it never changes. */
  origin: string
  settings: JsonDefault<JsonObject>
  /** Sealed by the vault. */
  credentials: OrNull<Uint8Array>
  /** What may be shown of the secrets: last four characters, key id. */
  secrets_hint: JsonDefault<JsonObject>
  hook_id: string
  /** Sealed by the vault. */
  hook_secret: OrNull<Uint8Array>
  state: Generated<ConnectionState>
  state_reason: OrNull<string>
  /** Why it is `unauthorized`; null where only its words are known. */
  state_cause: ColumnType<CauseRef | null, string | null | undefined, string | null>
  facts: JsonDefault<JsonObject>
  environment: OrNull<string>
  blocked_until: TimeOrNull
  created_at: TimeDefault
  updated_at: TimeDefault
}

export interface FlowTable {
  id: string
  workspace_id: string
  name: string
  source_connection_id: string
  target_connection_id: string
  entity: string
  /** What a record becomes in the target: order, deal, invoice … */
  document: OrNull<string>
  settings: JsonDefault<JsonObject>
  settings_version: Generated<number>
  mapping_version: Generated<number>
  state: Generated<FlowState>
  state_reason: OrNull<string>
  /** When it went live for the first time, by its source's clock; null before that, and for flows from earlier versions. */
  live_from: TimeOrNull
  /** Why the bridge itself stopped a paused flow; null where a person paused it. */
  stopped_by: OrNull<'rules'>
  stopped_cause: ColumnType<CauseRef | null, string | null | undefined, string | null>
  created_at: TimeDefault
  updated_at: TimeDefault
}

/** Immutable: a change is a new version. */
export interface MappingTable {
  flow_id: string
  version: number
  document: Json<JsonObject>
  note: OrNull<string>
  created_at: TimeDefault
  created_by: OrNull<string>
}

export interface LookupTable {
  id: string
  workspace_id: string
  name: string
  version: Generated<number>
  entries: JsonDefault<JsonObject>
  fallback: ColumnType<unknown, string | null | undefined, string | null>
  updated_at: TimeDefault
}

export interface RecordTable {
  connection_id: string
  entity: string
  external_id: string
  /** How often the record was marked as changed. */
  want_version: Generated<number>
  tombstone: Generated<boolean>
  lease_holder: OrNull<string>
  /** Fencing token: one higher with every lease, never reused. */
  lease_token: Generated<number>
  lease_until: TimeOrNull
  seen_at: TimeDefault
}

export interface LinkTable {
  flow_id: string
  workspace_id: string
  external_id: string
  /** The want_version this link is level with; -1 = never. */
  have_version: Generated<number>
  state: Generated<LinkState>
  reason: OrNull<string>
  complete: Generated<boolean>
  source_hash: OrNull<string>
  rules_hash: OrNull<string>
  target_object: OrNull<string>
  target_id: OrNull<string>
  target_key: OrNull<string>
  parts: JsonDefault<Record<string, LinkPart>>
  /** Open intents by part key. */
  pending: JsonDefault<Record<string, Intent>>
  label: OrNull<string>
  summary: JsonDefault<JsonObject>
  attempts: Generated<number>
  next_try_at: TimeOrNull
  last_error: ColumnType<LinkError | null, string | null | undefined, string | null>
  source_modified_at: TimeOrNull
  first_synced_at: TimeOrNull
  synced_at: TimeOrNull
  updated_at: TimeDefault
}

export interface DependencyTable {
  target_connection_id: string
  object: string
  match_key: string
  target_id: OrNull<string>
  hash: OrNull<string>
  refs: JsonDefault<JsonObject>
  state: Generated<'creating' | 'linked'>
  holder: OrNull<string>
  sent_at: TimeOrNull
  updated_at: TimeDefault
}

export interface DeliveryTable {
  connection_id: string
  dedupe_key: string
  topic: string
  external_id: OrNull<string>
  /** Sealed; null where the record is read again anyway. */
  body: OrNull<Uint8Array>
  received_at: TimeDefault
}

export interface AttemptTable {
  id: Generated<number>
  workspace_id: string
  flow_id: string
  external_id: string
  run_id: OrNull<string>
  at: TimeDefault
  step: string
  outcome: string
  summary: string
  /** Keyed hash of the e-mail address the pack's detail speaks of, so that erasing a person finds it. */
  subject_hash: OrNull<string>
  /** Where drafts and traces are kept, while they are. */
  pack: OrNull<string>
  duration_ms: OrNull<number>
  mapping_version: OrNull<number>
}

/** What a batch is about to create; see `store/intents.ts`. */
export interface IntentTable {
  id: string
  flow_id: string
  external_ids: string[]
  rows: Json<JsonObject[]>
  at: TimeDefault
}

/** Drafts and traces of the attempts of one batch, sealed as one. */
export interface AttemptPackTable {
  id: string
  workspace_id: string
  flow_id: string
  /** The record whose failure it tells of: such a pack is kept until the record is well. */
  failed_id: OrNull<string>
  at: TimeDefault
  sealed: Uint8Array
}

export interface RunTable {
  id: string
  workspace_id: string
  flow_id: string
  kind: RunKind
  state: Generated<RunState>
  cursor: ColumnType<JsonObject | null, string | null | undefined, string | null>
  total: OrNull<number>
  done: Generated<number>
  created_count: Generated<number>
  updated_count: Generated<number>
  unchanged_count: Generated<number>
  skipped_count: Generated<number>
  failed_count: Generated<number>
  started_at: TimeOrNull
  finished_at: TimeOrNull
  reason: OrNull<string>
  requested_by: OrNull<string>
  created_at: TimeDefault
  options: JsonDefault<JsonObject>
}

export interface CursorTable {
  flow_id: string
  kind: string
  position: Json<JsonObject>
  /** The source's clock, never ours. */
  source_clock: TimeOrNull
  updated_at: TimeDefault
}

export interface BucketTable {
  connection_id: string
  tokens: number
  refilled_at: Time
  blocked_until: TimeOrNull
  /** Start of the running long window (a day's quota …) and the calls used in it. */
  quota_started_at: Time
  quota_used: Generated<number>
  calls_total: Generated<number>
}

export interface CounterTable {
  workspace_id: string
  flow_id: string
  /** `YYYY-MM-DD`, UTC. */
  day: string
  outcome: string
  count: number
}

export interface AuditTable {
  id: string
  workspace_id: string
  at: TimeDefault
  actor: string
  action: string
  subject: OrNull<string>
  detail: JsonDefault<JsonObject>
}

export interface PayloadTable {
  id: string
  workspace_id: string
  /** Keyed hash of an e-mail address. */
  subject_hash: OrNull<string>
  kind: string
  sealed: Uint8Array
  expires_at: Time
}

export interface TombstoneTable {
  workspace_id: string
  subject_hash: string
  at: TimeDefault
}

/** A bearer key of the API. Only its hash is kept. */
export interface AccessKeyTable {
  id: string
  workspace_id: string
  name: string
  role: 'owner' | 'operator' | 'viewer'
  /** SHA-256 of the secret half. */
  hash: Uint8Array
  hint: string
  created_at: TimeDefault
  last_used_at: TimeOrNull
}

/** A sign-in under way at another system. */
export interface OauthStateTable {
  /** SHA-256 of the state, base64url. */
  state_hash: string
  workspace_id: string
  connector: string
  method: string
  settings: JsonDefault<JsonObject>
  /** PKCE verifier, sealed by the vault; null where the method takes none. */
  verifier: OrNull<Uint8Array>
  /** The console's session it began in; null where it began elsewhere. */
  session_id: OrNull<string>
  created_at: TimeDefault
  used_at: TimeOrNull
}

/** Who renews a connection's access token just now, over all processes. */
export interface RefreshLockTable {
  connection_id: string
  holder: string
  until: Time
}

/** An example of what does not agree, for people to look at. Amounts are decimal text. */
export interface ReconcileExample {
  externalId: string
  /**
   * `missing`: not in the target · `incomplete`: not whole or not up to date · `differing`: its amount is another one ·
   * `failed`: it stands in the list of failures.
   */
  what: 'missing' | 'incomplete' | 'differing' | 'failed'
  source: string | null
  target: string | null
}

/** Both sides of a flow on one day, by the currency of the records made that day. */
export interface ReconcileDayTable {
  flow_id: string
  workspace_id: string
  /** `YYYY-MM-DD`, UTC. */
  day: string
  /** Empty where the records carry no amounts. */
  currency: string
  source_count: number
  source_sum: OrNull<string>
  target_count: number
  target_sum: OrNull<string>
  missing: number
  incomplete: number
  differing: number
  failed: number
  examples: JsonDefault<ReconcileExample[]>
  checked_at: Time
}

/** A record of the target that may be meant, and what it was found by, in words for people. */
export interface Candidate {
  id: string
  by: string
}

/** `open`: somebody has to decide. The others are decisions. */
export type MatchState = 'open' | 'candidate' | 'create' | 'leave_out'

/** One customer, company, product … of a flow for which the target has several records. */
export interface MatchCaseTable {
  /** Follows from flow, object and key: the same case is met again under it. */
  id: string
  workspace_id: string
  flow_id: string
  role: string
  object: string
  /** A record that speaks of it. */
  external_id: string
  candidates: Json<Candidate[]>
  state: Generated<MatchState>
  /** The candidate that was decided for. */
  target_id: OrNull<string>
  decided_by: OrNull<string>
  decided_at: TimeOrNull
  created_at: TimeDefault
  updated_at: TimeDefault
}

/** What a match report found of one customer, company, product …. */
export interface MatchEntryTable {
  run_id: string
  role: string
  id: string
  outcome: string
  found_by: Generated<string>
  /** How many records of the run speak of it. */
  records: Generated<number>
}

/** What a preview run found of one record; its differences are a sealed payload of their own. */
export interface PreviewRecordTable {
  run_id: string
  seq: number
  external_id: string
  /** Number or SKU; never a name. */
  label: OrNull<string>
  action: 'create' | 'update' | 'unchanged' | 'skip' | 'fail'
  /** Rule that leaves it out, or kind of failure. */
  cause: OrNull<string>
  reason: OrNull<string>
  payload_id: OrNull<string>
}

export interface Database extends AccountTables, AlarmTables, FailureTables, SiteTables {
  match_case: MatchCaseTable
  match_entry: MatchEntryTable
  preview_record: PreviewRecordTable
  access_key: AccessKeyTable
  oauth_state: OauthStateTable
  refresh_lock: RefreshLockTable
  workspace: WorkspaceTable
  connection: ConnectionTable
  flow: FlowTable
  mapping: MappingTable
  lookup: LookupTable
  record: RecordTable
  link: LinkTable
  dependency: DependencyTable
  delivery: DeliveryTable
  attempt: AttemptTable
  attempt_pack: AttemptPackTable
  intent: IntentTable
  run: RunTable
  cursor: CursorTable
  bucket: BucketTable
  counter: CounterTable
  audit: AuditTable
  payload: PayloadTable
  tombstone: TombstoneTable
  reconcile_day: ReconcileDayTable
}

/** Whatever runs statements: the store itself or a transaction. Every verb takes it first, so verbs compose. */
export type Executor = Kysely<Database>

export type ConnectionRow = Selectable<ConnectionTable>
export type FlowRow = Selectable<FlowTable>
export type MappingRow = Selectable<MappingTable>
export type LookupRow = Selectable<LookupTable>
export type LinkRow = Selectable<LinkTable>
export type DependencyRow = Selectable<DependencyTable>
export type AttemptRow = Selectable<AttemptTable>
export type RunRow = Selectable<RunTable>
export type CursorRow = Selectable<CursorTable>
export type ReconcileDayRow = Selectable<ReconcileDayTable>
export type MatchCaseRow = Selectable<MatchCaseTable>
export type PreviewRecordRow = Selectable<PreviewRecordTable>
export type AuditRow = Selectable<AuditTable>
export type AccessKeyRow = Selectable<AccessKeyTable>
export type OauthStateRow = Selectable<OauthStateTable>

/**
 * JSON text for a jsonb column or a `json_to_recordset` parameter. PostgreSQL's text holds neither NUL nor half of a
 * surrogate pair; such characters come as the replacement character, for one of them would fail a whole batch.
 */
export function json(value: unknown): string {
  const text = JSON.stringify(value)
  return /\\u(?:0000|d[89a-f])/.test(text) ? JSON.stringify(value, storable) : text
}

const storable = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value
