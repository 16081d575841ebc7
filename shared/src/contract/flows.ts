import { z } from 'zod'
import { OPTION_SOURCES } from '../flows/index.ts'
import {
  CatalogueField,
  ConnectionId,
  EntityName,
  FlowId,
  FormField,
  JsonObject,
  PartRole,
  Removed,
  Time,
} from './common.ts'
import { Volume, VolumeQuery } from './connections.ts'
import { endpoint } from './endpoint.ts'

const End = z.object({
  connectionId: ConnectionId,
  connector: z.string(),
  label: z.string(),
  name: z.string(),
})

export const Flow = z
  .object({
    id: FlowId,
    name: z.string(),
    source: End,
    target: End,
    entity: EntityName,
    document: z.string(),
    documentLabel: z.string(),
    settings: JsonObject,
    settingsVersion: z.number(),
    mappingVersion: z.number(),
    state: z.enum(['draft', 'previewed', 'active', 'paused']),
    stateReason: z.string().nullable(),
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'Flow' })
export type Flow = z.infer<typeof Flow>

/** What the rules of one part may read and write. */
export const PartFields = z
  .object({
    role: PartRole,
    object: z.string(),
    label: z.string(),
    each: z.enum(['one', 'lines', 'units']),
    sourceFields: z.array(CatalogueField),
    targetFields: z.array(CatalogueField),
    requiredTargets: z.array(z.string()),
  })
  .meta({ id: 'PartFields' })

const Option = z.object({ value: z.string(), label: z.string() })

export const Stages = z
  .object({
    /** Statuses at the source; `canonical` is the common word for it. */
    statuses: z.array(z.object({ value: z.string(), label: z.string(), canonical: z.string() })),
    pipelines: z.array(
      z.object({
        pipeline: z.string(),
        label: z.string(),
        stages: z.array(
          z.object({ id: z.string(), label: z.string(), closed: z.boolean(), won: z.boolean().nullable() }),
        ),
      }),
    ),
    /** What would be chosen for a new flow: stage by status. */
    suggested: z.object({ pipeline: z.string().nullable(), stages: z.record(z.string(), z.string()) }),
    /** What could not be asked, in plain words; null where all is here. */
    warning: z.string().nullable(),
  })
  .meta({ id: 'Stages' })

const params = z.object({ flowId: FlowId })
const Name = z.string().trim().min(1).max(120)

export const flows = {
  list: endpoint({
    method: 'GET',
    path: '/flows',
    summary: 'All flows of the workspace',
    response: z.object({ items: z.array(Flow) }),
  }),
  get: endpoint({ method: 'GET', path: '/flows/:flowId', summary: 'One flow', params, response: Flow }),
  create: endpoint({
    method: 'POST',
    path: '/flows',
    summary: 'Make a flow, with default settings where none are given and the default mapping as version 1',
    status: 201,
    body: z.strictObject({
      name: Name.optional(),
      sourceConnectionId: ConnectionId,
      targetConnectionId: ConnectionId,
      entity: EntityName,
      document: z.string().min(1).max(60),
      settings: JsonObject.optional(),
    }),
    response: Flow,
  }),
  update: endpoint({
    method: 'PATCH',
    path: '/flows/:flowId',
    summary: 'Change the name or the settings; settings are given whole',
    params,
    body: z.strictObject({ name: Name.optional(), settings: JsonObject.optional() }),
    response: Flow,
  }),
  move: endpoint({
    method: 'POST',
    path: '/flows/:flowId/state',
    summary: 'Say that the preview was looked at, set the flow going, or pause it',
    params,
    body: z
      .strictObject({
        to: z.enum(['previewed', 'active', 'paused']),
        /**
         * Of going live. Null: only records made from today on. With `from`: also earlier ones, back to then or, where that
         * is null, all there are; a run brings them over. Absent: the flow keeps its start date and nothing is brought.
         */
        history: z.strictObject({ from: Time.nullable() }).nullable().optional(),
      })
      .refine((body) => body.history === undefined || body.to === 'active', {
        message: 'only a flow that goes live has earlier records to bring',
        path: ['history'],
      }),
    response: Flow,
  }),
  volume: endpoint({
    method: 'GET',
    path: '/flows/:flowId/volume',
    summary: 'How many records of the source the flow would carry, as the source counts them itself',
    params,
    query: VolumeQuery,
    response: Volume,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/flows/:flowId',
    summary: 'Remove a flow with its links and history; what it wrote stays in the target',
    role: 'owner',
    params,
    response: Removed,
  }),
  form: endpoint({
    method: 'GET',
    path: '/flow-settings/:entity',
    summary: 'The settings of a kind of flow as form fields, with their defaults',
    params: z.object({ entity: EntityName }),
    response: z.object({ fields: z.array(FormField), defaults: JsonObject }),
  }),
  fields: endpoint({
    method: 'GET',
    path: '/flows/:flowId/fields',
    summary: 'Fields of the source and the target, by part',
    params,
    response: z.object({
      parts: z.array(PartFields),
      lookups: z.array(z.string()),
      warning: z.string().nullable(),
    }),
  }),
  stages: endpoint({
    method: 'GET',
    path: '/flows/:flowId/stages',
    summary: 'Statuses of the source and pipelines with stages of the target',
    params,
    response: Stages,
  }),
  options: endpoint({
    method: 'GET',
    path: '/flows/:flowId/options',
    summary: 'Choices for settings that only the two systems can tell, by name; unknown ones are absent',
    params,
    response: z.object({
      options: z.partialRecord(z.enum(OPTION_SOURCES), z.array(Option)),
      warning: z.string().nullable(),
    }),
  }),
}
