import { z } from 'zod'
import { Day, ExternalId, FlowId, Time } from './common.ts'
import { endpoint } from './endpoint.ts'

/** Amounts are decimal text; null where records carry none or the target's cannot be read. */
const Side = z.object({ count: z.number(), amount: z.string().nullable() })

export const RECONCILE_VERDICTS = ['missing', 'incomplete', 'differing'] as const

/** Both sides of a flow on one day, in one currency, by the day the records were made at the source. */
export const ReconcileDay = z
  .object({
    day: Day,
    /** Null where the records carry no amounts. */
    currency: z.string().nullable(),
    source: Side,
    target: Side,
    /** Were not in the target, and were sent again. */
    missing: z.number(),
    /** Were not whole in the target, or not as the source has them now, and were sent again. */
    incomplete: z.number(),
    /** Have another amount in the target; nothing was written. */
    differing: z.number(),
    /** Stand in the list of failures. */
    failed: z.number(),
    /** Up to 20 of each kind. */
    examples: z.array(
      z.object({
        externalId: ExternalId,
        what: z.enum(RECONCILE_VERDICTS),
        source: z.string().nullable(),
        target: z.string().nullable(),
      }),
    ),
    checkedAt: Time,
  })
  .meta({ id: 'ReconcileDay' })
export type ReconcileDay = z.infer<typeof ReconcileDay>

export const reconcile = {
  days: endpoint({
    method: 'GET',
    path: '/flows/:flowId/reconcile',
    summary: 'Counts and sums of both sides per day, newest first; days without records are absent',
    params: z.object({ flowId: FlowId }),
    query: z.object({ days: z.coerce.number().int().min(1).max(400).default(60) }),
    response: z.object({ items: z.array(ReconcileDay) }),
  }),
}
