import { z } from 'zod'
import { commonShape } from './common.ts'
import { partyShape } from './party.ts'
import { setting } from './setting.ts'

const SECTION = { select: 'Which records', customers: 'Customers', ledger: 'Bookkeeping' }
const Code = z.string().min(1).max(200)
const pairs = () => z.record(z.string().max(200), Code).default({})

/** Settings of a customer flow. */
export const CustomerSettings = z.strictObject({
  ...commonShape,
  customers: setting(z.enum(['create_and_update', 'create', 'update']).default('create_and_update'), {
    title: 'Customers',
    description: 'What a change at the source does in the target.',
    section: SECTION.customers,
    labels: {
      create_and_update: 'Create and update',
      create: 'Only create',
      update: 'Only update those that exist',
    },
  }),
  ...partyShape,
  guests: setting(z.enum(['as_customers', 'skip']).default('skip'), {
    drafted: true,
    title: 'Guests',
    description:
      'Buyers without an account, where the source lists them. Order flows bring their own buyers across.',
    section: SECTION.select,
    labels: { as_customers: 'Like other customers', skip: 'Skip them' },
  }),
  withoutEmail: setting(z.enum(['skip', 'fail']).default('skip'), {
    title: 'Customers without an e-mail address',
    description: 'They cannot be found again in the target.',
    section: SECTION.select,
    advanced: true,
    labels: { skip: 'Skip them', fail: 'Fail them and say so' },
  }),
  deleted: setting(z.enum(['nothing', 'mark', 'archive']).default('nothing'), {
    title: 'Deleted customers',
    description: 'What happens in the target when a customer is deleted at the source.',
    section: SECTION.customers,
    advanced: true,
  }),
  groups: setting(pairs(), {
    drafted: true,
    title: 'Customer groups',
    description: 'Classification in the target for each group of the source.',
    section: SECTION.ledger,
    advanced: true,
    optionsFrom: 'target.customerGroups',
  }),
  revenueAccounts: setting(pairs(), {
    drafted: true,
    title: 'Revenue accounts',
    description: 'Ledger account by country (two letters); * stands for every other country.',
    section: SECTION.ledger,
    advanced: true,
    optionsFrom: 'target.accounts',
  }),
  taxCodes: setting(pairs(), {
    drafted: true,
    title: 'Default tax codes',
    description: 'Tax code by country (two letters); * stands for every other country.',
    section: SECTION.ledger,
    advanced: true,
    optionsFrom: 'target.taxCodes',
  }),
  costCentre: setting(z.string().max(50).nullable().default(null), {
    drafted: true,
    title: 'Cost centre',
    description: 'Cost centre of new customers.',
    section: SECTION.ledger,
    advanced: true,
    optionsFrom: 'target.costCentres',
  }),
  costUnit: setting(z.string().max(50).nullable().default(null), {
    drafted: true,
    title: 'Cost unit',
    description: 'Cost unit of new customers.',
    section: SECTION.ledger,
    advanced: true,
    optionsFrom: 'target.costUnits',
  }),
})
export type CustomerSettings = z.infer<typeof CustomerSettings>
