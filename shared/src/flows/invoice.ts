import { z } from 'zod'
import { commonShape } from './common.ts'
import { documentShape, needDefaultContact } from './document.ts'
import { setting } from './setting.ts'

/** Settings of an invoice flow: an order's, from the source's own invoices. */
export const InvoiceSettings = z
  .strictObject({
    statuses: setting(z.array(z.string().min(1).max(100)).max(100).default([]), {
      title: 'Statuses that count',
      description: 'Only invoices in one of these statuses of the source. Empty: all but drafts.',
      section: 'Which records',
      optionsFrom: 'source.statuses',
    }),
    kinds: setting(z.array(z.enum(['invoice', 'credit_note'])).min(1).default(['invoice', 'credit_note']), {
      title: 'Kinds',
      description: 'Which documents go across.',
      section: 'Which records',
      labels: { invoice: 'Invoices', credit_note: 'Credit notes' },
    }),
    ...commonShape,
    ...documentShape,
    state: setting(z.enum(['draft', 'booked']).default('draft'), {
      title: 'State in the target',
      description: 'A draft can still be checked by a person; a booked invoice cannot be changed.',
      section: 'Document',
      labels: { draft: 'Draft', booked: 'Booked' },
    }),
  })
  .superRefine(needDefaultContact) // prettier-ignore
export type InvoiceSettings = z.infer<typeof InvoiceSettings>
