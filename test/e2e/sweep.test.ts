import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { disagreements } from './checker.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from './scene.ts'

describe('a bridge that the shop cannot call', () => {
  let scene: Scene
  let flow: FlowView
  beforeAll(async () => {
    scene = await openScene({ webhooks: false })
    flow = await orderFlow(scene)
  })
  afterAll(() => scene.close())

  const sweep = () => scene.service.api.runs.start({ params: { flowId: flow.id }, body: { kind: 'sweep' } })

  it('says that it reads changes every minute, and why; it makes no webhooks', async () => {
    const shop = await scene.service.api.connections.get({ params: { connectionId: scene.ends.shopId } })
    expect(shop.feed).toMatchObject({ mode: 'sweep', everySeconds: 60, topics: [] })
    expect(shop.feed.reason).toMatch(/no public address.*every minute/)
    expect(scene.world.shop.webhooks()).toEqual([])
  })

  it('brings new, changed and trashed orders over when it reads', async () => {
    const ids = ['anna', 'berta', 'carla'].map((name) => buy(scene, `${name}@example.com`))
    const [kept, changed, trashed] = ids as [number, number, number]
    await sweep()
    for (const id of ids) await flow.synced(id)
    scene.world.shop.updateOrder(changed, { status: 'completed' })
    scene.world.shop.trashOrder(trashed)
    await sweep()
    await flow.synced(changed, (order) => order.properties['crosswalk_source_status'] === 'completed')
    await flow.becomes(trashed, 'deleted')
    expect(flow.document(trashed)?.properties['crosswalk_source_status']).toBe('deleted')
    expect(disagreements(scene.world.shop, scene.world.crm, (order) => order['id'] !== trashed)).toEqual([])
    const { history } = await flow.record(kept)
    expect(history).toHaveLength(1)
  })
})
