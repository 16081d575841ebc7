import { z } from 'zod'
import { Address } from './address.ts'
import { RecordBase } from './common.ts'
import { Amount } from './money.ts'

export const Customer = z.object({
  ...RecordBase,
  email: z.string().nullable(),
  firstName: z.string(),
  lastName: z.string(),
  phone: z.string(),
  company: z.string(),
  vatId: z.string(),
  registrationNumber: z.string(),
  group: z.string(),
  language: z.string(),
  billing: Address,
  shipping: Address,
  ordersCount: z.int().nonnegative().nullable(),
  totalSpent: Amount.nullable(),
  acceptsMarketing: z.boolean().nullable(),
  note: z.string(),
})
export type Customer = z.infer<typeof Customer>
