import { sql } from 'kysely'
import { type AttemptRow, type Executor, json } from './schema.ts'

export interface NewAttempt {
  workspaceId: string
  flowId: string
  externalId: string
  runId?: string | null
  step: string
  outcome: string
  /** One sentence without personal data. */
  summary: string
  /** Keyed hash of the e-mail address that the detail speaks of. */
  subjectHash?: string | null
  /** Pack with its drafts and traces. */
  pack?: string | null
  durationMs?: number | null
  mappingVersion?: number | null
}

/** Appends to the records' histories, in one statement. */
export async function addAttempts(db: Executor, attempts: readonly NewAttempt[]): Promise<void> {
  if (attempts.length === 0) return
  const input = attempts.map((attempt) => ({
    ...attempt,
    durationMs: Math.round(attempt.durationMs ?? NaN),
  }))
  await sql`
    insert into attempt (workspace_id, flow_id, external_id, run_id, step, outcome, summary, subject_hash, pack, duration_ms,
                         mapping_version)
    select "workspaceId", "flowId", "externalId", "runId", step, outcome, summary, "subjectHash", pack,
           "durationMs", "mappingVersion"
      from json_to_recordset(${json(input)}::json) as i(
        "workspaceId" text, "flowId" text, "externalId" text, "runId" text, step text, outcome text, summary text,
        "subjectHash" text, pack text, "durationMs" int, "mappingVersion" int)`.execute(db)
}

export interface AttemptFilter {
  workspaceId: string
  flowId?: string
  externalId?: string
  runId?: string
  outcome?: string
  /** Only older ones: the id of the last row of the page before. */
  before?: number
  /** At most 200. */
  limit: number
}

/** Attempts, newest first. */
export async function listAttempts(
  db: Executor,
  filter: AttemptFilter,
): Promise<Omit<AttemptRow, 'pack' | 'subject_hash'>[]> {
  return db
    .selectFrom('attempt')
    .select(['id', 'workspace_id', 'flow_id', 'external_id', 'run_id', 'at', 'step', 'outcome', 'summary'])
    .select(['duration_ms', 'mapping_version'])
    .where('workspace_id', '=', filter.workspaceId)
    .$if(filter.flowId !== undefined, (query) => query.where('flow_id', '=', filter.flowId as string))
    .$if(filter.externalId !== undefined, (query) =>
      query.where('external_id', '=', filter.externalId as string),
    )
    .$if(filter.runId !== undefined, (query) => query.where('run_id', '=', filter.runId as string))
    .$if(filter.outcome !== undefined, (query) => query.where('outcome', '=', filter.outcome as string))
    .$if(filter.before !== undefined, (query) => query.where('id', '<', filter.before as number))
    .orderBy('id', 'desc')
    .limit(Math.min(Math.max(filter.limit, 1), 200))
    .execute()
}

/** One attempt, with the pack that has its detail, or undefined. */
export async function getAttempt(
  db: Executor,
  workspaceId: string,
  id: number,
): Promise<AttemptRow | undefined> {
  return db
    .selectFrom('attempt')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Attempts whose detail speaks of a person, newest first. */
export const listAttemptsOf = async (
  db: Executor,
  workspaceId: string,
  subjectHash: string,
  limit: number,
): Promise<AttemptRow[]> =>
  db
    .selectFrom('attempt')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('subject_hash', '=', subjectHash)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
