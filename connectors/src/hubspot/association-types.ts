import type { RefTarget } from '../sdk/index.ts'

const hubspotDefined = (typeId: number): RefTarget & { kind: 'association' } => ({
  kind: 'association',
  category: 'HUBSPOT_DEFINED',
  typeId,
})

/**
 * Association types by direction, as HubSpot numbers them: an id names one direction, so 513 is order → line item and
 * 514 line item → order. A record has one primary company, and only the primary ids set it.
 */
export const ASSOCIATIONS = {
  // People choose a contact's primary company; only a contact we make gets ours as such.
  contactToPrimaryCompany: { ...hubspotDefined(1), typeIdWhenExisting: 279 },
  contactToCompany: hubspotDefined(279),
  dealToContact: hubspotDefined(3),
  dealToPrimaryCompany: hubspotDefined(5),
  orderToContact: hubspotDefined(507),
  orderToPrimaryCompany: hubspotDefined(509),
  lineItemToDeal: hubspotDefined(20),
  lineItemToOrder: hubspotDefined(514),
} as const
