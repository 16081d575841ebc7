import { z } from 'zod'
import {
  CatalogueField,
  ExternalId,
  FlowId,
  FormField,
  JsonObject,
  MappingBody,
  MappingRule,
  Time,
} from './common.ts'
import { endpoint } from './endpoint.ts'
import { Preview, RuleTraceEntry } from './preview.ts'

const Version = z.coerce.number().int().min(1).max(1_000_000)

export const MappingProblem = z
  .object({
    code: z.string(),
    path: z.array(z.union([z.string(), z.number()])),
    part: z.string(),
    rule: z.number().nullable(),
    target: z.string().nullable(),
    message: z.string(),
    remedy: z.string(),
  })
  .meta({ id: 'MappingProblem' })

export const MappingHead = z.object({
  version: z.number(),
  current: z.boolean(),
  note: z.string().nullable(),
  createdAt: Time,
  createdBy: z.string().nullable(),
})
export type MappingHead = z.infer<typeof MappingHead>
export const Mapping = MappingHead.extend({ document: MappingBody }).meta({ id: 'Mapping' })
export type Mapping = z.infer<typeof Mapping>

export type MappingProblem = z.infer<typeof MappingProblem>

/** A step that rules can use, with its settings as form fields: a face needs to know nothing else of it. */
export const TransformInfo = z
  .object({
    id: z.string(),
    label: z.string(),
    help: z.string(),
    /** Types it takes, or `any`. */
    from: z.array(z.string()),
    /** Type it gives; `same` is the one it was given. */
    to: z.string(),
    fields: z.array(FormField),
  })
  .meta({ id: 'Transform' })
export type TransformInfo = z.infer<typeof TransformInfo>

/** What the rules of one part did to a record. Of parts made per line only the first is told; `count` is their number. */
export const TriedPart = z.object({
  role: z.string(),
  part: z.string(),
  count: z.number(),
  rules: z.array(RuleTraceEntry),
})

/** What rules that need not be saved make of one record. */
export const MappingTry = z
  .object({
    record: z.object({
      /** Null for the built-in sample. */
      externalId: ExternalId.nullable(),
      label: z.string(),
      /** When it was read at its source; null for the built-in sample. */
      readAt: Time.nullable(),
    }),
    /** What the record holds, by name of the source field, short enough for a line; empty ones are absent. */
    examples: z.record(z.string(), z.string()),
    /** Fields of the source's own that were found in the record and are in no catalogue. */
    custom: z.array(CatalogueField),
    parts: z.array(TriedPart),
    problems: z.array(MappingProblem),
  })
  .meta({ id: 'MappingTry' })
export type MappingTry = z.infer<typeof MappingTry>

const PlacedRule = z.object({ index: z.number(), rule: MappingRule })
export const PartDiff = z
  .object({
    part: z.string(),
    list: z.string().nullable(),
    added: z.array(PlacedRule),
    removed: z.array(PlacedRule),
    changed: z.array(
      z.object({
        target: z.string(),
        from: z.number(),
        to: z.number(),
        before: MappingRule,
        after: MappingRule,
        fields: z.array(z.string()),
      }),
    ),
    listMoved: z.boolean(),
  })
  .meta({ id: 'PartDiff' })
export type PartDiff = z.infer<typeof PartDiff>

const params = z.object({ flowId: FlowId })

export const mappings = {
  list: endpoint({
    method: 'GET',
    path: '/flows/:flowId/mappings',
    summary: 'Versions of the mapping, newest first',
    params,
    response: z.object({ items: z.array(MappingHead) }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/flows/:flowId/mappings/:version',
    summary: 'One version with its rules',
    params: z.object({ flowId: FlowId, version: Version }),
    response: Mapping,
  }),
  save: endpoint({
    method: 'POST',
    path: '/flows/:flowId/mappings',
    summary: 'Save a new version; 422 with every problem where it cannot work',
    status: 201,
    params,
    body: z.strictObject({
      document: MappingBody,
      note: z.string().max(500).optional(),
      /** The version it was made from; 409 where another one was saved meanwhile. */
      basedOn: z.int().nonnegative().optional(),
    }),
    response: Mapping,
  }),
  check: endpoint({
    method: 'POST',
    path: '/flows/:flowId/mapping-check',
    summary: 'Say what is wrong with a mapping, without saving it',
    role: 'viewer',
    params,
    body: z.strictObject({ document: MappingBody }),
    response: z.object({ problems: z.array(MappingProblem) }),
  }),
  try: endpoint({
    method: 'POST',
    path: '/flows/:flowId/mapping-try',
    summary:
      'Apply rules to one record and tell each step; the target is not asked, nothing is stored or written',
    params,
    body: z.strictObject({
      document: MappingBody,
      /** A record of the source; without one the built-in sample. */
      externalId: ExternalId.optional(),
      /** As if the record were new in the target, or changed there. */
      as: z.enum(['create', 'update']).default('create'),
      /** Read the record at its source again, even when it was read a moment ago. */
      fresh: z.boolean().default(false),
    }),
    response: MappingTry,
  }),
  transforms: endpoint({
    method: 'GET',
    path: '/transforms',
    summary: 'Steps that rules can use, with their settings as form fields',
    response: z.object({ items: z.array(TransformInfo) }),
  }),
  diff: endpoint({
    method: 'GET',
    path: '/flows/:flowId/mapping-diff',
    summary: 'What differs between two versions',
    params,
    query: z.object({ from: Version, to: Version }),
    response: z.object({ parts: z.array(PartDiff) }),
  }),
  preview: endpoint({
    method: 'POST',
    path: '/flows/:flowId/preview',
    summary: 'What real records would become; nothing is written',
    params,
    body: z.strictObject({
      limit: z.int().min(1).max(50).optional(),
      externalIds: z.array(ExternalId).min(1).max(50).optional(),
      /** Rules and settings that are not saved yet. */
      mapping: MappingBody.optional(),
      settings: JsonObject.optional(),
    }),
    response: Preview,
  }),
}
