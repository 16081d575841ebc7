import { createAccessKey } from '../../../bridge-service/src/store/access-keys.ts'
import { createWorkspace } from '../../../bridge-service/src/store/workspaces.ts'
import { openScene, type Scene, type SceneOptions } from '../scene.ts'
import { clientOf, makeHome } from '../service.ts'
import { connectBoth, startWorld } from '../shop-to-crm.ts'
import { lookInside } from './inside.ts'

/** Another business of a service: what it owns, and its owner's key. */
export interface Tenant extends Scene {
  key: string
}

/**
 * Two businesses on one service, each with a shop, a HubSpot and an owner. Nothing in the API makes a workspace, so the
 * second one stands in the store before the service first starts.
 */
export async function openTenants(options: SceneOptions = {}): Promise<{ ours: Scene; theirs: Tenant }> {
  const world = await startWorld()
  const home = await makeHome()
  const key = await lookInside(home, async ({ db }) => {
    // The service takes the oldest for its own, and makes its first key.
    await createWorkspace(db, 'My business')
    const { id } = await createWorkspace(db, 'Another business')
    return (await createAccessKey(db, { workspaceId: id, name: 'Owner', role: 'owner' })).key
  })
  const ours = await openScene({ ...options, home, hosts: world.hosts })
  const api = clientOf(ours.service.url, key)
  const add = (name: string, sku: string, regular_price: string): number =>
    world.shop.addProduct({ name, sku, regular_price })['id'] as number
  const theirs = {
    ...ours,
    key,
    world,
    apron: add('Linen apron', 'APRON', '40.00'),
    mitt: add('Oven mitt', 'MITT', '15.00'),
    service: { ...ours.service, api },
    ends: await connectBoth(api, world),
    close: () => world.close(),
  }
  return { ours, theirs }
}
