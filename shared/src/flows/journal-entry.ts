import { z } from 'zod'
import { commonShape } from './common.ts'
import { TaxCodeRow } from './document.ts'
import { setting } from './setting.ts'

const SECTION = { select: 'Which records', entry: 'Entries', accounts: 'Accounts' }
const account = (title: string, description: string) =>
  setting(z.string().min(1).max(50).nullable().default(null), {
    title,
    description,
    section: SECTION.accounts,
    optionsFrom: 'target.accounts',
  })
const pairs = () => z.record(z.string().max(200), z.string().min(1).max(200)).default({})

/** Settings of a flow of journal entries made from orders. Accounts left empty are asked for before it goes live. */
export const JournalEntrySettings = z.strictObject({
  ...commonShape,
  statuses: setting(z.array(z.string().min(1).max(100)).max(100).default([]), {
    title: 'Statuses that count',
    description:
      'Only orders in one of these statuses of the source. Empty: all but drafts and unfinished checkouts.',
    section: SECTION.select,
    optionsFrom: 'source.statuses',
  }),
  detail: setting(z.enum(['simple', 'split', 'per_product_account']).default('split'), {
    title: 'Detail',
    description: 'How far an entry is split over accounts.',
    section: SECTION.entry,
    labels: {
      simple: 'Revenue and tax',
      split: 'Revenue, tax, shipping and discounts apart',
      per_product_account: "By each product's own account",
    },
  }),
  period: setting(z.enum(['per_order', 'per_day']).default('per_order'), {
    title: 'One entry',
    description: 'For each order, or for all orders of a day.',
    section: SECTION.entry,
    labels: { per_order: 'Per order', per_day: 'Per day' },
  }),
  timeZone: setting(z.string().min(1).max(60).default('UTC'), {
    title: 'Time zone of the books',
    description: 'Decides on which day an order is booked, such as Europe/Amsterdam.',
    section: SECTION.entry,
  }),
  journal: setting(z.string().min(1).max(50).nullable().default(null), {
    title: 'Journal',
    description: 'Journal the entries are written to.',
    section: SECTION.entry,
    optionsFrom: 'target.journals',
  }),
  debtorAccount: account('Debtors', 'Account that is debited with the total of an order.'),
  revenueAccount: account('Revenue', 'Account of sales where no other is given for the country.'),
  revenueAccounts: setting(pairs(), {
    title: 'Revenue by country',
    description: 'Ledger account by country (two letters); * stands for every other country.',
    section: SECTION.accounts,
    advanced: true,
    optionsFrom: 'target.accounts',
  }),
  shippingAccount: account('Shipping', 'Account of shipping costs. Empty: that of revenue.'),
  feesAccount: account('Fees', 'Account of fees. Empty: that of revenue.'),
  discountAccount: account('Discounts', 'Account of discounts. Empty: they lower the revenue.'),
  roundingAccount: account('Rounding', 'Account of rounding differences.'),
  paymentAccounts: setting(pairs(), {
    title: 'Payment methods',
    description: 'Account that is debited instead of debtors, by payment method.',
    section: SECTION.accounts,
    advanced: true,
    keysFrom: 'source.paymentMethods',
    optionsFrom: 'target.accounts',
  }),
  taxAccounts: setting(pairs(), {
    title: 'Tax by rate',
    description: 'Account of the tax of each rate in percent; * stands for every other rate.',
    section: SECTION.accounts,
    keysFrom: 'source.taxRates',
    optionsFrom: 'target.accounts',
  }),
  taxCodes: setting(z.array(TaxCodeRow).max(500).default([]), {
    title: 'Tax codes',
    description: 'By rate, country and kind of customer; the first row that fits counts.',
    section: SECTION.accounts,
    advanced: true,
    widget: 'rows',
  }),
  costCentre: setting(z.string().max(50).nullable().default(null), {
    title: 'Cost centre',
    description: 'Cost centre of every row.',
    section: SECTION.accounts,
    advanced: true,
    optionsFrom: 'target.costCentres',
  }),
  costUnit: setting(z.string().max(50).nullable().default(null), {
    title: 'Cost unit',
    description: 'Cost unit of every row.',
    section: SECTION.accounts,
    advanced: true,
    optionsFrom: 'target.costUnits',
  }),
})
export type JournalEntrySettings = z.infer<typeof JournalEntrySettings>
