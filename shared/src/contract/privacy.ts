import { z } from 'zod'
import { endpoint } from './endpoint.ts'

/** Whose data is meant. */
const Person = z.strictObject({ email: z.email('Enter an e-mail address.').max(320) })

/** What the bridge still keeps of a person: drafts and what was sent, while they are kept. */
export const KeptOfPerson = z
  .object({ kind: z.string(), at: z.string().nullable(), content: z.unknown() })
  .meta({ id: 'KeptOfPerson' })

export const privacy = {
  export: endpoint({
    method: 'POST',
    path: '/privacy/export',
    summary: 'Everything that is kept of the person with this e-mail address',
    role: 'owner',
    body: Person,
    response: z.object({
      items: z.array(KeptOfPerson),
      /** More was kept than fits an answer. */
      more: z.boolean(),
    }),
  }),
  erase: endpoint({
    method: 'POST',
    path: '/privacy/erase',
    summary: 'Erase what is kept of a person; older records of the person are left out from now on',
    role: 'owner',
    body: Person,
    response: z.object({ erased: z.number() }),
  }),
}
