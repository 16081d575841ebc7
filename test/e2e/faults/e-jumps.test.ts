import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { disagreements } from '../checker.ts'
import { preload } from '../preload/preload.ts'
import { until } from '../processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { makeHome, type Home } from '../service.ts'
import { lookInside } from './inside.ts'

const HOUR = 3_600_000

/** The service's machine and its store have a wrong clock for a while; shop and HubSpot have the right one. */
describe('a clock that jumps an hour ahead, and back', () => {
  let scene: Scene
  let flow: FlowView
  let home: Home
  const clockIsOffBy = (ms: number): void => writeFileSync(join(home.dir, 'clock'), String(ms).padEnd(24))
  beforeAll(async () => {
    home = await makeHome()
    clockIsOffBy(0)
    scene = await openScene({
      home,
      env: { ...preload('moved-clock'), TEST_CLOCK_FILE: join(home.dir, 'clock') },
    })
    flow = await orderFlow(scene, { sweepSeconds: 30 })
  })
  afterAll(() => scene.close())

  let orders = 0
  const buyNext = (): number => buy(scene, `buyer${(orders += 1)}@example.com`)
  /** The shop does not tell of what happens meanwhile: only a sweep finds it. */
  async function untold<T>(what: () => T): Promise<T> {
    for (const hook of scene.world.shop.shop.webhooks.values()) hook.status = 'paused'
    const result = what()
    await until('no deliveries', async () => scene.world.shop.pendingDeliveries() === 0)
    for (const hook of scene.world.shop.shop.webhooks.values()) hook.status = 'active'
    return result
  }
  const sweeps = (): number =>
    scene.world.shop.calls.filter((call) => /\/orders\?.*status=trash/.test(call.url)).length

  it('E1 loses no order and holds nothing up, while it is wrong and when it is right again', async () => {
    await flow.synced(buyNext())
    clockIsOffBy(HOUR)
    await flow.synced(buyNext())
    // Found by a sweep that rings by itself, though the cursor was written by a clock that was right.
    await flow.synced(await untold(buyNext), () => true, 90_000)

    // An order has to wait, and the account is left alone, until a time that this clock tells wrongly.
    scene.world.crm.rules.add({
      name: 'busy',
      path: 'orders/batch/create',
      action: { kind: 'status', status: 503 },
    })
    const held = buyNext()
    await until('a wait', async () => scene.world.crm.rules.hits('busy') > 2)
    clockIsOffBy(0)
    scene.world.crm.rules.remove('busy')
    await flow.synced(held, () => true, 100_000)
    await flow.synced(buyNext())
    const before = sweeps()
    const since = performance.now()
    await flow.synced(await untold(buyNext), () => true, 90_000)
    // Every 30 seconds, looked for every ten: never a storm of them.
    expect(sweeps() - before).toBeLessThanOrEqual(3 + (performance.now() - since) / 10_000)
    expect(disagreements(scene.world.shop, scene.world.crm)).toEqual([])
    await scene.service.end('SIGTERM')
    const [cursor] = await lookInside(home, (store) =>
      store.raw<{ source_clock: Date }>(`select source_clock from "cursor" where kind = 'sweep'`),
    )
    // By the shop's clock, whatever ours said.
    expect(cursor?.source_clock.getTime()).toBeLessThanOrEqual(Date.now())
  }, 600_000)
})
