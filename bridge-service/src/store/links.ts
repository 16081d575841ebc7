import { sql } from 'kysely'
import type { Lease } from './records.ts'
import { leasesAsJson } from './records.ts'
import {
  type Executor,
  type Intent,
  json,
  type JsonObject,
  type LinkError,
  type LinkPart,
  type LinkRow,
  type LinkState,
} from './schema.ts'

/** An outcome to be stored. Fields left out keep what the link has (a new link gets the column's default). */
export interface LinkOutcome {
  flowId: string
  workspaceId: string
  /** The lease under which the record was read; its token guards the write. */
  lease: Lease
  state: LinkState
  /** The want_version that this outcome is level with; left out: have_version stays (the record is tried again). */
  haveVersion?: number
  reason?: string | null
  complete?: boolean
  sourceHash?: string | null
  rulesHash?: string | null
  targetObject?: string | null
  targetId?: string | null
  targetKey?: string | null
  parts?: Record<string, LinkPart>
  /** Open intents that remain; default: none. */
  pending?: Record<string, Intent>
  label?: string | null
  summary?: JsonObject
  /** 0 after a success, one more after a failure. */
  attempts?: number
  nextTryAt?: Date | null
  lastError?: LinkError | null
  sourceModifiedAt?: Date | null
  /** True when the target was written or found equal: moves synced_at. */
  synced?: boolean
}

export interface Finished {
  flowId: string
  externalId: string
  /** Of the record now; above the outcome's haveVersion means: send the job again, in this transaction. */
  wantVersion: number
}

/** The links of these records in a flow, by external id. */
export async function loadLinks(
  db: Executor,
  flowId: string,
  externalIds: readonly string[],
): Promise<Map<string, LinkRow>> {
  if (externalIds.length === 0) return new Map()
  // One look-up per key: as a join, a table without statistics yet (a first backfill) would be scanned each time.
  const { rows } = await sql<LinkRow>`
    select link.* from (select distinct id from unnest(${externalIds}::text[]) as ids(id)) as input
     cross join lateral (
       select * from link where flow_id = ${flowId} and external_id = input.id limit 1) as link`.execute(db)
  return new Map(rows.map((row) => [row.external_id, row]))
}

/** The input rows whose lease is still ours, with the record locked until the transaction ends. */
function stillOurs(leases: readonly Lease[]) {
  return sql`select r.external_id, r.connection_id, r.entity, r.want_version from record r
    join json_to_recordset(${leasesAsJson(leases)}::json)
      as lease(connection_id text, entity text, external_id text, token bigint)
      using (connection_id, entity, external_id)
    where r.lease_token = lease.token and r.lease_until is not null
    order by connection_id, entity, external_id for no key update of r`
}

/** Column, type, and the outcome's field it comes from. */
const OUTCOME_COLUMNS = [
  ['have_version', 'bigint', 'haveVersion'],
  ['reason', 'text', 'reason'],
  ['complete', 'boolean', 'complete'],
  ['source_hash', 'text', 'sourceHash'],
  ['rules_hash', 'text', 'rulesHash'],
  ['target_object', 'text', 'targetObject'],
  ['target_id', 'text', 'targetId'],
  ['target_key', 'text', 'targetKey'],
  ['parts', 'jsonb', 'parts'],
  ['label', 'text', 'label'],
  ['summary', 'jsonb', 'summary'],
  ['attempts', 'int', 'attempts'],
  ['next_try_at', 'timestamptz', 'nextTryAt'],
  ['last_error', 'jsonb', 'lastError'],
  ['source_modified_at', 'timestamptz', 'sourceModifiedAt'],
] as const

const DEFAULTS: Record<string, string> = {
  have_version: '-1',
  complete: 'false',
  parts: `'{}'`,
  summary: `'{}'`,
  attempts: '0',
}

