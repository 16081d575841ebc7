import { flowView, type FlowView, type Scene } from './scene.ts'
import { goLive } from './shop-to-crm.ts'

/** The stage of a deal by status, as a user set it. */
export const STAGES = {
  pending: 'appointmentscheduled',
  'on-hold': 'qualifiedtobuy',
  processing: 'decisionmakerboughtin',
  completed: 'closedwon',
  cancelled: 'closedlost',
  refunded: 'presentationscheduled',
  failed: 'closedlost',
  'checkout-draft': 'appointmentscheduled',
}

/** A live flow of orders that become deals. */
export const dealFlow = async (scene: Scene): Promise<FlowView> =>
  flowView(
    scene,
    await goLive(scene.service.api, scene.ends, {
      document: 'deal',
      settings: { pipeline: 'default', stages: STAGES },
    }),
    'deals',
  )
