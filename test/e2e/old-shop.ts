import { buy, openScene, orderFlow, type FlowView, type Scene } from './scene.ts'
import { SHOP_KEYS } from './old-store.ts'

/** The made-up shop that frozen stores are of: the same products and orders with the same ids each time. */
export const openOldShop = (env: Record<string, string>): Promise<Scene> =>
  openScene({ world: { shop: { keys: [SHOP_KEYS] } }, env })

const placeFirst = (scene: Scene): number[] => [
  buy(scene, 'anna@example.com', {}, { company: 'Bakery BV' }),
  buy(scene, 'berta@example.com'),
  buy(scene, 'anna@example.com'),
]

/** Places the first orders, makes the flow, and waits until they are in HubSpot. `odd`: also one skipped and one failed. */
export async function firstOrders(scene: Scene, odd: boolean): Promise<FlowView & { ids: number[] }> {
  const flow = await orderFlow(scene)
  const ids = placeFirst(scene)
  for (const id of ids) await flow.synced(id)
  if (!odd) return { ...flow, ids }
  scene.world.crm.rules.add({
    name: 'refused',
    path: '/orders/batch/create',
    action: {
      kind: 'status',
      status: 400,
      body: { status: 'error', category: 'VALIDATION_ERROR', message: 'no' },
    },
  })
  await flow.becomes(buy(scene, 'carla@example.com'), 'failed')
  return { ...flow, ids }
}
