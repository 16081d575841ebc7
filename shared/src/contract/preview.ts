import { z } from 'zod'
import { ExternalId, PageQuery, pageOf, RunId, Time } from './common.ts'
import { endpoint } from './endpoint.ts'
import { Run } from './runs.ts'

const Action = z.enum(['create', 'update', 'unchanged', 'skip', 'fail'])

/** One field side by side: what stands in the target and what would. */
export const PreviewField = z.object({
  target: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  changed: z.boolean(),
})

export const PreviewPart = z
  .object({
    /** Name of the part in its record, such as `document` or `line:product:17`. */
    part: z.string(),
    role: z.string(),
    object: z.string(),
    id: z.string().nullable(),
    /** How a record that is there already was found: `link`, `key`, `match`; null where it was not. */
    foundBy: z.string().nullable(),
    /** `leave_out`: not wanted here and not in the target. `archive`: a line that is gone at the source. */
    action: z.enum(['create', 'update', 'same', 'leave_out', 'archive', 'fail']),
    fields: z.array(PreviewField),
    problem: z.string().nullable(),
  })
  .meta({ id: 'PreviewPart' })

/** One rule's way; `RuleTrace` of the mapping. */
export const RuleTraceEntry = z
  .object({
    index: z.number(),
    list: z.object({ target: z.string(), item: z.number() }).optional(),
    target: z.string(),
    input: z.unknown().optional(),
    steps: z.array(z.object({ use: z.string(), value: z.unknown().optional() })),
    outcome: z.string(),
    problem: z.string().optional(),
  })
  .meta({ id: 'RuleTrace' })

export const PartTrace = z.object({ part: z.string(), rules: z.array(RuleTraceEntry) })

export const PreviewRecord = z
  .object({
    externalId: z.string(),
    label: z.string(),
    action: Action,
    /** Why it is skipped or fails; null for the others. */
    reason: z.string().nullable(),
    parts: z.array(PreviewPart),
    trace: z.array(PartTrace),
  })
  .meta({ id: 'PreviewRecord' })

export const Preview = z
  .object({
    counts: z.object({
      create: z.number(),
      update: z.number(),
      unchanged: z.number(),
      skip: z.number(),
      fail: z.number(),
    }),
    records: z.array(PreviewRecord),
  })
  .meta({ id: 'Preview' })
export type PreviewResult = z.infer<typeof Preview>

/** A record of a preview run with what would change: now and then, field by field. */
export const PreviewEntry = z
  .object({
    externalId: ExternalId,
    /** Its number or SKU. */
    label: z.string().nullable(),
    action: Action,
    /** Name of the rule that leaves it out, or kind of failure. */
    cause: z.string().nullable(),
    reason: z.string().nullable(),
    /** Parts that would be made or changed, each with the fields that would differ; null once they were erased. */
    parts: z.array(PreviewPart).nullable(),
  })
  .meta({ id: 'PreviewEntry' })
export type PreviewEntry = z.infer<typeof PreviewEntry>

const params = z.object({ runId: RunId })

/** What runs of kind `preview` found. They are started, held and ended like all runs. */
export const previews = {
  summary: endpoint({
    method: 'GET',
    path: '/runs/:runId/preview',
    summary: 'What a preview run found so far: counts, rules that leave records out, causes of failures',
    params,
    response: z.object({
      run: Run,
      groups: z.array(
        z.object({
          action: z.enum(['skip', 'fail']),
          cause: z.string(),
          reason: z.string(),
          count: z.number(),
        }),
      ),
      /** The differences are erased then. */
      keptUntil: Time,
    }),
  }),
  records: endpoint({
    method: 'GET',
    path: '/runs/:runId/preview/records',
    summary: 'Records of a preview run in the order they were read, with what would change',
    params,
    query: PageQuery.extend({ action: Action.optional(), cause: z.string().max(120).optional() }),
    response: pageOf(PreviewEntry),
  }),
}