function outcomeAsRow(outcome: LinkOutcome): JsonObject {
  const row: JsonObject = {
    flow_id: outcome.flowId,
    workspace_id: outcome.workspaceId,
    external_id: outcome.lease.externalId,
    connection_id: outcome.lease.connectionId,
    entity: outcome.lease.entity,
    state: outcome.state,
    pending: outcome.pending ?? {},
    synced: outcome.synced ?? false,
    given: 0,
  }
  let given = 0
  OUTCOME_COLUMNS.forEach(([column, , field], bit) => {
    if (outcome[field] === undefined) return
    row[column] = outcome[field]
    given |= 1 << bit
  })
  row['given'] = given
  return row
}

const columns = OUTCOME_COLUMNS.map(([column]) => column)
const recordset = sql.raw(
  `flow_id text, workspace_id text, external_id text, connection_id text, entity text, state text, pending jsonb,
   synced boolean, given int, ${OUTCOME_COLUMNS.map(([column, type]) => `${column} ${type}`).join(', ')}`,
)
/** The given value (its bit is set), else the link's own, else the default. */
const merged = sql.raw(
  columns
    .map((column, bit) => {
      const kept = DEFAULTS[column] ? `coalesce(old.${column}, ${DEFAULTS[column]})` : `old.${column}`
      return `case when i.given & ${1 << bit} <> 0 then i.${column} else ${kept} end as ${column}`
    })
    .join(', '),
)
const columnList = sql.raw(columns.join(', '))
const assignments = sql.raw(columns.map((column) => `${column} = excluded.${column}`).join(', '))

/**
 * Stores outcomes of any number of flows in one statement. Only rows whose lease is still ours are written; a
 * record's row stays locked until the caller's transaction ends, so a change that comes in between waits, and is
 * then seen either here (`wantVersion`) or by its own job.
 * @returns the stored ones; a missing one was fenced: somebody else has taken the lease over and does the work
 */
export async function finishLinks(tx: Executor, outcomes: readonly LinkOutcome[]): Promise<Finished[]> {
  if (outcomes.length === 0) return []
  const leases = new Map(
    outcomes.map(({ lease }) => [`${lease.connectionId}\n${lease.entity}\n${lease.externalId}`, lease]),
  )
  const { rows } = await sql<{ flow_id: string; external_id: string; want_version: number }>`
    with ours as (${stillOurs([...leases.values()])}),
    input as (
      select i.flow_id, i.workspace_id, i.external_id, i.state, i.pending, i.synced, ours.want_version,
             old.first_synced_at, old.synced_at, ${merged}
        from json_to_recordset(${json(outcomes.map(outcomeAsRow))}::json) as i(${recordset})
        join ours using (connection_id, entity, external_id)
        left join lateral (
          select * from link where flow_id = i.flow_id and external_id = i.external_id limit 1) as old on true),
    written as (
      insert into link as l (flow_id, workspace_id, external_id, state, pending, ${columnList}, first_synced_at, synced_at)
      select flow_id, workspace_id, external_id, state, pending, ${columnList},
             case when synced then coalesce(first_synced_at, now()) else first_synced_at end,
             case when synced then now() else synced_at end
        from input order by flow_id, external_id
      on conflict (flow_id, external_id) do update set
        state = excluded.state, pending = excluded.pending, ${assignments},
        first_synced_at = excluded.first_synced_at, synced_at = excluded.synced_at, updated_at = now()
      returning l.flow_id, l.external_id)
    select written.flow_id, written.external_id, input.want_version
      from written join input using (flow_id, external_id)`.execute(tx)
  return rows.map((row) => ({
    flowId: row.flow_id,
    externalId: row.external_id,
    wantVersion: row.want_version,
  }))
}

/** Links by what they lead to: for a two-way pair's other direction and for cards in the target. */
export async function findLinksByTarget(
  db: Executor,
  workspaceId: string,
  flowIds: readonly string[],
  targetObject: string,
  targetIds: readonly string[],
): Promise<LinkRow[]> {
  if (flowIds.length === 0 || targetIds.length === 0) return []
  return db
    .selectFrom('link')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('flow_id', 'in', [...flowIds])
    .where('target_object', '=', targetObject)
    .where('target_id', 'in', [...targetIds])
    .execute()
}
