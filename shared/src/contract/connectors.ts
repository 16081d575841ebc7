import { z } from 'zod'
import { EntityName, FormField } from './common.ts'
import { endpoint } from './endpoint.ts'

/** One way to sign in. `fields` are what the form asks for; a sign-in at the other side asks for none. */
export const SignInMethod = z.object({
  id: z.string(),
  label: z.string(),
  kind: z.enum(['keys', 'oauth2']),
  limits: z.string().nullable(),
  scopes: z.array(z.object({ scope: z.string(), reason: z.string(), optional: z.boolean() })),
  fields: z.array(FormField),
  /** Why this way is not open on this bridge, with what to do; null where it is. */
  unavailable: z.string().nullable(),
})

export const ConnectorInfo = z
  .object({
    id: z.string(),
    label: z.string(),
    docsUrl: z.string(),
    caveat: z.string().nullable(),
    methods: z.array(SignInMethod),
    settings: z.array(FormField),
    sources: z.array(z.object({ entity: EntityName, label: z.string(), listsByChange: z.boolean() })),
    documents: z.array(z.object({ id: z.string(), label: z.string(), entity: EntityName })),
    /** How its webhooks come about; null where it has none. */
    webhooks: z.enum(['created', 'by_hand', 'per_app']).nullable(),
    sweepSeconds: z.number(),
  })
  .meta({ id: 'Connector' })
export type ConnectorInfo = z.infer<typeof ConnectorInfo>

/** What can flow from one connector to another, and why the rest cannot. */
export const Pair = z
  .object({
    source: z.string(),
    target: z.string(),
    flows: z.array(z.object({ entity: EntityName, document: z.string(), label: z.string() })),
    missing: z.array(z.object({ entity: EntityName, why: z.string() })),
  })
  .meta({ id: 'Pair' })

export const connectors = {
  list: endpoint({
    method: 'GET',
    path: '/connectors',
    summary: 'Systems that can be connected, and what can flow between each two',
    response: z.object({ connectors: z.array(ConnectorInfo), pairs: z.array(Pair) }),
  }),
}
