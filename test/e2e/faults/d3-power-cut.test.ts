import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../processes.ts'
import { cutPower, mayLosePower } from '../power-cut.ts'
import { brokenPromises } from '../promises.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { chanceOf } from '../soak/chance.ts'
import { lookInside } from './inside.ts'

const SEED = 20_263
/** Orders that were answered before the power goes, and how many are told in all. */
const ANSWERED = 10
const TOLD = 20
const linux = process.platform === 'linux'
if (!linux) console.warn('Only Linux lets the power of a store be cut.')

describe.skipIf(!linux)('D3 a power failure', () => {
  let scene: Scene
  let flow: FlowView
  const chance = chanceOf(SEED)
  beforeAll(async () => {
    // A portal that takes a second create: what was noted before a call must be there as well.
    scene = await openScene({ world: { crm: { allowUniqueProperties: false } } })
    flow = await orderFlow(scene)
    await scene.service.end()
  })
  afterAll(() => scene.close())

  const start = () => scene.start(mayLosePower(scene.home))
  let buyers = 0
  const buySome = (count: number): number[] =>
    Array.from({ length: count }, () => buy(scene, `buyer${(buyers += 1)}@example.com`, {}, { company: `Firm ${buyers % 7}` })) // prettier-ignore
  const answered = (ids: readonly number[]): number[] => {
    const good = scene.world.shop.deliveries().filter(({ status }) => status === 202)
    return ids.filter((id) => good.some((one) => one.resourceId === id))
  }

  it.each([
    ['nothing', undefined],
    ['some', chance.share],
  ])(
    'D3 where %s is left of what was not synced: all that was answered 2xx is there',
    async (_what, luck) => {
      await start()
      scene.world.crm.latencyMs = 100
      const ids = buySome(TOLD)
      await until('answers', async () => answered(ids).length >= ANSWERED)
      await scene.service.end('SIGKILL')
      await until('the deliveries', async () => scene.world.shop.pendingDeliveries() === 0)
      const promised = answered(ids)
      expect(cutPower(scene.home, luck)).toBeGreaterThan(0)

      const stored = await lookInside(scene.home, (store) =>
        store.raw<{ id: string }>(
          `select external_id as id from record join delivery using (connection_id, external_id)
          where entity = 'order' and want_version > 0`,
        ),
      )
      const known = new Set(stored.map(({ id }) => id))
      expect(promised.filter((id) => !known.has(String(id)))).toEqual([])
      await start()
      for (const id of ids) await flow.synced(id)
      expect(brokenPromises({ crm: scene.world.crm, shops: [{ shop: scene.world.shop }] })).toEqual([])
      await scene.service.end()
    },
  )
})
