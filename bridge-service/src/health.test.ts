import { describe, expect, it } from 'vitest'
import { createHealth } from './health.ts'
import { createLog } from './log.ts'
import { migrations } from './store/migrations/migrate.ts'

const applied = migrations.map(({ name }) => ({ name }))

function rig(options: { pumps?: number } = {}) {
  const lines: string[] = []
  const world = {
    now: 1_000_000,
    turnedAt: 1_000_000,
    room: true,
    answer: async (): Promise<unknown[]> => applied,
  }
  const health = createHealth({
    store: { raw: (async () => world.answer()) as never, hasRoom: () => world.room },
    pumps: Array.from({ length: options.pumps ?? 1 }, () => ({ turnedAt: () => world.turnedAt })),
    log: createLog('info', { write: (line: string) => void lines.push(line) }),
    now: () => world.now,
    storeMs: 20,
    stalledMs: 15_000,
  })
  const reasons = async () => (await health.check()).map(({ what }) => what)
  return { world, health, lines, reasons }
}

describe('readiness', () => {
  it('begins when the service has started, and ends for good when it stops', async () => {
    const { health, reasons } = rig()
    expect(await reasons()).toEqual(['starting'])
    health.started()
    expect(await reasons()).toEqual([])
    expect(health.wasReady()).toBe(true)
    health.stopping()
    expect(health.wasReady()).toBe(false)
    expect(await reasons()).toEqual(['stopping'])
    health.started()
    expect(await reasons()).toEqual(['stopping'])
  })

  it('ends while the store fails or does not answer in time, and comes back with it', async () => {
    const { world, health, reasons, lines } = rig()
    health.started()
    world.answer = () => Promise.reject(new Error('gone'))
    expect(await reasons()).toEqual(['store'])
    world.answer = () => new Promise(() => undefined)
    expect(await reasons()).toEqual(['store'])
    expect(health.wasReady()).toBe(false)
    world.answer = async () => applied
    expect(await reasons()).toEqual([])
    expect(health.wasReady()).toBe(true)
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'not ready',
      'ready again',
    ])
  })

  it('ends while the disk is nearly full', async () => {
    const { world, health, reasons } = rig()
    health.started()
    world.room = false
    expect(await reasons()).toEqual(['room'])
    world.room = true
    expect(await reasons()).toEqual([])
  })

  it('ends when tables are those of an older version, not when a newer one added to them', async () => {
    const { world, health, reasons } = rig()
    health.started()
    world.answer = async () => applied.slice(0, -1)
    expect(await reasons()).toEqual(['migrations'])
    world.answer = async () => [...applied, { name: '9999-later' }]
    expect(await reasons()).toEqual([])
  })

  it('ends when a pump does not come round any more; a process without pumps has none to stall', async () => {
    const { world, health, reasons } = rig()
    health.started()
    world.now += 16_000
    expect(await reasons()).toEqual(['jobs'])
    world.turnedAt = world.now
    expect(await reasons()).toEqual([])
    const front = rig({ pumps: 0 })
    front.health.started()
    front.world.now += 3_600_000
    expect(await front.reasons()).toEqual([])
  })
})
