import { z } from 'zod'
import { LookupTable } from '../mapping/index.ts'
import { LookupId, Removed, Time } from './common.ts'
import { endpoint } from './endpoint.ts'

export const Lookup = LookupTable.extend({ id: LookupId, version: z.number(), updatedAt: Time }).meta({
  id: 'Lookup',
})

export const lookups = {
  list: endpoint({
    method: 'GET',
    path: '/lookups',
    summary: 'Lookup tables of the workspace',
    response: z.object({ items: z.array(Lookup) }),
  }),
  save: endpoint({
    method: 'PUT',
    path: '/lookups/:name',
    summary: 'Make or replace a lookup table',
    params: z.object({ name: z.string().min(1).max(80) }),
    body: LookupTable.omit({ name: true }).extend({
      /** The version that was edited, 0 for a new table; 409 where it has changed since. */
      basedOn: z.int().nonnegative().optional(),
    }),
    response: Lookup,
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
