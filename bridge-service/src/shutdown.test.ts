import { describe, expect, it } from 'vitest'
import { createShutdown } from './shutdown.ts'
import { silentLog } from './store/testing.ts'

function rig(stop: () => Promise<void>, limitMs = 60_000) {
  const world = { now: 0, codes: [] as number[], stops: 0 }
  const signal = createShutdown({
    stop: () => {
      world.stops += 1
      return stop()
    },
    log: silentLog,
    exit: (code) => void world.codes.push(code),
    now: () => world.now,
    limitMs,
  })
  return { world, signal }
}
const settled = () => new Promise((done) => setImmediate(done))

describe('signals', () => {
  it('end the service in order, once, with exit code 0', async () => {
    const { world, signal } = rig(async () => undefined)
    signal('SIGTERM')
    await settled()
    expect(world).toMatchObject({ stops: 1, codes: [0] })
  })

  it('end it at once when they come again, unless they are one that came twice', () => {
    const { world, signal } = rig(() => new Promise(() => undefined))
    signal('SIGINT')
    world.now = 20
    signal('SIGINT')
    expect(world).toMatchObject({ stops: 1, codes: [] })
    world.now = 2_000
    signal('SIGTERM')
    expect(world).toMatchObject({ stops: 1, codes: [143] })
  })

  it('say with exit code 1 that it did not end cleanly, or not in time', async () => {
    const failed = rig(() => Promise.reject(new Error('store')))
    failed.signal('SIGTERM')
    await settled()
    expect(failed.world.codes).toEqual([1])
    const late = rig(() => new Promise(() => undefined), 1)
    late.signal('SIGTERM')
    await new Promise((done) => setTimeout(done, 20))
    expect(late.world.codes).toEqual([1])
  })
})
