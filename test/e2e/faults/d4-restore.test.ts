import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findNeed } from '../../../scripts/test-needs.mjs'
import { realClock } from '../../simulators/clock.ts'
import { disagreements } from '../checker.ts'
import { runOn } from '../commands.ts'
import { freePort } from '../free-port.ts'
import { until } from '../processes.ts'
import { buyer } from '../scene.ts'
import { makeHome, startServiceProcess, type Home, type ServiceProcess } from '../service.ts'
import { connectBoth, goLive, startWorld, type World } from '../shop-to-crm.ts'

const postgres = await findNeed('postgres')
if (!postgres.ok) console.warn('PostgreSQL is missing: a restore there is not tried.')
const stores: [string, { databaseUrl: string } | undefined][] = [
  ['embedded', undefined],
  ...(postgres.ok
    ? [['PostgreSQL', { databaseUrl: String(postgres.value) }] as [string, { databaseUrl: string }]]
    : []),
]

describe.each(stores)('D4 a store restored from a backup 6 h old, on the %s store', (_name, server) => {
  let world: World
  let home: Home
  let service: ServiceProcess
  let flowId: string
  let port: number
  let apron: number
  const clock = realClock()
  const start = () => startServiceProcess(home, { hosts: world.hosts, port })

  beforeAll(async () => {
    world = await startWorld({ shop: { clock } })
    apron = world.shop.addProduct({ name: 'Linen apron', sku: 'APRON', regular_price: '40.00' }).id as number
    home = await makeHome(server)
    port = await freePort()
    service = await start()
    flowId = await goLive(service.api, await connectBoth(service.api, world))
  })
  afterAll(async () => {
    await service.end('SIGKILL')
    await world.close()
    await home.remove()
  })

  const buy = (email: string, company?: string): number =>
    world.shop.placeOrder({
      status: 'processing',
      set_paid: true,
      billing: buyer(email, company === undefined ? {} : { company }),
      line_items: [{ product_id: apron, quantity: 2 }],
    }).id as number
  const level = (what: string) =>
    until(what, async () => disagreements(world.shop, world.crm).length === 0, 90_000)
  const counted = () =>
    Object.fromEntries(
      ['orders', 'line_items', 'contacts', 'companies', 'products'].map((object) => [
        object,
        world.crm.all(object).length,
      ]),
    )
  const linked = (ids: readonly number[]) =>
    until('every order linked again', async () => {
      const states = await Promise.all(
        ids.map((id) =>
          service.api.records
            .get({ params: { flowId, externalId: String(id) } })
            .then((record) => record.state === 'linked' && record.complete)
            .catch(() => false),
        ),
      )
      return states.every(Boolean)
    }, 90_000) // prettier-ignore

  it('is brought level again: what was made since is found, not made twice, and what changed since is as it was', async () => {
    const before = [buy('anna@example.com'), buy('berta@example.com', 'Bakery BV')]
    await level('the first orders')
    const file = join(home.dir, 'six-hours-old.gz')
    const made = await runOn(home, 'backup', [file])
    expect(made.output).toMatch(/The master key is NOT inside/)
    expect(made.code).toBe(0)
    const text = gunzipSync(readFileSync(file)).toString()
    for (const secret of ['anna@example.com', 'Jansen', world.shop.keys[0]?.secret ?? '?', service.key])
      expect(text.includes(secret), secret).toBe(false)

    // The shop takes no signature that is more than 15 minutes off, so the six hours are ten minutes here: more than the
    // overlap of a sweep, which is what counts.
    clock.advance(10 * 60_000)
    // The six hours after it: new buyers and known ones, a new company, a changed order, one with a line more.
    const after = [
      buy('anna@example.com'),
      buy('carla@example.com', 'Candles BV'),
      buy('dora@example.com', 'Bakery BV'),
    ]
    world.shop.updateOrder(before[0] ?? 0, { status: 'completed' })
    world.shop.updateOrder(before[1] ?? 0, { line_items: [{ product_id: apron, quantity: 1 }] })
    await level('the six hours')
    const all = counted()
    await service.end()
    expect((await runOn(home, 'restore', [file])).output).toMatch(/--force/)
    const restored = await runOn(home, 'restore', [file, '--force'])
    expect(restored.output).toMatch(/Restored \d+ rows/)
    expect(restored.output).not.toMatch(/master key/)
    expect(restored.code).toBe(0)

    service = await start()
    await linked([...before, ...after])
    await level('what the restored store reads')
    expect(counted()).toEqual(all)
    expect(await service.api.failures.groups()).toMatchObject({ items: [] })
    // It goes on as before, also by webhook.
    const next = buy('carla@example.com', 'Candles BV')
    await linked([next])
    expect(counted()).toEqual({
      ...all,
      orders: (all['orders'] ?? 0) + 1,
      line_items: (all['line_items'] ?? 0) + 1,
    })
    expect(disagreements(world.shop, world.crm)).toEqual([])
  })
})
