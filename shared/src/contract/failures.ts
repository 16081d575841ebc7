import { z } from 'zod'
import { ExternalId, FlowId, PageQuery, pageOf, Time } from './common.ts'
import { endpoint } from './endpoint.ts'
import { SyncRecord } from './records.ts'

/** Failed records of one flow with one cause. */
export const FailureGroup = z
  .object({
    flowId: FlowId,
    flowName: z.string(),
    code: z.string(),
    /** What happened, in the words of the newest one. */
    message: z.string(),
    /** What to do. */
    remedy: z.string(),
    count: z.number(),
    lastAt: Time,
  })
  .meta({ id: 'FailureGroup' })

export const failures = {
  groups: endpoint({
    method: 'GET',
    path: '/failures/groups',
    summary: 'Open failures by cause, the largest group first',
    response: z.object({ items: z.array(FailureGroup) }),
  }),
  list: endpoint({
    method: 'GET',
    path: '/failures',
    summary: 'Failed records, last changed first',
    query: PageQuery.extend({ flowId: FlowId.optional(), code: z.string().max(80).optional() }),
    response: pageOf(SyncRecord),
  }),
  retry: endpoint({
    method: 'POST',
    path: '/failures/retry',
    summary: 'Try one record again, or all of one cause',
    status: 202,
    body: z
      .strictObject({
        flowId: FlowId,
        externalIds: z.array(ExternalId).min(1).max(200).optional(),
        code: z.string().max(80).optional(),
      })
      .refine((body) => (body.externalIds === undefined) !== (body.code === undefined), {
        message: 'give either externalIds or code',
      }),
    /** `more`: there were too many for one call; call again. */
    response: z.object({ accepted: z.number(), more: z.boolean() }),
  }),
  skip: endpoint({
    method: 'POST',
    path: '/failures/skip',
    summary: 'Set a failed record aside until it changes at the source',
    body: z.strictObject({ flowId: FlowId, externalId: ExternalId, note: z.string().trim().min(1).max(300) }),
    response: SyncRecord,
  }),
}
