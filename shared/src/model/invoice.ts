import { z } from 'zod'
import { Instant } from './common.ts'
import { Amount } from './money.ts'
import { Order } from './order.ts'

/** An invoice or credit note: an order's shape with the document's own dates and state. */
export const Invoice = Order.omit({ status: true }).extend({
  kind: z.enum(['invoice', 'credit_note']),
  status: z.object({
    canonical: z.enum(['draft', 'open', 'paid', 'overdue', 'cancelled', 'other']),
    source: z.string(),
    name: z.string(),
  }),
  orderId: z.string().nullable(),
  orderNumber: z.string(),
  invoicedAt: Instant.nullable(),
  dueAt: Instant.nullable(),
  paid: Amount,
  reference: z.string(),
  paymentReference: z.string(),
  pdfUrl: z.string().nullable(),
})
export type Invoice = z.infer<typeof Invoice>
