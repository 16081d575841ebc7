import { sql } from 'kysely'
import { type Executor, json, type PreviewRecordRow } from './schema.ts'

export type PreviewAction = PreviewRecordRow['action']

/** What a preview found of one record. `seq` is its place in the order of reading. */
export interface NewPreviewRecord {
  seq: number
  externalId: string
  label: string | null
  action: PreviewAction
  cause: string | null
  reason: string | null
  payloadId: string | null
}

/** Stores what a page of a preview run found, in one statement. */
export async function addPreviewRecords(
  tx: Executor,
  runId: string,
  records: readonly NewPreviewRecord[],
): Promise<void> {
  if (records.length === 0) return
  await sql`
    insert into preview_record (run_id, seq, external_id, label, action, cause, reason, payload_id)
    select ${runId}::text, seq, "externalId", label, action, cause, reason, "payloadId"
      from json_to_recordset(${json(records)}::json) as i(seq bigint, "externalId" text, label text, action text,
        cause text, reason text, "payloadId" text)`.execute(tx)
}

export interface PreviewFilter {
  runId: string
  action?: PreviewAction
  cause?: string
  /** The last `seq` of the page before. */
  after?: number
  /** At most 200. */
  limit: number
}

/** What a preview run found, in the order of reading, paged by key, each with its sealed differences while they are kept. */
export async function listPreviewRecords(
  db: Executor,
  filter: PreviewFilter,
): Promise<(PreviewRecordRow & { sealed: Uint8Array | null })[]> {
  return db
    .selectFrom('preview_record as p')
    .leftJoin('payload', 'payload.id', 'p.payload_id')
    .selectAll('p')
    .select('payload.sealed')
    .where('p.run_id', '=', filter.runId)
    .$if(filter.action !== undefined, (query) => query.where('p.action', '=', filter.action as PreviewAction))
    .$if(filter.cause !== undefined, (query) => query.where('p.cause', '=', filter.cause as string))
    .$if(filter.after !== undefined, (query) => query.where('p.seq', '>', filter.after as number))
    .orderBy('p.seq')
    .limit(Math.min(Math.max(filter.limit, 1), 200))
    .execute()
}

export interface PreviewGroup {
  action: PreviewAction
  cause: string
  /** One of its sentences. */
  reason: string
  count: number
}

/** What leaves records out and what fails them, the largest group first. */
export async function groupPreviewRecords(db: Executor, runId: string): Promise<PreviewGroup[]> {
  const { rows } = await sql<PreviewGroup>`
    select action, cause, min(reason) as reason, count(*) as count from preview_record
     where run_id = ${runId} and action in ('skip', 'fail') and cause is not null
     group by action, cause order by count desc, action, cause limit 100`.execute(db)
  return rows.map((row) => ({ ...row, reason: row.reason ?? '' }))
}
