import { defineDocument } from '../../sdk/index.ts'
import { ASSOCIATIONS } from '../association-types.ts'
import { dealMapping } from '../order-mapping.ts'
import { dealLineKey } from '../order-keys.ts'
import { hubspotDocument, stagesOf } from './document.ts'
import { orderSteps } from './order-steps.ts'

/** An order as a deal, for accounts whose sales pipeline holds it. */
export const deal = defineDocument<'order'>({
  ...hubspotDocument({
    label: 'Deal',
    entity: 'order',
    object: 'deals',
    steps: orderSteps({
      object: 'deals',
      toContact: ASSOCIATIONS.dealToContact,
      toCompany: ASSOCIATIONS.dealToPrimaryCompany,
      fromLine: ASSOCIATIONS.lineItemToDeal,
      lineKey: dealLineKey,
    }),
    mapping: dealMapping,
  }),
  stages: stagesOf('deals'),
  deletedDraft: () => ({ crosswalk_source_status: 'deleted' }),
})
