import type { MappingInput } from '@crosswalk/shared/mapping'
import { COUNTRY_NAME, field, firstOf, IMPORTED, ON_CREATE, TRIM } from './rules.ts'

type Part = MappingInput['parts'][string]

/** Where names and numbers of a buyer stand: an order keeps them under `customer`, a customer record at its top. */
const named = (prefix: string) => ({
  email: [`${prefix}email`, 'billing.email'],
  first: [`${prefix}firstName`, 'billing.firstName'],
  last: [`${prefix}lastName`, 'billing.lastName'],
  phone: [`${prefix}phone`, 'billing.phone'],
  company: [`${prefix}company`, 'billing.company'],
})

const NOT_OVERWRITTEN = 'Written once: what sales corrects in HubSpot stays.'

/**
 * A buyer as a contact. Name, phone and e-mail address are only written when the contact is made; the address follows
 * the latest order or customer record.
 */
export function contactPart(prefix: string): Part {
  const from = named(prefix)
  const once = { ...ON_CREATE, transforms: [TRIM], note: NOT_OVERWRITTEN }
  return {
    rules: [
      firstOf('email', from.email, { ...ON_CREATE, transforms: [TRIM, { use: 'text.lower' }] }),
      firstOf('firstname', from.first, once),
      firstOf('lastname', from.last, once),
      firstOf('phone', from.phone, once),
      firstOf('company', from.company, once),
      field('address', 'billing.street'),
      field('zip', 'billing.postalCode'),
      field('city', 'billing.city'),
      field('state', 'billing.region'),
      field('country', 'billing.country', { transforms: [COUNTRY_NAME] }),
      field('crosswalk_store', 'flow.store'),
      IMPORTED,
    ],
  }
}

/** A buyer's company. Many people order for one, each with an address of their own, so all but the VAT number is
 * written once. The domain is left out: only some buyers' addresses stand for their employer. */
export function companyPart(prefix: string): Part {
  const from = named(prefix)
  const once = { ...ON_CREATE, transforms: [TRIM], note: NOT_OVERWRITTEN }
  return {
    rules: [
      firstOf('name', from.company, once),
      firstOf('phone', from.phone, once),
      field('address', 'billing.street', ON_CREATE),
      field('address2', 'billing.street2', ON_CREATE),
      field('zip', 'billing.postalCode', ON_CREATE),
      field('city', 'billing.city', ON_CREATE),
      field('state', 'billing.region', ON_CREATE),
      field('country', 'billing.country', { ...ON_CREATE, transforms: [COUNTRY_NAME] }),
      field('crosswalk_vat_id', `${prefix}vatId`, { transforms: [TRIM, { use: 'text.upper' }] }),
      IMPORTED,
    ],
  }
}
