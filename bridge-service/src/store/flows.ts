import { sql } from 'kysely'
import type { CauseRef } from '@crosswalk/shared/causes'
import { newId } from './ids.ts'
import { type Executor, type FlowRow, type FlowState, json, type JsonObject } from './schema.ts'

/** What may follow a state. A flow goes live only after a preview. */
export const FLOW_TRANSITIONS: Readonly<Record<FlowState, readonly FlowState[]>> = {
  draft: ['previewed'],
  previewed: ['draft', 'active'],
  active: ['paused'],
  paused: ['active', 'previewed'],
}

export interface NewFlow {
  id?: string
  workspaceId: string
  name: string
  sourceConnectionId: string
  targetConnectionId: string
  entity: string
  document?: string | null
  settings?: JsonObject
}

/** @throws when one of the connections is not in the workspace */
export async function createFlow(db: Executor, flow: NewFlow): Promise<FlowRow> {
  const ends = [...new Set([flow.sourceConnectionId, flow.targetConnectionId])]
  const known = await db
    .selectFrom('connection')
    .select('id')
    .where('workspace_id', '=', flow.workspaceId)
    .where('id', 'in', ends)
    .execute()
  if (known.length !== ends.length) throw new Error('A flow connects two connections of its own workspace.')
  return db
    .insertInto('flow')
    .values({
      id: flow.id ?? newId('flow'),
      workspace_id: flow.workspaceId,
      name: flow.name,
      source_connection_id: flow.sourceConnectionId,
      target_connection_id: flow.targetConnectionId,
      entity: flow.entity,
      document: flow.document ?? null,
      settings: json(flow.settings ?? {}),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes name, document or settings; new settings raise settings_version, so that links are compared anew. */
export async function updateFlow(
  db: Executor,
  workspaceId: string,
  id: string,
  change: { name?: string; document?: string | null; settings?: JsonObject },
): Promise<FlowRow | undefined> {
  const rules = change.settings !== undefined || change.document !== undefined
  return db
    .updateTable('flow')
    .set({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.document === undefined ? {} : { document: change.document }),
      ...(change.settings === undefined ? {} : { settings: json(change.settings) }),
      ...(rules ? { settings_version: sql<number>`settings_version + 1` } : {}),
      updated_at: sql<Date>`now()`,
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/**
 * @param stoppedBy why the bridge itself stops it, and by which cause; null where a person does
 * @returns undefined when the present state does not allow it, or there is no such flow
 */
export async function moveFlow(
  db: Executor,
  workspaceId: string,
  id: string,
  to: FlowState,
  reason: string | null = null,
  stoppedBy: FlowRow['stopped_by'] = null,
  stoppedCause: CauseRef | null = null,
): Promise<FlowRow | undefined> {
  const from = (Object.keys(FLOW_TRANSITIONS) as FlowState[]).filter((state) =>
    FLOW_TRANSITIONS[state].includes(to),
  )
  return db
    .updateTable('flow')
    .set({
      state: to,
      state_reason: reason,
      stopped_by: stoppedBy,
      stopped_cause: stoppedCause === null ? null : json(stoppedCause),
      updated_at: sql<Date>`now()`,
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('state', 'in', from)
    .returningAll()
    .executeTakeFirst()
}

/** What keeps an active flow from reading its source, or null once it reads again. */
export async function noteFlowTrouble(db: Executor, id: string, reason: string | null): Promise<void> {
  await db
    .updateTable('flow')
    .set({ state_reason: reason })
    .where('id', '=', id)
    .where('state', '=', 'active')
    .where('state_reason', 'is distinct from', reason)
    .execute()
}

export async function getFlow(db: Executor, workspaceId: string, id: string): Promise<FlowRow | undefined> {
  return db
    .selectFrom('flow')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function listFlows(db: Executor, workspaceId: string): Promise<FlowRow[]> {
  return db
    .selectFrom('flow')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** For workers, which come from a job: several at once, of any workspace. */
export async function loadFlows(db: Executor, ids: readonly string[]): Promise<Map<string, FlowRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('flow')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** The active flows that read an entity of a connection: whom a notice about it concerns. */
export async function findActiveFlows(
  db: Executor,
  sourceConnectionId: string,
  entity: string,
): Promise<FlowRow[]> {
  return db
    .selectFrom('flow')
    .selectAll()
    .where('source_connection_id', '=', sourceConnectionId)
    .where('entity', '=', entity)
    .where('state', '=', 'active')
    .orderBy('id')
    .execute()
}

/** All active flows, for the bell that rings due sweeps and reconciliations. */
export async function listActiveFlows(db: Executor): Promise<FlowRow[]> {
  return db.selectFrom('flow').selectAll().where('state', '=', 'active').orderBy('id').execute()
}

/** Removes a flow with its links, cursors, history and counters. What it wrote in the target stays. */
export async function deleteFlow(tx: Executor, workspaceId: string, id: string): Promise<boolean> {
  await sql`delete from payload where id in (select p.payload_id from preview_record p
    join run r on r.id = p.run_id where r.flow_id = ${id} and r.workspace_id = ${workspaceId})`.execute(tx)
  const row = await tx
    .deleteFrom('flow')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  if (!row) return false
  for (const table of [
    'link',
    'cursor',
    'attempt',
    'attempt_pack',
    'counter',
    'intent',
    'activity',
    'failure',
    'record_edit',
  ] as const) {
    await tx.deleteFrom(table).where('flow_id', '=', id).execute()
  }
  return true
}
