import type { MappingInput } from '@crosswalk/shared/mapping'
import { companyPart, contactPart } from './party-mapping.ts'
import { field } from './rules.ts'

const contact = contactPart('')
const company = companyPart('')

export const customerMapping: MappingInput = {
  parts: {
    company: {
      rules: [...company.rules, field('crosswalk_registration_number', 'registrationNumber')],
    },
    document: {
      rules: [
        ...contact.rules,
        field('crosswalk_customer_id', 'id'),
        field('crosswalk_customer_group', 'group'),
        field('crosswalk_orders_count', 'ordersCount'),
        field('crosswalk_total_spent', 'totalSpent'),
      ],
    },
  },
}
