import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeMissing, findNeed } from '../../../scripts/test-needs.mjs'
import { disagreements } from '../checker.ts'
import { freePort } from '../free-port.ts'
import { until } from '../processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { clientOf, makeHome, startServiceProcess, type Home, type ServiceProcess } from '../service.ts'
import { connectBoth, startWorld, type World } from '../shop-to-crm.ts'
import { isGood, senderOf } from './sender.ts'

const postgres = await findNeed('postgres')
if (!postgres.ok)
  console.warn(`${describeMissing('postgres', postgres.reason)} Two copies there are not tried.`)

describe('D7 two copies started on one embedded store', () => {
  let scene: Scene
  let flow: FlowView
  beforeAll(async () => {
    scene = await openScene()
    flow = await orderFlow(scene)
  })
  afterAll(() => scene.close())

  it('D7 the second ends at once, says who has it open and what to do; the first notices nothing', async () => {
    const before = buy(scene, 'before@example.com')
    const refused = await Promise.allSettled(
      [1, 2].map(() => startServiceProcess(scene.home, { hosts: scene.world.hosts })),
    )
    for (const start of refused) {
      const { reason } = start as PromiseRejectedResult
      expect(String(reason)).toMatch(
        new RegExp(
          `ended with 1:\n.*in use by process ${scene.service.pid} .*stop that one, or set DATABASE_URL`,
        ),
      )
      // One line and no trace of the program.
      expect(String(reason)).not.toMatch(/\n\s+at /)
    }
    await flow.synced(before)
    await flow.synced(buy(scene, 'after@example.com'))
    expect(disagreements(scene.world.shop, scene.world.crm)).toEqual([])
  })
})

describe.skipIf(!postgres.ok)('D7 two copies started on one PostgreSQL', () => {
  let world: World
  let home: Home
  let port: number
  let copies: ServiceProcess[] = []
  // So few slots that no copy can take all the work before the other comes.
  const env = (): Record<string, string> => ({
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    WORKER_SLOTS: '8',
  })
  beforeAll(async () => {
    // A portal that takes a second create: nothing there keeps the copies apart.
    world = await startWorld({ crm: { allowUniqueProperties: false } })
    home = await makeHome({ databaseUrl: postgres.ok ? String(postgres.value) : '' })
    port = await freePort()
  })
  afterAll(async () => {
    for (const copy of copies) await copy.end('SIGKILL')
    await world.close()
    await home.remove()
  })

  it('D7 at the same moment, on nothing yet: there is one business, and one key opens both', async () => {
    const hosts = world.hosts.concat(`127.0.0.1:${port}`)
    copies = await Promise.all([
      startServiceProcess(home, { hosts, port, env: env() }),
      startServiceProcess(home, { hosts, env: env() }),
    ])
    const key = copies[0]?.key ?? ''
    await connectBoth(clientOf(copies[0]?.url ?? '', key), world)
    for (const { url } of copies) {
      const { items } = await clientOf(url, key).connections.list()
      expect(items.map((one) => one.connector).sort()).toEqual(['hubspot', 'woocommerce'])
    }
  })

  it('D7 both work on what both are told, and nothing is there twice', async () => {
    const [first, second] = copies as [ServiceProcess, ServiceProcess]
    const { items } = await first.api.connections.list()
    const idOf = (connector: string): string => items.find((one) => one.connector === connector)?.id ?? ''
    const scene = { world, service: first, ends: { shopId: idOf('woocommerce'), crmId: idOf('hubspot') } }
    const product = world.shop.addProduct({ name: 'Linen apron', sku: 'APRON', regular_price: '40.00' })
    const stocked = { ...scene, apron: product['id'], mitt: product['id'] } as unknown as Scene
    const flow = await orderFlow(stocked)
    world.crm.latencyMs = 100
    const sender = senderOf(world.shop)
    const beside = (topic: string): string => {
      const { pathname } = new URL(sender.hookOf(topic).deliveryUrl)
      return `http://127.0.0.1:${new URL(second.url).port}${pathname}`
    }
    // Two orders of each buyer and firm, so that the copies meet at one contact and one company.
    const ids = Array.from({ length: 24 }, (_, i) =>
      buy(stocked, `buyer${i >> 1}@example.com`, {}, { company: `Firm ${i % 5}` }),
    )
    const tellSecond = async (topic: string): Promise<void> => {
      const told = await Promise.all(ids.map((id) => sender.tell(topic, id, { url: beside(topic) })))
      expect(told.filter((status) => !isGood(status))).toEqual([])
    }
    await tellSecond('order.created')
    // While they are at work the same orders change, so that each may take up what the other has in hand.
    await until('some work done', async () => world.crm.all('orders').length > 0)
    for (const id of ids) world.shop.updateOrder(id, { customer_note: 'Ring twice' })
    await tellSecond('order.updated')
    for (const id of ids) {
      await flow.synced(id, (order) => order.properties['crosswalk_customer_note'] === 'Ring twice')
    }
    await until('rest', async () => (await first.api.overview.get({})).flows[0]?.records.pending === 0)
    expect(disagreements(world.shop, world.crm)).toEqual([])
    const { counts, orphanLineItems } = world.crm.summary({})
    expect(counts).toMatchObject({ orders: 24, line_items: 48, contacts: 12, companies: 5, products: 1 })
    expect(orphanLineItems).toBe(0)
    expect(await second.api.failures.groups()).toMatchObject({ items: [] })
  })

  it('D7 with a key of its own the second is refused, and told what to do', async () => {
    const own = await makeHome()
    const elsewhere = { ...home, env: { ...home.env, DATA_DIR: String(own.env['DATA_DIR']) } }
    await expect(startServiceProcess(elsewhere, { env: env() })).rejects.toThrow(
      /ended with 1:\n.*another master key\. Give this one the same/,
    )
    await own.remove()
    const { items } = await (copies[0] as ServiceProcess).api.connections.list()
    expect(items.map((one) => one.state)).toEqual(['active', 'active'])
  })
})
