import { z } from 'zod'
import { Amount } from '../model/money.ts'
import { partyShape } from './party.ts'
import { setting } from './setting.ts'

const SECTION = {
  customers: 'Customers',
  products: 'Products',
  amounts: 'Shipping, fees and discounts',
  changes: 'Cancelled, refunded and deleted',
  ledger: 'Bookkeeping',
}

const Code = z.string().min(1).max(200)
const pairs = () => z.record(z.string().max(200), Code).default({})

/** The tax code of a rate, by country and kind of customer; the first row that fits counts. */
export const TaxCodeRow = z.strictObject({
  rate: setting(Amount.nullable().default(null), { title: 'Rate in percent', description: 'Empty: any rate.', section: '' }),
  country: setting(z.union([z.literal(''), z.string().regex(/^[A-Z]{2}$/)]).default(''), { title: 'Country', description: 'Two letters; empty: any country.', section: '', widget: 'text' }),
  customer: setting(z.enum(['any', 'business', 'consumer']).default('any'), { title: 'Customer', description: 'Business: with a VAT number.', section: '' }),
  code: setting(Code, { title: 'Tax code', description: 'Code in the target.', section: '', optionsFrom: 'target.taxCodes' }),
}) // prettier-ignore
export type TaxCodeRow = z.infer<typeof TaxCodeRow>

/** Settings that orders and invoices share: who bought, what was bought, how amounts are told. */
export const documentShape = {
  customers: setting(z.enum(['create_and_update', 'create', 'link_only', 'off']).default('create_and_update'), {
    title: 'Customers',
    description: 'What happens to the buyer of a document in the target.',
    section: SECTION.customers,
    labels: {
      create_and_update: 'Create them, and update those that exist',
      create: 'Create them, leave those that exist alone',
      link_only: 'Only link those that exist',
      off: 'Leave customers out',
    },
  }),
  ...partyShape,
  guests: setting(z.enum(['as_customers', 'without_contact', 'default_contact', 'skip_order']).default('as_customers'), {
    title: 'Guests',
    description: 'Buyers without an account.',
    section: SECTION.customers,
    labels: {
      as_customers: 'Like other customers, by their e-mail address',
      without_contact: 'Write the document without a contact',
      default_contact: 'Use the default contact',
      skip_order: 'Skip the document',
    },
  }),
  defaultContact: setting(z.email().max(254).nullable().default(null), {
    title: 'Default contact',
    description: 'E-mail address of the customer that stands in for guests.',
    section: SECTION.customers,
    advanced: true,
  }),
  missingProducts: setting(z.enum(['create', 'free_line', 'fail']).default('create'), {
    title: 'Products missing in the target',
    description: 'What happens when a line names a product the target does not know.',
    section: SECTION.products,
    labels: { create: 'Create the product', free_line: 'Write a line of text without a product', fail: 'Fail the document and say so' },
  }),
  updateProducts: setting(z.boolean().default(false), {
    title: 'Update products from documents',
    description: 'Also change products that exist. Usually a product flow does that.',
    section: SECTION.products,
    advanced: true,
  }),
  shippingAs: setting(z.enum(['property', 'line']).default('property'), {
    title: 'Shipping costs',
    description: 'Told as a field of the document, or as a line of their own.',
    section: SECTION.amounts,
    labels: { property: 'As a field', line: 'As a line' },
  }),
  feesAs: setting(z.enum(['property', 'line']).default('property'), {
    title: 'Fees',
    description: 'Payment and other fees: a field of the document, or a line each.',
    section: SECTION.amounts,
    labels: { property: 'As a field', line: 'As a line' },
  }),
  discountsAs: setting(z.enum(['property', 'line_share']).default('line_share'), {
    title: 'Discounts',
    description: 'Spread over the lines as the shop did, or lines before discounts with the discount as a field.',
    section: SECTION.amounts,
    labels: { property: 'Lines before discounts, the discount as a field', line_share: "Each line's own share" },
  }),
  refundsAs: setting(z.enum(['property', 'negative_line', 'credit_note']).default('property'), {
    title: 'Refunds',
    description: 'How money given back is told.',
    section: SECTION.changes,
    labels: { property: 'As a field', negative_line: 'As negative lines', credit_note: 'As a credit note' },
  }),
  roundingLine: setting(z.boolean().default(false), {
    title: 'Line for rounding',
    description: 'A line for the cents by which the sum of the lines and the total differ, where they do.',
    section: SECTION.amounts,
    advanced: true,
  }),
  store: setting(z.string().max(120).default(''), {
    title: 'Name of the store',
    description: 'Shown on the records in the target.',
    section: 'Added values',
  }),
  paymentTerms: setting(pairs(), {
    drafted: true, title: 'Payment terms', description: 'Term in the target for each payment method of the source.',
    section: SECTION.ledger, advanced: true, keysFrom: 'source.paymentMethods', optionsFrom: 'target.paymentTerms',
  }),
  paymentMethods: setting(pairs(), {
    drafted: true, title: 'Payment methods', description: 'Method in the target for each payment method of the source.',
    section: SECTION.ledger, advanced: true, keysFrom: 'source.paymentMethods', optionsFrom: 'target.paymentMethods',
  }),
  shippingMethods: setting(pairs(), {
    drafted: true, title: 'Shipping methods', description: 'Method in the target for each shipping method of the source.',
    section: SECTION.ledger, advanced: true, keysFrom: 'source.shippingMethods', optionsFrom: 'target.shippingMethods',
  }),
  taxCodes: setting(z.array(TaxCodeRow).max(500).default([]), {
    drafted: true, title: 'Tax codes', description: 'By rate, country and kind of customer; the first row that fits counts.',
    section: SECTION.ledger, advanced: true, widget: 'rows',
  }),
  revenueAccounts: setting(pairs(), {
    drafted: true, title: 'Revenue accounts', description: 'Ledger account by country (two letters); * stands for every other country.',
    section: SECTION.ledger, advanced: true, optionsFrom: 'target.accounts',
  }),
  costCentre: setting(z.string().max(50).nullable().default(null), {
    drafted: true, title: 'Cost centre', description: 'Cost centre every line is booked on.',
    section: SECTION.ledger, advanced: true, optionsFrom: 'target.costCentres',
  }),
  costUnit: setting(z.string().max(50).nullable().default(null), {
    drafted: true, title: 'Cost unit', description: 'Cost unit every line is booked on.',
    section: SECTION.ledger, advanced: true, optionsFrom: 'target.costUnits',
  }),
} // prettier-ignore

/** The default contact is asked for where it is used. */
export function needDefaultContact(
  settings: { guests?: unknown; defaultContact?: unknown },
  context: z.core.$RefinementCtx,
): void {
  if (settings.guests !== 'default_contact' || settings.defaultContact) return
  context.addIssue({ code: 'custom', path: ['defaultContact'], message: 'give the e-mail address of the customer that stands in for guests' }) // prettier-ignore
}
