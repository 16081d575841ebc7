import { sql } from 'kysely'
import type { CauseRef } from '@crosswalk/shared/causes'
import type { FailureEnding } from './failure-schema.ts'
import { type Executor, type FlowRow, json } from './schema.ts'

/** A failure as the pipeline met it. */
export interface NewFailure {
  /** Counts where the record has none yet. */
  id: string
  workspaceId: string
  flowId: string
  externalId: string
  state: 'open' | 'waiting'
  cause: CauseRef
  groupId: string
  /** Of one that waits. */
  nextTryAt: Date | null
}

/**
 * Stores why records are not where they should be, one line per record and flow: one that is there keeps since when, and
 * counts one more try. One that was ignored is open again: its record has changed since, or was tried on purpose.
 */
export async function keepFailures(tx: Executor, failures: readonly NewFailure[]): Promise<void> {
  if (failures.length === 0) return
  const input = failures.map(({ cause, ...rest }) => ({ ...rest, cause: cause.key, params: cause.params }))
  await sql`
    insert into failure as f (id, workspace_id, flow_id, external_id, state, cause, group_id, params, next_try_at)
    select id, "workspaceId", "flowId", "externalId", state, cause, "groupId", params, "nextTryAt"
      from json_to_recordset(${json(input)}::json) as i(id text, "workspaceId" text, "flowId" text, "externalId" text,
        state text, cause text, "groupId" text, params jsonb, "nextTryAt" timestamptz)
     order by "flowId", "externalId"
    on conflict (flow_id, external_id) where state <> 'ended' do update
      set state = excluded.state, cause = excluded.cause, group_id = excluded.group_id, params = excluded.params,
          next_try_at = excluded.next_try_at, last_at = now(), tries = f.tries + 1, note = null, decided_by = null,
          kept_error = null, closed_at = null`.execute(tx)
}

/** Rows of these records that have not ended. One look-up per key: without statistics a join would read the whole table. */
const present = (flowId: string, externalIds: readonly string[]) => sql`array(
  select f.id from (select distinct id from unnest(${externalIds}::text[]) as ids(id)) as input
   cross join lateral (select id from failure
     where flow_id = ${flowId} and external_id = input.id and state <> 'ended' limit 1) as f)`

/** Ends the failures of records that are well, or not sent any more; those that have none are passed by. */
export async function endFailures(
  tx: Executor,
  flowId: string,
  externalIds: readonly string[],
  how: FailureEnding,
): Promise<void> {
  if (externalIds.length === 0) return
  await sql`
    update failure set state = 'ended', ended_how = ${how}, closed_at = now(), next_try_at = null, kept_error = null
     where id = any(${present(flowId, externalIds)})`.execute(tx)
}

type Flow = Pick<FlowRow, 'id' | 'workspace_id' | 'source_connection_id' | 'entity'>

/**
 * Which records somebody works on just now. All are locked until the transaction ends: who takes one up after that finds
 * what was decided here.
 */
async function heldRecords(tx: Executor, flow: Flow, externalIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ external_id: string; held: boolean }>`
    select external_id, coalesce(lease_until > now(), false) as held from record
     where connection_id = ${flow.source_connection_id} and entity = ${flow.entity}
       and external_id = any(${externalIds}::text[])
     order by external_id for no key update`.execute(tx)
  return new Set(rows.filter(({ held }) => held).map((row) => row.external_id))
}

/**
 * Sets failed records aside until they change at their source.
 * @returns ids of those that were failed, and of those that are being tried just now; the others are passed by
 */
export async function ignoreFailures(
  tx: Executor,
  flow: Flow,
  externalIds: readonly string[],
  decision: { note: string; by: string },
): Promise<{ ignored: string[]; held: string[] }> {
  const held = await heldRecords(tx, flow, externalIds)
  const free = externalIds.filter((id) => !held.has(id))
  const { rows } = await sql<{ external_id: string }>`
    with failed as (
      select flow_id, external_id, last_error from link
       where workspace_id = ${flow.workspace_id} and flow_id = ${flow.id} and state = 'failed'
         and external_id = any(${free}::text[]) order by external_id for update),
    aside as (
      update failure f set state = 'ignored', note = ${decision.note}, decided_by = ${decision.by}, closed_at = now(),
             next_try_at = null, kept_error = failed.last_error
        from failed where f.flow_id = failed.flow_id and f.external_id = failed.external_id and f.state = 'open'
      returning f.external_id)
    update link l set state = 'skipped', reason = ${decision.note}, last_error = null, next_try_at = null,
           updated_at = now()
      from aside where l.flow_id = ${flow.id} and l.external_id = aside.external_id
    returning l.external_id`.execute(tx)
  return { ignored: rows.map((row) => row.external_id), held: [...held] }
}

/**
 * Takes back that records were set aside: they stand failed as before.
 * @returns ids of those that were set aside
 */
export async function restoreFailures(
  tx: Executor,
  flow: Flow,
  externalIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ external_id: string }>`
    with back as (
      select id, external_id, kept_error from failure
       where workspace_id = ${flow.workspace_id} and flow_id = ${flow.id} and state = 'ignored'
         and external_id = any(${externalIds}::text[]) order by external_id for update),
    stands as (
      update link l set state = 'failed', reason = back.kept_error->>'message', last_error = back.kept_error,
             updated_at = now()
        from back where l.flow_id = ${flow.id} and l.external_id = back.external_id and l.state = 'skipped'
      returning l.external_id)
    update failure f set state = 'open', note = null, decided_by = null, kept_error = null, closed_at = null
      from back join stands using (external_id) where f.id = back.id
    returning f.external_id`.execute(tx)
  return rows.map((row) => row.external_id)
}
