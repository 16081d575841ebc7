import { z } from 'zod'
import { RecordBase } from './common.ts'
import { Amount, Currency } from './money.ts'

/** One row of an entry; exactly one of `debit` and `credit` is not zero. */
export const JournalRow = z.object({
  account: z.string(),
  debit: Amount,
  credit: Amount,
  text: z.string(),
  taxCode: z.string(),
  costCentre: z.string(),
  costUnit: z.string(),
})

/** A ledger entry; its debits equal its credits to the cent. `date` is a calendar day (YYYY-MM-DD) in the books. */
export const JournalEntry = z.object({
  ...RecordBase,
  number: z.string(),
  journal: z.string(),
  date: z.iso.date(),
  text: z.string(),
  currency: Currency,
  rows: z.array(JournalRow).min(2),
  orderIds: z.array(z.string()),
})
export type JournalEntry = z.infer<typeof JournalEntry>
