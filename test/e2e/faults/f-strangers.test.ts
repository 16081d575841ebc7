import { Agent, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { countInside } from './inside.ts'
import { watchMemory } from './memory.ts'
import { isGood, senderOf, type Sender } from './sender.ts'

/** Addresses that a stranger tries; `SOAK=1` takes as many as the catalogue names. */
const STRANGERS = process.env['SOAK'] === '1' ? 1_000_000 : 20_000

describe('strangers at the door of the webhooks', () => {
  let scene: Scene
  let flow: FlowView
  let sender: Sender
  beforeAll(async () => {
    scene = await openScene()
    flow = await orderFlow(scene)
    sender = senderOf(scene.world.shop)
  })
  afterAll(() => scene.close())

  it(`F5 ${STRANGERS} webhook addresses that do not exist: refused, soon with 429, nothing stored, and the shop is heard`, async () => {
    sender.shopTells('paused')
    const id = buy(scene, 'kees@example.com')
    const agent = new Agent({ keepAlive: true, maxSockets: 50 })
    const { hostname, port } = new URL(scene.service.url)
    const knock = (path: string): Promise<number> =>
      new Promise((done, failed) => {
        const sent = request({ hostname, port, path, method: 'POST', agent }, (response) => {
          response.resume().once('end', () => done(response.statusCode ?? 0))
        })
        // A kept connection may end just as it is used again.
        sent.once('error', (error) => (sent.reusedSocket ? done(knock(path)) : failed(error)))
        sent.end('{"id":1}')
      })
    const told = new Map<number, number>()
    let memory: ReturnType<typeof watchMemory> | undefined
    let next = 0
    const stranger = async (): Promise<void> => {
      while (next < STRANGERS) {
        // A process that has just started takes what it needs to be quick.
        if (next === STRANGERS / 4) memory = watchMemory(scene.service.pid)
        const name = `${(next += 1)}`.padStart(32, 'a')
        const status = await knock(`/hooks/${name}`)
        told.set(status, (told.get(status) ?? 0) + 1)
      }
    }
    const flood = Promise.all(Array.from({ length: 50 }, stranger))
    await until('the first to be sent away', async () => told.has(429))
    expect(isGood(await sender.tell('order.created', id))).toBe(true)
    expect(await sender.tell('order.created', id, { secret: 'x' })).toBe(429)
    await flow.synced(id)
    await flood
    agent.destroy()
    expect(told.get(404)).toBeGreaterThanOrEqual(100)
    expect((told.get(404) ?? 0) + (told.get(429) ?? 0)).toBe(STRANGERS)
    expect(told.get(429)).toBeGreaterThan(STRANGERS / 2)
    expect(memory?.stop()).toBeLessThan(250)
    expect(scene.service.lines.filter((line) => line.includes('refused')).length).toBeLessThan(10)
    // Rows whose kind begins with ~ are the service's own.
    await scene.service.end()
    const stored = await countInside(
      scene.home,
      `select ((select count(*) from delivery where external_id is distinct from $1)
             + (select count(*) from record where external_id is distinct from $1 and entity not like '~%'))::int as n`,
      [String(id)],
    )
    expect(stored).toBe(0)
  }, 600_000)
})
