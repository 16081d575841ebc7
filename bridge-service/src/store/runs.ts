import { sql } from 'kysely'
import { newId } from './ids.ts'
import { type Executor, json, type JsonObject, type RunKind, type RunRow, type RunState } from './schema.ts'

/** What may follow a state. The last four are final. */
export const RUN_TRANSITIONS: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'paused', 'cancelled', 'failed'],
  running: ['paused', 'succeeded', 'partial', 'failed', 'cancelled'],
  paused: ['queued', 'running', 'cancelled'],
  succeeded: [],
  partial: [],
  failed: [],
  cancelled: [],
}

export class IllegalRunTransition extends Error {
  override name = 'IllegalRunTransition'
}

export interface NewRun {
  workspaceId: string
  flowId: string
  kind: RunKind
  options?: JsonObject
  requestedBy?: string | null
  total?: number | null
}

export async function createRun(db: Executor, run: NewRun): Promise<RunRow> {
  return db
    .insertInto('run')
    .values({
      id: newId('run'),
      workspace_id: run.workspaceId,
      flow_id: run.flowId,
      kind: run.kind,
      options: json(run.options ?? {}),
      requested_by: run.requestedBy ?? null,
      total: run.total ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/**
 * Moves a run to another state, in one conditional statement.
 * @throws {IllegalRunTransition} when its present state does not allow it, or there is no such run
 */
export async function moveRun(
  db: Executor,
  workspaceId: string,
  id: string,
  to: RunState,
  reason: string | null = null,
): Promise<RunRow> {
  const from = (Object.keys(RUN_TRANSITIONS) as RunState[]).filter((state) =>
    RUN_TRANSITIONS[state].includes(to),
  )
  const final = RUN_TRANSITIONS[to].length === 0
  const row = await db
    .updateTable('run')
    .set({
      state: to,
      reason,
      ...(to === 'running' ? { started_at: sql<Date>`coalesce(started_at, now())` } : {}),
      ...(final ? { finished_at: sql<Date>`now()` } : {}),
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('state', 'in', from)
    .returningAll()
    .executeTakeFirst()
  if (row) return row
  const present = await getRun(db, workspaceId, id)
  throw new IllegalRunTransition(
    present
      ? `A run that is ${present.state} cannot become ${to}.`
      : `There is no run ${id} in this workspace.`,
  )
}

export interface RunProgress {
  done?: number
  created?: number
  updated?: number
  unchanged?: number
  skipped?: number
  failed?: number
  /** New position; undefined leaves it. */
  cursor?: JsonObject | null
  total?: number | null
}

/**
 * Adds to a run's counts and moves its cursor, in the transaction that stores the outcomes.
 * @returns the run as it is now: a chunk whose run is no longer `running` sends no next chunk
 */
export async function addRunProgress(
  tx: Executor,
  id: string,
  progress: RunProgress,
): Promise<RunRow | undefined> {
  const add = (column: string, count = 0) => sql<number>`${sql.ref(column)} + ${count}::bigint`
  return tx
    .updateTable('run')
    .set({
      done: add('done', progress.done),
      created_count: add('created_count', progress.created),
      updated_count: add('updated_count', progress.updated),
      unchanged_count: add('unchanged_count', progress.unchanged),
      skipped_count: add('skipped_count', progress.skipped),
      failed_count: add('failed_count', progress.failed),
      ...(progress.cursor === undefined
        ? {}
        : { cursor: progress.cursor === null ? null : json(progress.cursor) }),
      ...(progress.total === undefined ? {} : { total: progress.total }),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

export async function getRun(db: Executor, workspaceId: string, id: string): Promise<RunRow | undefined> {
  return db
    .selectFrom('run')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** For workers, which come from a job and know no workspace. */
export async function getRunById(db: Executor, id: string): Promise<RunRow | undefined> {
  return db.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Runs, newest first, paged by creation time and id. */
export async function listRuns(
  db: Executor,
  filter: {
    workspaceId: string
    flowId?: string
    states?: readonly RunState[]
    after?: { createdAt: Date; id: string }
    limit: number
  },
): Promise<RunRow[]> {
  const { after } = filter
  return db
    .selectFrom('run')
    .selectAll()
    .where('workspace_id', '=', filter.workspaceId)
    .$if(filter.flowId !== undefined, (query) => query.where('flow_id', '=', filter.flowId as string))
    .$if(filter.states !== undefined, (query) => query.where('state', 'in', [...(filter.states ?? [])]))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(created_at, id) < (${after?.createdAt}::timestamptz, ${after?.id}::text)`),
    )
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(Math.min(Math.max(filter.limit, 1), 200))
    .execute()
}

/** Runs that are not finished, of all workspaces, and where they write to: at start their chunks are sent again. */
export async function listOpenRuns(db: Executor): Promise<{ id: string; target_connection_id: string }[]> {
  return db
    .selectFrom('run')
    .innerJoin('flow', 'flow.id', 'run.flow_id')
    .select(['run.id', 'flow.target_connection_id'])
    .where('run.state', 'in', ['queued', 'running'])
    .orderBy('run.created_at')
    .execute()
}
