import { z } from 'zod'
import { ExternalId, FlowId, JsonObject, MatchId, PageQuery, pageOf, RunId, Time } from './common.ts'
import { endpoint } from './endpoint.ts'
import { Failure } from './failures.ts'

export const RECORD_STATES = ['linked', 'skipped', 'failed', 'pending', 'deleted'] as const

/** A record of the source as one flow carries it, with its link to the target. */
export const SyncRecord = z
  .object({
    flowId: FlowId,
    externalId: ExternalId,
    label: z.string().nullable(),
    state: z.enum(RECORD_STATES),
    reason: z.string().nullable(),
    complete: z.boolean(),
    target: z.object({ object: z.string(), id: z.string(), url: z.string().nullable() }).nullable(),
    error: z
      .object({
        code: z.string(),
        message: z.string(),
        part: z.string().nullable(),
        field: z.string().nullable(),
        /** What somebody has to decide first. */
        match: MatchId.nullable(),
      })
      .nullable(),
    attempts: z.number(),
    nextTryAt: Time.nullable(),
    sourceModifiedAt: Time.nullable(),
    firstSyncedAt: Time.nullable(),
    syncedAt: Time.nullable(),
    updatedAt: Time,
  })
  .meta({ id: 'SyncRecord' })
export type SyncRecord = z.infer<typeof SyncRecord>

export const Attempt = z
  .object({
    id: z.number(),
    at: Time,
    step: z.string(),
    outcome: z.string(),
    summary: z.string(),
    runId: RunId.nullable(),
    durationMs: z.number().nullable(),
    mappingVersion: z.number().nullable(),
  })
  .meta({ id: 'Attempt' })

/** What came, what each rule did, what was sent; null once it was erased. Its shape follows the connector's parts. */
export const AttemptDetail = JsonObject.nullable()

const place = z.object({ flowId: FlowId, externalId: ExternalId })

export const RecordQuery = PageQuery.extend({
  flowId: FlowId.optional(),
  state: z.enum(RECORD_STATES).optional(),
  /** Cause of a failure. */
  code: z.string().max(80).optional(),
  /** Part of the label, or the whole id. */
  search: z.string().trim().min(1).max(100).optional(),
})

export const records = {
  list: endpoint({
    method: 'GET',
    path: '/records',
    summary: 'Records, last changed first',
    query: RecordQuery,
    response: pageOf(SyncRecord),
  }),
  get: endpoint({
    method: 'GET',
    path: '/flows/:flowId/records/:externalId',
    summary: 'One record with its parts, its history and the detail of its last attempt',
    params: place,
    response: SyncRecord.extend({
      parts: z.array(z.object({ part: z.string(), id: z.string().nullable(), done: z.boolean() })),
      summary: JsonObject,
      history: z.array(Attempt),
      detail: AttemptDetail,
      /** Why it is not where it should be; null where it is. */
      failure: Failure.nullable(),
    }),
  }),
  attempt: endpoint({
    method: 'GET',
    path: '/flows/:flowId/records/:externalId/attempts/:attemptId',
    summary: 'One attempt with its detail',
    params: place.extend({ attemptId: z.coerce.number().int().positive() }),
    response: Attempt.extend({ detail: AttemptDetail }),
  }),
  sync: endpoint({
    method: 'POST',
    path: '/flows/:flowId/records/sync',
    summary: 'Bring records up to date now',
    status: 202,
    params: z.object({ flowId: FlowId }),
    body: z.strictObject({
      externalIds: z.array(ExternalId).min(1).max(200),
      /** Also write what looks unchanged. */
      force: z.boolean().default(false),
    }),
    response: z.object({ accepted: z.number() }),
  }),
}
