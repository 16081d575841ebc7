import { z } from 'zod'
import { ExternalId, FlowId, MatchId, PageQuery, pageOf, PartRole, RunId, Time } from './common.ts'
import { endpoint } from './endpoint.ts'
import { Run } from './runs.ts'

/** A record of the target that may be meant. Its words are read there when somebody looks; null where it does not answer. */
export const MatchCandidate = z
  .object({
    id: z.string(),
    /** What it has in common, such as `Domain`. */
    by: z.string(),
    label: z.string().nullable(),
    url: z.string().nullable(),
  })
  .meta({ id: 'MatchCandidate' })

/** A customer, company, product … of the source for which the target has several records. */
export const MatchCase = z
  .object({
    id: MatchId,
    role: PartRole,
    object: z.string(),
    objectLabel: z.string(),
    /** Who or what it is at the source; null where that does not answer. */
    label: z.string().nullable(),
    /** A record that speaks of it. */
    externalId: ExternalId,
    /** Records that wait for the decision now. */
    waiting: z.number(),
    /** Records that speak of it in the flow's last match report; null where that did not meet it. */
    records: z.number().nullable(),
    candidates: z.array(MatchCandidate),
    /** Null until somebody decides. */
    decision: z
      .object({
        as: z.enum(['candidate', 'create', 'leave_out']),
        targetId: z.string().nullable(),
        by: z.string().nullable(),
        at: Time,
      })
      .nullable(),
    createdAt: Time,
  })
  .meta({ id: 'MatchCase' })
export type MatchCase = z.infer<typeof MatchCase>

/** How many of one part there are among the records looked at; `total` is the sum of the others. */
export const MatchRow = z
  .object({
    role: PartRole,
    object: z.string(),
    objectLabel: z.string(),
    total: z.number(),
    /** The target has it. */
    matched: z.number(),
    /** What they were found by, the most frequent first; `link`: known from before. */
    matchedBy: z.array(z.object({ by: z.string(), count: z.number() })),
    /** Would be made. */
    create: z.number(),
    /** Somebody has to decide. */
    ambiguous: z.number(),
    /** There is nothing to find it by. */
    noKey: z.number(),
    /** Not there, and the flow does not make it. */
    absent: z.number(),
    /** The target did not let us look. */
    unknown: z.number(),
  })
  .meta({ id: 'MatchRow' })

const params = z.object({ flowId: FlowId })

export const matches = {
  report: endpoint({
    method: 'GET',
    path: '/runs/:runId/match',
    summary:
      'What a match report found so far: of each part how many the target has already, and how many not',
    params: z.object({ runId: RunId }),
    /** Of `run.counts`: `skipped` are left out by rules of the flow, `failed` could not be read. */
    response: z.object({ run: Run, rows: z.array(MatchRow) }),
  }),
  list: endpoint({
    method: 'GET',
    path: '/flows/:flowId/matches',
    summary: 'What people have to decide, or have decided: which of several records in the target is meant',
    params,
    query: PageQuery.extend({ state: z.enum(['open', 'decided']).optional(), role: PartRole.optional() }),
    /** `warning`: why words are missing, where an account did not answer. */
    response: pageOf(MatchCase).extend({ warning: z.string().nullable() }),
  }),
  decide: endpoint({
    method: 'POST',
    path: '/flows/:flowId/matches/decide',
    summary: 'Decide some cases or all that are open; records that waited for them go on',
    params,
    body: z
      .strictObject({
        ids: z.array(MatchId).min(1).max(200).optional(),
        /** All that are open, or those of one part. */
        all: z.strictObject({ role: PartRole.optional() }).optional(),
        /** `oldest`: the candidate that was made first. `undecided` takes a decision back. */
        as: z.enum(['candidate', 'oldest', 'create', 'leave_out', 'undecided']),
        /** The candidate that is meant. */
        targetId: z.string().min(1).max(200).optional(),
      })
      .refine((body) => (body.ids === undefined) !== (body.all === undefined), {
        message: 'give either ids or all',
      })
      .refine((body) => (body.as === 'candidate') === (body.targetId !== undefined), {
        message: 'a candidate is named by targetId, and only a candidate is',
      })
      .refine((body) => body.as !== 'candidate' || body.ids?.length === 1, {
        message: 'a candidate can be chosen for one case at a time',
      }),
    /** `sent`: records that waited and are tried again. `more`: there were too many for one call; call again. */
    response: z.object({ decided: z.number(), sent: z.number(), more: z.boolean() }),
  }),
}
