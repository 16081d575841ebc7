import { z } from 'zod'
import { ExternalId, FlowId, JsonObject, MappingBody, MappingRule, Time } from './common.ts'
import { endpoint } from './endpoint.ts'
import { Preview } from './preview.ts'

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

const MappingHead = z.object({
  version: z.number(),
  current: z.boolean(),
  note: z.string().nullable(),
  createdAt: Time,
  createdBy: z.string().nullable(),
})
export const Mapping = MappingHead.extend({ document: MappingBody }).meta({ id: 'Mapping' })
export type Mapping = z.infer<typeof Mapping>

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
