import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeMissing, findNeed } from '../../scripts/test-needs.mjs'
import { disagreements } from './checker.ts'
import { freePort } from './free-port.ts'
import { until } from './processes.ts'
import { buyer } from './scene.ts'
import { makeHome, startServiceProcess, type Home, type ServiceProcess } from './service.ts'
import { connectBoth, goLive, startWorld, type World } from './shop-to-crm.ts'

const ORDERS = 600
const LIVE = 60
const postgres = await findNeed('postgres')
if (!postgres.ok) console.warn(`${describeMissing('postgres', postgres.reason)} Two processes are not tried.`)

describe.skipIf(!postgres.ok)('two processes on one database', () => {
  let world: World
  let home: Home
  let front: ServiceProcess
  let other: ServiceProcess
  let flowId: string
  let port: number
  let client: pg.Client | undefined
  const env = { MASTER_KEY: randomBytes(32).toString('hex') }

  const startFront = () => startServiceProcess(home, { hosts: world.hosts, port, env })
  const startOther = () => startServiceProcess(home, { hosts: world.hosts, env })

  beforeAll(async () => {
    world = await startWorld({ shop: { orderCount: ORDERS, seed: 11 } })
    home = await makeHome({ databaseUrl: postgres.ok ? String(postgres.value) : '' })
    port = await freePort()
    front = await startFront()
    other = await startOther()
    client = new pg.Client({ connectionString: String(home.env['DATABASE_URL']) })
    await client.connect()
    flowId = await goLive(front.api, await connectBoth(front.api, world))
  })
  afterAll(async () => {
    await client?.end()
    await Promise.all([front.end('SIGKILL'), other.end('SIGKILL')])
    await world.close()
    await home.remove()
  })

  const product = (): unknown => world.shop.products().find((one) => one['type'] === 'simple')?.['id']
  const buySome = (from: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => {
      const order = world.shop.placeOrder({
        status: 'processing',
        set_paid: true,
        // Two orders of each buyer, so that processes meet at one contact.
        billing: buyer(`live${(from + i) >> 1}@example.com`, { company: `Firm ${(from + i) % 7}` }),
        line_items: [{ product_id: product(), quantity: 1 + (i % 3) }],
      })
      return order['id'] as number
    })

  /** Processes that hold records of an entity in work now. */
  async function holders(entity: string): Promise<number[]> {
    const found = await client?.query<{ lease_holder: string }>(
      `select distinct lease_holder from ${home.env['DATABASE_SCHEMA']}.record
        where lease_holder is not null and lease_until > now() and entity = $1`,
      [entity],
    )
    return (found?.rows ?? []).map((row) => Number(row.lease_holder.split(':')[1]))
  }
  const records = () => world.crm.all('orders').length

  it('bring a backfill and live orders over together, also when one is killed, each once and whole', async () => {
    // Slow, so that the run is far from its end when one of them is killed.
    world.crm.latencyMs = 400
    const run = await front.api.runs.start({
      params: { flowId },
      body: { kind: 'backfill', from: '2000-01-01T00:00:00Z' },
    })
    const busy = new Set<number>()
    const live: number[] = []
    await until('both processes at work', async () => {
      for (const pid of await holders('order')) busy.add(pid)
      const enough = busy.size === 2 && live.length >= LIVE / 2
      if (!enough) live.push(...buySome(live.length, 2))
      return enough
    })
    await until('some progress', async () => records() > 0)
    // What is told to a dead process is lost until the next sweep; that is another test's promise.
    await until('the deliveries', async () => world.shop.pendingDeliveries() === 0)
    // The one that is at the backfill is killed.
    const [at] = await until('the worker of the run', async () => {
      const pids = await holders('~stretch')
      return pids.length > 0 && pids
    })
    const victim = at === front.pid ? front : other
    await victim.end('SIGKILL')
    if (victim === front) front = await startFront()
    else other = await startOther()
    world.crm.latencyMs = 30
    live.push(...buySome(live.length, LIVE / 2))

    const ended = await until('the end of the run', async () => {
      const now = await other.api.runs.get({ params: { runId: run.id } })
      return !['queued', 'running', 'paused'].includes(now.state) && now
    })
    expect(ended).toMatchObject({ state: 'succeeded' })
    for (const id of live) {
      await until(`order ${id} whole`, async () => {
        const found = await other.api.records
          .get({ params: { flowId, externalId: String(id) } })
          .catch(() => null)
        return found?.state === 'linked' && found.complete
      })
    }
    const wanted = (order: Record<string, unknown>) => order['status'] !== 'checkout-draft'
    expect(disagreements(world.shop, world.crm, wanted)).toEqual([])
    expect(await front.api.failures.groups()).toMatchObject({ items: [] })
    const { orphanLineItems } = world.crm.summary({})
    expect(orphanLineItems).toBe(0)
  })

  it('make no company, product or line twice', () => {
    for (const [object, property] of [
      ['companies', 'crosswalk_key'],
      ['products', 'hs_sku'],
      ['line_items', 'crosswalk_key'],
    ] as const) {
      // prettier-ignore
      const values = world.crm.all(object).map((one) => one.properties[property])
      expect(
        values.filter((value, i) => values.indexOf(value) !== i),
        object,
      ).toEqual([])
    }
  })

  it('create each record at most once by their history', async () => {
    const { items } = await front.api.records.list({ query: { flowId, limit: 200 } })
    for (const { externalId } of items.filter((_, i) => i % 4 === 0)) {
      const { history } = await front.api.records.get({ params: { flowId, externalId } })
      expect(history.filter((one) => one.outcome === 'created').length, externalId).toBeLessThanOrEqual(1)
    }
  })

  it('leave no person readable in the store: only sealed columns and keyed hashes', async () => {
    const schema = String(home.env['DATABASE_SCHEMA'])
    const tables = await client?.query<{ name: string }>(
      `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
        where table_schema in ($1::text, $1::text || '_jobs') and table_type = 'BASE TABLE'`,
      [schema],
    )
    expect(tables?.rows.length).toBeGreaterThan(20)
    // Long enough that no keyed hash looks like one of them by chance.
    const people = '@example|Jansen|Firm [0-9]|cs_1111|ck_1111|pat-eu1-simulator'
    for (const { name } of tables?.rows ?? []) {
      const found = await client?.query<{ n: number }>(
        `select count(*)::int as n from ${name} as t where t::text ~* $1`,
        [people],
      )
      expect(found?.rows[0]?.n, name).toBe(0)
    }
  })
})
