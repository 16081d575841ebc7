import { z } from 'zod'
import { Day, ExternalId, FlowId, Time } from './common.ts'
import { endpoint } from './endpoint.ts'
import { SyncRecord } from './records.ts'

/** Amounts are decimal text; null where records carry none or the target's cannot be read. */
const Side = z.object({ count: z.number(), amount: z.string().nullable() })

/** `failed`: it stands in the list of failures. The others are those of `ReconcileDay`. */
export const RECONCILE_VERDICTS = ['missing', 'incomplete', 'differing', 'failed'] as const

const Example = z.object({
  externalId: ExternalId,
  what: z.enum(RECONCILE_VERDICTS),
  source: z.string().nullable(),
  target: z.string().nullable(),
})

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
    examples: z.array(Example),
    checkedAt: Time,
  })
  .meta({ id: 'ReconcileDay' })
export type ReconcileDay = z.infer<typeof ReconcileDay>

/** A record that did not agree, as it was then and as it stands now. */
export const ReconcileRecord = Example.extend({
  currency: z.string().nullable(),
  /** Null where the flow knows nothing of it (any more). */
  record: SyncRecord.nullable(),
}).meta({ id: 'ReconcileRecord' })
export type ReconcileRecord = z.infer<typeof ReconcileRecord>

export const reconcile = {
  days: endpoint({
    method: 'GET',
    path: '/flows/:flowId/reconcile',
    summary: 'Counts and sums of both sides per day, newest first; days without records are absent',
    params: z.object({ flowId: FlowId }),
    query: z.object({ days: z.coerce.number().int().min(1).max(400).default(60) }),
    response: z.object({ items: z.array(ReconcileDay) }),
  }),
  records: endpoint({
    method: 'GET',
    path: '/flows/:flowId/reconcile/:day',
    summary: 'Records of a day that did not agree, up to 20 of each kind and currency, with their state now',
    params: z.object({ flowId: FlowId, day: Day }),
    response: z.object({ items: z.array(ReconcileRecord) }),
  }),
}
