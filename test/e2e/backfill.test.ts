import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findNeed } from '../../scripts/test-needs.mjs'
import { disagreements } from './checker.ts'
import { until } from './processes.ts'
import { makeHome, startServiceProcess, type Home, type ServiceProcess } from './service.ts'
import { connectBoth, goLive, startWorld, type World } from './shop-to-crm.ts'

const ORDERS = 900
const postgres = await findNeed('postgres')
const stores: [string, { databaseUrl: string } | undefined][] = [
  ['embedded', undefined],
  ...(postgres.ok
    ? [['PostgreSQL', { databaseUrl: String(postgres.value) }] as [string, { databaseUrl: string }]]
    : []),
]

describe.each(stores)('a backfill on the %s store', (_name, server) => {
  let world: World
  let home: Home
  let service: ServiceProcess
  let flowId: string

  beforeEach(async () => {
    world = await startWorld({ shop: { orderCount: ORDERS, seed: 5 } })
    home = await makeHome(server)
    service = await startServiceProcess(home, { hosts: world.hosts })
    flowId = await goLive(service.api, await connectBoth(service.api, world))
  })
  afterEach(async () => {
    await service.end('SIGKILL')
    await world.close()
    await home.remove()
  })

  const start = () =>
    service.api.runs.start({ params: { flowId }, body: { kind: 'backfill', from: '2000-01-01T00:00:00Z' } })
  const ended = (runId: string) =>
    until('the end of the run', async () => {
      const run = await service.api.runs.get({ params: { runId } })
      return ['queued', 'running', 'paused'].includes(run.state) ? null : run
    })
  const drafts = (order: Record<string, unknown>): boolean => order['status'] !== 'checkout-draft'

  it('brings every order over, whole, and a second one writes nothing', async () => {
    const run = await ended((await start()).id)
    expect(run).toMatchObject({ state: 'succeeded', done: ORDERS, total: ORDERS })
    expect(run.counts.created + run.counts.skipped).toBe(ORDERS)
    expect(disagreements(world.shop, world.crm, drafts)).toEqual([])
    const writes = () =>
      world.crm.calls.filter((call) => call.method === 'POST' && !/read|search/.test(call.url)).length
    const before = writes()
    const again = await ended((await start()).id)
    expect(again).toMatchObject({ state: 'succeeded', done: ORDERS })
    expect(again.counts.unchanged + again.counts.skipped).toBe(ORDERS)
    expect(writes()).toBe(before)
  })

  it('costs at most a tenth of a call per order', async () => {
    const calls = () => world.crm.calls.filter((call) => call.url.startsWith('/crm/')).length
    const before = calls()
    await ended((await start()).id)
    expect((calls() - before) / ORDERS).toBeLessThanOrEqual(0.1)
  })

  it('is paused, resumed and cancelled', async () => {
    world.crm.latencyMs = 150
    const { id } = await start()
    await until('some progress', async () => (await service.api.runs.get({ params: { runId: id } })).done > 0)
    expect((await service.api.runs.pause({ params: { runId: id } })).state).toBe('paused')
    const settled = await until('a standstill', async () => {
      const first = (await service.api.runs.get({ params: { runId: id } })).done
      await new Promise((done) => setTimeout(done, 1_500))
      const second = (await service.api.runs.get({ params: { runId: id } })).done
      return first === second ? { done: first } : null
    })
    expect(settled.done).toBeLessThan(ORDERS)
    expect((await service.api.runs.resume({ params: { runId: id } })).state).toBe('running')
    world.crm.latencyMs = 0
    expect((await ended(id)).state).toBe('succeeded')
    expect(disagreements(world.shop, world.crm, drafts)).toEqual([])
    const second = await start()
    expect((await service.api.runs.cancel({ params: { runId: second.id } })).state).toBe('cancelled')
    await expect(service.api.runs.resume({ params: { runId: second.id } })).rejects.toMatchObject({
      status: 409,
    })
  })
})
