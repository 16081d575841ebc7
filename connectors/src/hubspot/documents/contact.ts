import { defineDocument } from '../../sdk/index.ts'
import { ASSOCIATIONS } from '../association-types.ts'
import { customerMapping } from '../customer-mapping.ts'
import { customerCompanyDomain, customerCompanyKey, customerEmail, customerPhone } from '../order-keys.ts'
import { hubspotDocument } from './document.ts'

/** A customer as a contact, with the company it buys for. */
export const contact = defineDocument(
  hubspotDocument<'customer'>({
    label: 'Contact',
    entity: 'customer',
    object: 'contacts',
    steps: [
      {
        role: 'company',
        object: 'companies',
        each: 'one',
        shared: true,
        key: ({ record }) => customerCompanyKey(record),
        match: { domain: ({ record }) => customerCompanyDomain(record) },
        refs: [],
        whenGone: 'keep',
      },
      {
        role: 'document',
        object: 'contacts',
        each: 'one',
        shared: false,
        key: ({ record }) => customerEmail(record),
        match: { phone: ({ record }) => customerPhone(record) },
        refs: [
          { role: 'company', as: ASSOCIATIONS.contactToPrimaryCompany, required: false },
          { role: 'company', as: ASSOCIATIONS.contactToCompany, required: false },
        ],
        whenGone: 'keep',
      },
    ],
    mapping: customerMapping,
  }),
)
