import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findNeed } from '../../../scripts/test-needs.mjs'
import { disagreements } from '../checker.ts'
import { freePort } from '../free-port.ts'
import { until } from '../processes.ts'
import { buyer } from '../scene.ts'
import { makeHome, startServiceProcess, type Home, type ServiceProcess } from '../service.ts'
import { connectBoth, goLive, startWorld, type World } from '../shop-to-crm.ts'
import { countInside } from './inside.ts'

const ORDERS = 500
/** A busy machine takes its time to start processes. */
const LONG = 240_000
const postgres = await findNeed('postgres')
const stores: [string, { databaseUrl: string } | undefined][] = [
  ['embedded', undefined],
  ...(postgres.ok
    ? [['PostgreSQL', { databaseUrl: String(postgres.value) }] as [string, { databaseUrl: string }]]
    : []),
]

describe.each(stores)('work that is cut short, on the %s store', (_name, server) => {
  let world: World
  let home: Home
  let service: ServiceProcess
  let flowId: string
  let port: number

  const start = async (env: Record<string, string> = {}): Promise<void> => {
    service = await startServiceProcess(home, { hosts: world.hosts, port, env })
  }
  beforeEach(async () => {
    world = await startWorld({ shop: { orderCount: ORDERS, seed: 5 } })
    home = await makeHome(server)
    port = await freePort()
    await start()
    flowId = await goLive(service.api, await connectBoth(service.api, world))
  })
  afterEach(async () => {
    await service.end('SIGKILL')
    await world.close()
    await home.remove()
  })

  const backfill = () =>
    service.api.runs.start({ params: { flowId }, body: { kind: 'backfill', from: '2000-01-01T00:00:00Z' } })
  const run = (runId: string) => service.api.runs.get({ params: { runId } })
  const ended = (runId: string) =>
    until('the end of the run', async () => {
      const now = await run(runId)
      return ['queued', 'running', 'paused'].includes(now.state) ? null : now
    })
  const real = (order: Record<string, unknown>): boolean => order['status'] !== 'checkout-draft'
  const nothingDouble = (): void => {
    expect(disagreements(world.shop, world.crm, real)).toEqual([])
    expect(world.crm.summary({ duplicatesBy: { orders: 'crosswalk_key' } })).toMatchObject({
      orphanLineItems: 0,
    })
  }

  it(
    'C7 killed inside a page, between a page and its checkpoint, and after it: goes on there, nothing lost or double',
    async () => {
      await service.end('SIGTERM')
      let id = ''
      const dieAt = async (point: string): Promise<void> => {
        await start({ CROSSWALK_KILL_AT: point })
        if (id === '') ({ id } = await backfill())
        await service.exited
        expect(service.child.signalCode).toBe('SIGKILL')
      }
      const done = () => countInside(home, 'select done::int as n from run where id = $1', [id])
      for (const point of ['after-call:create:orders@2', 'before-link@2', 'after-page@2']) await dieAt(point)
      // The sweeps of each start have pages as well, which may have been all that was done so far.
      for (let page = 4; page <= 6 && (await done()) === 0; page += 1) await dieAt(`after-page@${page}`)
      expect(await done()).toBeGreaterThan(0)
      await start()
      expect(await ended(id)).toMatchObject({ state: 'succeeded', done: ORDERS, total: ORDERS })
      nothingDouble()
    },
    LONG,
  )

  /** Nobody may hold anything once a process has ended in order: the next one need not wait for it. */
  const leftHeld = () =>
    countInside(
      home,
      `select (select count(*) from record where lease_until > now() and entity <> '~bell')::int
            + (select count(*) from ${home.env['DATABASE_SCHEMA'] ?? 'crosswalk'}_jobs.job where state = 'active')::int as n`,
    )
  const buySome = (count: number): void => {
    const product = world.shop.products().find((one) => one['type'] === 'simple')?.['id']
    for (let i = 0; i < count; i += 1) {
      world.shop.placeOrder({
        status: 'processing',
        set_paid: true,
        billing: buyer(`live${i}@example.com`),
        line_items: [{ product_id: product, quantity: 1 }],
      })
    }
  }

  it(
    'C10 told to stop (SIGTERM) during work, while the shop and HubSpot hang: ends in order within 10 s, nothing lost',
    async () => {
      await service.end('SIGTERM')
      // The look after webhooks hangs; of the orders one batch is taken, the others are never answered.
      world.shop.rules.add({ name: 'silent', path: 'webhooks', action: { kind: 'hang' } })
      world.crm.rules.add({ name: 'silent', path: 'orders/batch/create', skip: 1, action: { kind: 'hang' } })
      await start()
      const { id } = await backfill()
      await until('a batch that was taken', async () => world.crm.all('orders').length > 0)
      buySome(20)
      await until('the deliveries', async () => world.shop.pendingDeliveries() === 0)
      await until('a call that hangs', async () => world.crm.rules.hits('silent') > 0)
      await until('a look that hangs', async () => world.shop.rules.hits('silent') > 0)
      // A process that takes longer is ended by itself, with 1.
      expect(await service.end('SIGTERM')).toBe(0)
      expect(world.crm.all('orders').length).toBeLessThanOrEqual(100)
      expect(await leftHeld()).toBe(0)
      world.shop.rules.clear()
      world.crm.rules.clear()
      await start()
      expect(await ended(id)).toMatchObject({ state: 'succeeded' })
      await until('the live orders', async () => disagreements(world.shop, world.crm, real).length === 0)
      nothingDouble()
    },
    LONG,
  )
})
