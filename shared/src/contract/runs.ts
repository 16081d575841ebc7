import { z } from 'zod'
import { ExternalId, FlowId, PageQuery, pageOf, RunId, Time } from './common.ts'
import { endpoint } from './endpoint.ts'

export const RUN_STATES = [
  'queued',
  'running',
  'paused',
  'succeeded',
  'partial',
  'failed',
  'cancelled',
] as const

export const Run = z
  .object({
    id: RunId,
    flowId: FlowId,
    kind: z.enum(['backfill', 'sweep', 'preview', 'replay', 'reconcile', 'match']),
    state: z.enum(RUN_STATES),
    /** Null while nobody knows. */
    total: z.number().nullable(),
    done: z.number(),
    counts: z.object({
      created: z.number(),
      updated: z.number(),
      unchanged: z.number(),
      skipped: z.number(),
      failed: z.number(),
    }),
    /** Records a second since it started; null before. */
    rate: z.number().nullable(),
    /** Seconds to go at that rate; null where it cannot be told. */
    remainingSeconds: z.number().nullable(),
    reason: z.string().nullable(),
    requestedBy: z.string().nullable(),
    createdAt: Time,
    startedAt: Time.nullable(),
    finishedAt: Time.nullable(),
  })
  .meta({ id: 'Run' })
export type Run = z.infer<typeof Run>

/** Records to look at: the newest ones, those made in a span of time, or named ones. */
export const RunScope = z
  .strictObject({
    last: z.int().min(1).max(10_000_000).optional(),
    /** Made at or after this; null: from the beginning. Counts in place of the flow's start date. */
    from: Time.nullable().optional(),
    /** Made before this. */
    to: Time.optional(),
    externalIds: z.array(ExternalId).min(1).max(1_000).optional(),
  })
  .refine(
    ({ last, from, to, externalIds }) =>
      [last, externalIds, from ?? to].filter((one) => one !== undefined).length <= 1,
    { message: 'give the newest ones, dates, or ids' },
  )
  .meta({ id: 'RunScope' })

const params = z.object({ runId: RunId })
const turn = (verb: 'pause' | 'resume' | 'cancel', summary: string) =>
  endpoint({ method: 'POST', path: `/runs/:runId/${verb}`, summary, params, response: Run })

/** Progress is also streamed as server-sent events: `GET /runs/:runId/events`. */
export const runs = {
  list: endpoint({
    method: 'GET',
    path: '/runs',
    summary: 'Runs, newest first',
    query: PageQuery.extend({ flowId: FlowId.optional(), state: z.enum(RUN_STATES).optional() }),
    response: pageOf(Run),
  }),
  get: endpoint({ method: 'GET', path: '/runs/:runId', summary: 'One run', params, response: Run }),
  start: endpoint({
    method: 'POST',
    path: '/flows/:flowId/runs',
    summary:
      'Start a backfill, read now what has changed, compare both sides, or look at what would happen (match, preview)',
    status: 202,
    params: z.object({ flowId: FlowId }),
    body: z
      .strictObject({
        kind: z.enum(['backfill', 'sweep', 'reconcile', 'match', 'preview']),
        /** Of a backfill: only records made from then on; null: all there are. Absent: from the flow's start date. */
        from: Time.nullable().optional(),
        /** Of a backfill: what the flow carries already, for rules that were changed; `from` is then its own affair. */
        existing: z.boolean().optional(),
        /** Of a reconciliation: how many days it goes back; 35 where nothing is said. */
        days: z.int().min(1).max(400).optional(),
        /** Of a match report or a preview: which records are looked at; all that the flow carries where absent. */
        scope: RunScope.optional(),
      })
      .refine((body) => body.scope === undefined || body.kind === 'match' || body.kind === 'preview', {
        message: 'only a match report and a preview take a scope',
        path: ['scope'],
      })
      .refine((body) => body.existing !== true || (body.kind === 'backfill' && body.from === undefined), {
        message: 'only a backfill without a date is one of existing records',
        path: ['existing'],
      }),
    response: Run,
  }),
  pause: turn('pause', 'Pause a run after the page it is at'),
  resume: turn('resume', 'Go on with a paused run'),
  cancel: turn('cancel', 'End a run; what it has done stays'),
}
