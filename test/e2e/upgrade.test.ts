import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findNeed } from '../../scripts/test-needs.mjs'
import { disagreements } from './checker.ts'
import { runOn } from './commands.ts'
import { firstOrders, openOldShop } from './old-shop.ts'
import { FROZEN_MASTER_KEY, thaw } from './old-store.ts'
import { until } from './processes.ts'
import { buy, type Scene } from './scene.ts'
import { makeHome, startServiceProcess, type Home, type ServiceProcess } from './service.ts'

const FROZEN = ['v4'] as const
const env = { MASTER_KEY: FROZEN_MASTER_KEY }
const postgres = await findNeed('postgres')
if (!postgres.ok) console.warn('PostgreSQL is missing: an upgrade there is not tried.')
const places = FROZEN.flatMap((version) => [
  [version, 'embedded', undefined] as const,
  ...(postgres.ok ? [[version, 'PostgreSQL', { databaseUrl: String(postgres.value) }] as const] : []),
])

describe('the store of an earlier version', () => {
  let scene: Scene
  beforeAll(async () => {
    // HubSpot as the earlier version left it: the same orders brought over, by today's code.
    scene = await openOldShop({})
    const flow = await firstOrders(scene, false)
    await flow.synced(buy(scene, 'carla@example.com'))
    await scene.service.end()
  })
  afterAll(() => scene.close())

  const counted = () =>
    ['orders', 'line_items', 'contacts', 'companies', 'products'].map((name) => scene.world.crm.all(name).length) // prettier-ignore

  it.each(places)(
    '%s goes on in the %s store: every link leads on, nothing is made twice',
    async (version, _store, server) => {
      const { world } = scene
      const home: Home = await makeHome(server, { fresh: true })
      let service: ServiceProcess | undefined
      try {
        const text = thaw(
          readFileSync(new URL(`../fixtures/store/${version}.jsonl`, import.meta.url), 'utf8'),
          world,
        )
        const file = join(home.dir, 'old.gz')
        writeFileSync(file, gzipSync(text))
        const restored = await runOn(home, 'restore', [file], env)
        expect(restored).toMatchObject({ code: 0 })
        expect(restored.output).not.toMatch(/master key/)

        const before = counted()
        const startedAt = Date.now()
        const running = await startServiceProcess(home, { hosts: world.hosts, webhooks: true, env })
        service = running
        const { items } = await running.api.flows.list()
        const params = { flowId: items[0]?.id ?? '' }
        const record = (id: number) =>
          running.api.records.get({ params: { ...params, externalId: String(id) } })
        const ids = world.shop.orders().map((order) => order.id as number)
        // Its list of changes begins where the earlier version left off, so it looks at all of them again.
        for (const id of ids.slice(0, 4)) {
          await until(`order ${id} level`, async () => {
            const seen = await record(id).catch(() => null)
            return seen?.state === 'linked' && seen.complete && Date.parse(seen.syncedAt ?? '') > startedAt
          })
        }
        expect(counted()).toEqual(before)
        expect(await running.api.failures.groups()).toMatchObject({ items: [] })
        expect((await record(ids[0] ?? 0)).history.some(({ at }) => Date.parse(at) < startedAt)).toBe(true)

        const next = buy(scene, `next-${server ? 'server' : 'embedded'}@example.com`)
        await until('the next order', async () => (await record(next).catch(() => null))?.complete)
        const [orders, lines, contacts, ...rest] = before as [number, number, number, number, number]
        expect(counted()).toEqual([orders + 1, lines + 2, contacts + 1, ...rest])
        expect(disagreements(world.shop, world.crm)).toEqual([])
      } finally {
        await service?.end('SIGKILL')
        await home.remove()
      }
    },
  )
})
