import { z } from 'zod'
import { LookupTable } from '../mapping/index.ts'
import { ExternalId, FlowId, LookupId, Removed, Time } from './common.ts'
import { endpoint } from './endpoint.ts'

export const Lookup = LookupTable.extend({ id: LookupId, version: z.number(), updatedAt: Time }).meta({
  id: 'Lookup',
})
export type Lookup = z.infer<typeof Lookup>

/** A rule that asks a lookup table. */
export const LookupUse = z
  .object({
    flowId: FlowId,
    flowName: z.string(),
    part: z.string(),
    target: z.string(),
    /** The target field, for people. */
    label: z.string(),
  })
  .meta({ id: 'LookupUse' })

/** A value that records came with and the table has no row for. */
export const LookupGap = z
  .object({
    /** Null where the value may tell of a person and is not kept. */
    value: z.string().nullable(),
    count: z.number(),
    /** Records that wait for it, the newest three. */
    examples: z.array(z.object({ flowId: FlowId, externalId: ExternalId, label: z.string().nullable() })),
  })
  .meta({ id: 'LookupGap' })
export type LookupGap = z.infer<typeof LookupGap>

const Choice = z.object({ value: z.string(), label: z.string() })
const Name = z.string().min(1).max(80)

export const LookupPage = z
  .object({
    name: Name,
    /** Null where rules ask for a table that is not there. */
    table: Lookup.nullable(),
    uses: z.array(LookupUse),
    /** Most records first. */
    gaps: z.array(LookupGap),
    /** What the target takes; null where it tells no list, so that answers are typed. */
    answers: z.array(Choice).nullable(),
    /** Values that the source can come with, where it tells them. */
    values: z.array(Choice),
    /** What could not be asked, in plain words; null where all is here. */
    warning: z.string().nullable(),
  })
  .meta({ id: 'LookupPage' })
export type LookupPage = z.infer<typeof LookupPage>

export const lookups = {
  list: endpoint({
    method: 'GET',
    path: '/lookups',
    summary: 'Lookup tables of the workspace',
    response: z.object({ items: z.array(Lookup) }),
  }),
  summaries: endpoint({
    method: 'GET',
    path: '/lookup-summaries',
    summary: 'Lookup tables in short, also those that rules ask for and that are not there yet',
    response: z.object({
      items: z.array(
        z.object({
          name: Name,
          /** Null where it is not there yet. */
          rows: z.number().nullable(),
          updatedAt: Time.nullable(),
          /** Names of the flows whose rules ask it. */
          flows: z.array(z.string()),
          /** Records that wait for a row. */
          waiting: z.number(),
        }),
      ),
    }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/lookups/:name',
    summary: 'One lookup table with the rules that ask it, the values it lacks and what it may answer',
    params: z.object({ name: Name }),
    response: LookupPage,
  }),
  save: endpoint({
    method: 'PUT',
    path: '/lookups/:name',
    summary: 'Make or replace a lookup table; records that failed for want of a row of it are tried again',
    params: z.object({ name: Name }),
    body: LookupTable.omit({ name: true }).extend({
      /** The version that was edited, 0 for a new table; 409 where it has changed since. */
      basedOn: z.int().nonnegative().optional(),
    }),
    response: Lookup.extend({
      /** How many records are tried again. */
      retried: z.number(),
    }),
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/lookups/:lookupId',
    summary: 'Remove a lookup table; rules that use it fail until they are changed',
    role: 'owner',
    params: z.object({ lookupId: LookupId }),
    response: Removed,
  }),
}
