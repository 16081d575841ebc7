import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { disagreements } from '../checker.ts'
import { preload } from '../preload/preload.ts'
import { until } from '../processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { makeHome, type Home } from '../service.ts'

const MIB = 1024 * 1024
const canLimit = process.platform === 'linux'
if (!canLimit) console.warn('Only Linux can take the room to write away from a running process.')

/**
 * A full disk without the rights to mount one: first as the service is told it by the file system, then as its writes find
 * it, when all of them fail from one moment on.
 */
describe('a disk that is full', () => {
  let scene: Scene
  let flow: FlowView
  let home: Home
  const free = (mib: number): void => writeFileSync(join(home.dir, 'free'), String(mib * MIB))
  beforeEach(async () => {
    home = await makeHome(undefined, { fresh: true })
    free(1_000)
    scene = await openScene({
      home,
      env: { ...preload('told-disk'), TEST_FREE_BYTES_FILE: join(home.dir, 'free') },
    })
    flow = await orderFlow(scene)
    await flow.synced(buy(scene, 'before@example.com'))
  })
  afterEach(() => scene.close())

  /** What the shop was answered for an order, once it has told all of it. */
  const answers = (id: number): Promise<number[]> =>
    until(`the deliveries of order ${id}`, async () => {
      if (scene.world.shop.pendingDeliveries() > 0) return null
      const made = scene.world.shop.deliveries().filter((one) => one.resourceId === id)
      return made.length > 0 && made.map((one) => one.status)
    })
  const ready = async () => {
    const response = await fetch(`${scene.service.url}/readyz`)
    return { status: response.status, text: await response.text() }
  }

  it('D1 nearly: webhooks are refused with 507 and nothing is worked on; with room again all goes on by itself', async () => {
    free(20)
    const refused = buy(scene, 'refused@example.com')
    expect((await answers(refused)).every((status) => status === 507)).toBe(true)
    expect(await ready()).toMatchObject({ status: 503, text: expect.stringContaining('disk') })
    await scene.service.api.runs.start({ params: { flowId: flow.id }, body: { kind: 'sweep' } })
    free(1_000)
    // The shop tells nothing twice: the sweep that waited brings it.
    await flow.synced(refused)
    const next = buy(scene, 'after@example.com')
    expect((await answers(next)).every((status) => status === 202)).toBe(true)
    await flow.synced(next)
    expect((await ready()).status).toBe(200)
    expect(disagreements(scene.world.shop, scene.world.crm)).toEqual([])
  })

  it.skipIf(!canLimit)(
    'D1 from one moment on: no 2xx, the process ends and says why, and the next one has all that was acknowledged',
    async () => {
      execFileSync('prlimit', ['--pid', String(scene.service.pid), '--fsize=0:'])
      const refused = buy(scene, 'refused@example.com')
      expect((await answers(refused)).filter((status) => status >= 200 && status < 300)).toEqual([])
      expect(await scene.service.exited).toBe(1)
      expect(scene.service.lines.join('\n')).toContain('The embedded store gave up: could not write')
      await scene.start()
      await flow.synced(refused)
      expect(disagreements(scene.world.shop, scene.world.crm)).toEqual([])
    },
  )
})
