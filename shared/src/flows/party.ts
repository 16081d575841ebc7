import { z } from 'zod'
import { setting } from './setting.ts'

const SECTION = 'Customers'

/** How buyers become people and companies in the target; orders, invoices and customers share these. */
export const partyShape = {
  matchBy: setting(z.array(z.enum(['email', 'phone'])).min(1).default(['email']), {
    title: 'Find customers by',
    description:
      'What tells that two customers are one. People with the same phone number are only proposed: you decide.',
    section: SECTION,
    advanced: true,
    labels: { email: 'E-mail address', phone: 'Phone number, where the address is unknown' },
  }),
  company: setting(z.enum(['when_named', 'never']).default('when_named'), {
    title: 'Companies',
    description: 'A buyer who gives a company name becomes a company with the person under it.',
    section: SECTION,
    labels: { when_named: 'When a company name is given', never: 'Never: people only' },
  }),
  companyMatch: setting(z.array(z.enum(['key', 'domain', 'name'])).default(['key', 'domain']), {
    title: 'Find companies by',
    description: 'Tried in this order before a company is created.',
    section: SECTION,
    advanced: true,
    labels: {
      key: 'VAT number, or name and country',
      domain: 'Domain of the e-mail address',
      name: 'Name alone',
    },
  }),
} // prettier-ignore
