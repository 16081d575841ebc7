import { sql } from 'kysely'
import { newId } from './ids.ts'
import { leasesAsJson, type Lease } from './records.ts'
import { type Executor, type Intent, json } from './schema.ts'

export interface IntentRow {
  workspaceId: string
  lease: Lease
  /** By part key; added to those that are open. */
  pending: Record<string, Intent>
  /** Kept with the intent so that a restart knows what to look for. */
  targetObject?: string
  targetKey?: string
}

/** A lease that ends sooner could be another's before the statement that looked at it is committed. */
const MARGIN_MS = 2_000

/**
 * Stores what a batch is about to create, before it is sent, as one row. Commit it before the call.
 * @returns its id; null when the lease of any of the records is lost: then nothing may be sent
 */
export async function saveIntents(
  db: Executor,
  flowId: string,
  rows: readonly IntentRow[],
): Promise<string | null> {
  const id = newId('intent')
  const input = rows.map((row) => ({
    external_id: row.lease.externalId,
    workspace_id: row.workspaceId,
    pending: row.pending,
    target_object: row.targetObject,
    target_key: row.targetKey,
  }))
  const leases = rows.map((row) => row.lease)
  const { rows: saved } = await sql<{ id: string }>`
    insert into intent (id, flow_id, external_ids, rows)
    select ${id}::text, ${flowId}::text, ${leases.map((lease) => lease.externalId)}::text[], ${json(input)}::jsonb
     where ${leases.length}::int = (select count(*) from record r
      join json_to_recordset(${leasesAsJson(leases)}::json)
        as lease(connection_id text, entity text, external_id text, token bigint)
        using (connection_id, entity, external_id)
      where r.lease_token = lease.token
        and r.lease_until > clock_timestamp() + ${MARGIN_MS}::int * interval '1 ms')
    returning id`.execute(db)
  return saved[0]?.id ?? null
}

/** The batches have come to an outcome, which says itself what stays open. In the transaction that stores it. */
export async function closeIntents(tx: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`delete from intent where id = any(${ids}::text[])`.execute(tx)
}

/**
 * Moves what batches that came to no outcome were about to create to the links of their records. Call it with records
 * that have just been leased: whoever stored an intent for one of them lost it.
 */
export async function takeOverIntents(
  db: Executor,
  flowId: string,
  externalIds: readonly string[],
): Promise<void> {
  if (externalIds.length === 0) return
  await sql`
    with stale as (
      delete from intent where flow_id = ${flowId} and external_ids && ${externalIds}::text[] returning rows),
    input as (
      select i.external_id, max(i.workspace_id) as workspace_id, jsonb_object_agg(part.key, part.value) as pending,
             max(i.target_object) as target_object, max(i.target_key) as target_key
        from stale, jsonb_to_recordset(stale.rows) as i(
          external_id text, workspace_id text, pending jsonb, target_object text, target_key text),
          jsonb_each(i.pending) as part
       group by i.external_id)
    insert into link as l (flow_id, workspace_id, external_id, pending, target_object, target_key)
    select ${flowId}::text, workspace_id, external_id, pending, target_object, target_key
      from input order by external_id
    on conflict (flow_id, external_id) do update
      set pending = l.pending || excluded.pending, updated_at = now(),
          target_object = coalesce(excluded.target_object, l.target_object),
          target_key = coalesce(excluded.target_key, l.target_key)`.execute(db)
}
