import { defineDocument } from '../../sdk/index.ts'
import { ASSOCIATIONS } from '../association-types.ts'
import { orderMapping } from '../order-mapping.ts'
import { lineKey } from '../order-keys.ts'
import { hubspotDocument, stagesOf } from './document.ts'
import { orderSteps } from './order-steps.ts'

/** An order as HubSpot's order object. */
export const order = defineDocument<'order'>({
  ...hubspotDocument({
    label: 'Order',
    entity: 'order',
    object: 'orders',
    steps: orderSteps({
      object: 'orders',
      toContact: ASSOCIATIONS.orderToContact,
      toCompany: ASSOCIATIONS.orderToPrimaryCompany,
      fromLine: ASSOCIATIONS.lineItemToOrder,
      lineKey,
    }),
    mapping: orderMapping,
  }),
  stages: stagesOf('orders'),
  deletedDraft: () => ({ crosswalk_source_status: 'deleted' }),
})
