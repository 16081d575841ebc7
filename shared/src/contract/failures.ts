import { z } from 'zod'
import { SCREENS } from '../causes/index.ts'
import { Scalar } from '../mapping/index.ts'
import {
  CatalogueField,
  ConnectionId,
  EntityName,
  ExternalId,
  FlowId,
  PageQuery,
  pageOf,
  Time,
} from './common.ts'
import { endpoint } from './endpoint.ts'
import { Run } from './runs.ts'

/** Why records are not where they should be: by key and params for faces with words of their own, and in words. */
export const FailureCause = z
  .object({
    key: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
    severity: z.enum(['failed', 'attention', 'waiting']),
    scope: z.enum(['record', 'flow', 'connection']),
    /** Whether another try can help before the remedy was carried out. */
    retryable: z.boolean(),
    /** It is tried again by itself. */
    waits: z.boolean(),
    title: z.string(),
    remedy: z.string(),
    /** Words of the remedy's button; null where there is nothing to do. */
    action: z.string().nullable(),
    /** Where the remedy is carried out, and what gets the focus there. */
    target: z
      .object({
        screen: z.enum(SCREENS),
        field: z.string().nullable(),
        side: z.enum(['source', 'target']).nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'FailureCause' })
export type FailureCause = z.infer<typeof FailureCause>

/** Money as decimal text with its ISO 4217 code. */
const Sum = z.object({ total: z.string(), currency: z.string() })

/** Names a cause with all records that one act repairs. */
const GroupId = z.string().regex(/^[0-9a-z_]{1,60}$/, 'this does not name a cause')

/** One record that is not where it should be. */
export const Failure = z
  .object({
    flowId: FlowId,
    externalId: ExternalId,
    /** Number or SKU at the source. */
    label: z.string().nullable(),
    /** `waiting`: tried again by itself · `ignored`: set aside until it changes at its source. */
    state: z.enum(['open', 'waiting', 'ignored', 'ended']),
    group: GroupId,
    cause: FailureCause,
    amount: Sum.nullable(),
    firstAt: Time,
    lastAt: Time,
    tries: z.number(),
    nextTryAt: Time.nullable(),
    /** Of an ignored one: why, and who decided so. */
    note: z.string().nullable(),
    by: z.string().nullable(),
    /** When it was ignored or ended. */
    closedAt: Time.nullable(),
    /** How it ended: by a later success, one that was asked for, with corrected values, or it is not sent any more. */
    ended: z.enum(['itself', 'retried', 'edited', 'left_out']).nullable(),
  })
  .meta({ id: 'Failure' })
export type Failure = z.infer<typeof Failure>

/** All records that one act repairs, or an account or a flow that stands still. */
export const FailureGroup = z
  .object({
    id: GroupId,
    cause: FailureCause,
    count: z.number(),
    /** Of the record that failed first, and of the one that began to fail last. */
    since: Time,
    newestAt: Time,
    nextTryAt: Time.nullable(),
    flows: z.array(z.object({ id: FlowId, name: z.string(), entity: EntityName, count: z.number() })),
    /** What they come to; empty for groups of more than a thousand. */
    sums: z.array(Sum),
    samples: z.array(Failure),
    /** Set where a whole account or flow stands still, whatever its records. */
    standing: z.object({ connectionId: ConnectionId.nullable(), flowId: FlowId.nullable() }).nullable(),
  })
  .meta({ id: 'FailureGroup' })
export type FailureGroup = z.infer<typeof FailureGroup>

/** A field of the target that may be given another value for one go. */
export const EditableField = z
  .object({
    /** Part of the record: `document`, `line:product:17`. */
    part: z.string(),
    partLabel: z.string(),
    field: CatalogueField,
    /** What the rules made of it in the last try; null: nothing. */
    value: Scalar,
    /** It is this one that was refused, or that its rule failed for. */
    failed: z.boolean(),
  })
  .meta({ id: 'EditableField' })
export type EditableField = z.infer<typeof EditableField>

const place = z.object({ flowId: FlowId, externalId: ExternalId })
const records = { flowId: FlowId, externalIds: z.array(ExternalId).min(1).max(200) }
const recordsOrGroup = {
  flowId: FlowId.optional(),
  externalIds: records.externalIds.optional(),
  group: GroupId.optional(),
}
const isOne = (body: { flowId?: unknown; externalIds?: unknown; group?: unknown }): boolean =>
  (body.externalIds === undefined) !== (body.group === undefined) &&
  (body.externalIds === undefined) === (body.flowId === undefined)
const ONE_OF = { message: 'give either externalIds with their flowId, or a group' }

export const failures = {
  groups: endpoint({
    method: 'GET',
    path: '/failures/groups',
    summary: 'What has failed by cause, the largest group first, and how many there are in all',
    query: z.object({
      state: z.enum(['open', 'waiting', 'ignored']).default('open'),
      /** From when on ended ones are counted; a day ago where nothing is said. */
      since: Time.optional(),
    }),
    response: z.object({
      items: z.array(FailureGroup),
      counts: z.object({
        open: z.number(),
        waiting: z.number(),
        ignored: z.number(),
        /** Ended since then: by themselves, and all that were solved. */
        solvedByItself: z.number(),
        solved: z.number(),
      }),
      lastEndedAt: Time.nullable(),
    }),
  }),
  list: endpoint({
    method: 'GET',
    path: '/failures',
    summary:
      'Failures by cause, of each the latest first; those that were ignored or have ended, the latest first',
    query: PageQuery.extend({
      state: z.enum(['open', 'waiting', 'ignored', 'ended']).default('open'),
      group: GroupId.optional(),
      flowId: FlowId.optional(),
    }),
    response: pageOf(Failure),
  }),
  retry: endpoint({
    method: 'POST',
    path: '/failures/retry',
    summary: 'Try some records again now, or all of a cause: that becomes a run for each of its flows',
    status: 202,
    body: z.strictObject(recordsOrGroup).refine(isOne, ONE_OF),
    response: z.object({ accepted: z.number(), runs: z.array(Run) }),
  }),
  ignore: endpoint({
    method: 'POST',
    path: '/failures/ignore',
    summary: 'Set failed records aside until they change at their source, with a note why',
    body: z
      .strictObject({ ...recordsOrGroup, note: z.string().trim().min(1).max(300) })
      .refine(isOne, ONE_OF),
    response: z.object({ ignored: z.number() }),
  }),
  restore: endpoint({
    method: 'POST',
    path: '/failures/restore',
    summary: 'Take back that records were set aside; they stand failed as before',
    body: z.strictObject(records),
    response: z.object({ restored: z.number() }),
  }),
  editable: endpoint({
    method: 'GET',
    path: '/flows/:flowId/records/:externalId/edit',
    summary: 'What of a record can be corrected and sent once, with what its last try made of it',
    role: 'operator',
    params: place,
    response: z.object({ items: z.array(EditableField) }),
  }),
  edit: endpoint({
    method: 'POST',
    path: '/flows/:flowId/records/:externalId/edit',
    summary: 'Send a record now with corrected values, once; its next change goes by the rules again',
    status: 202,
    params: place,
    body: z.strictObject({
      values: z
        .array(
          z.strictObject({
            part: z.string().min(1).max(300),
            field: z.string().min(1).max(120),
            value: Scalar,
          }),
        )
        .min(1)
        .max(50),
    }),
    response: z.object({ accepted: z.literal(1) }),
  }),
}
