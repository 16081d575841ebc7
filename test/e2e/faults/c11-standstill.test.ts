import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeMissing, findNeed } from '../../../scripts/test-needs.mjs'
import { preload } from '../preload/preload.ts'
import { until } from '../processes.ts'
import { brokenPromises } from '../promises.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { makeHome, startServiceProcess, type Home, type ServiceProcess } from '../service.ts'
import { senderOf } from './sender.ts'

/** How long the process stands. `SOAK=1` waits that long; else the store and its own clock are told that it has passed. */
const STILL_MS = 120_000
const SOAK = process.env['SOAK'] === '1'
/** Where it stands still, in the order a record passes. */
const POINTS = [
  'after-read',
  'before-call:create:orders',
  'after-call:create:orders',
  'before-call:create:line_items',
  'before-link',
]

const postgres = await findNeed('postgres')
const linux = process.platform === 'linux'
if (!postgres.ok) console.warn(`${describeMissing('postgres', postgres.reason)} No process stands still.`)
if (!linux) console.warn('Only Linux tells that a process stands still.')

describe.skipIf(!postgres.ok || !linux)(
  'C11 a process that stands still while another takes its work over',
  () => {
    let scene: Scene
    let flow: FlowView
    let home: Home
    let client: pg.Client
    let schema: string
    const key = { MASTER_KEY: randomBytes(32).toString('hex') }
    const clockIsOffBy = (ms: number): void => writeFileSync(join(home.dir, 'clock'), String(ms).padEnd(24))
    beforeAll(async () => {
      home = await makeHome({ databaseUrl: postgres.ok ? String(postgres.value) : '' })
      // The door only takes webhooks. A portal that takes a second create: nothing there keeps anything from being double.
      scene = await openScene({
        home,
        env: { ...key, WORK: 'false' },
        world: { crm: { allowUniqueProperties: false } },
      })
      flow = await orderFlow(scene)
      client = new pg.Client({ connectionString: String(home.env['DATABASE_URL']) })
      await client.connect()
      schema = String(home.env['DATABASE_SCHEMA'])
      await client.query(`set search_path = ${schema}`)
    })
    afterAll(async () => {
      await client.end()
      await scene.close()
    })

    const startWorker = (env: Record<string, string> = {}): Promise<ServiceProcess> =>
      startServiceProcess(home, { hosts: scene.world.hosts, env: { ...key, ...env } })
    /** A process that stands still when it passes a point, and whose clock can be set. */
    function startStopping(point: string, env: Record<string, string> = {}): Promise<ServiceProcess> {
      clockIsOffBy(0)
      const clock = { ...preload('moved-clock'), TEST_CLOCK_FILE: join(home.dir, 'clock') }
      return startWorker({ ...clock, CROSSWALK_KILL_AT: `stop:${point}`, ...env })
    }
    const isStill = ({ pid }: ServiceProcess): boolean =>
      readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\)/, '').startsWith(' T ')
    /** Waits until a process stands still, and the store has carried out what it had sent before. */
    const stands = (still: ServiceProcess) =>
      until('the standstill', async () => {
        if (!isStill(still)) return false
        const { rows } = await client.query<{ n: number }>(
          `select count(*)::int as n from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()
              and (application_name = 'crosswalk ' || $1::text or position($1::text || '_jobs' in query) > 0)`,
          [schema],
        )
        return rows[0]?.n === 0
      })

    /** To the store, what a process holds was last renewed long ago. */
    async function letTimePass({ pid }: ServiceProcess): Promise<void> {
      if (SOAK) return
      const ago = `interval '${STILL_MS} ms'`
      const own = (holder: string): string => `split_part(${holder}, ':', 2) = '${pid}'`
      await client.query(`
        update record set lease_until = lease_until - ${ago} where ${own('lease_holder')};
        update dependency set updated_at = updated_at - ${ago} where ${own('holder')};
        update ${schema}_jobs.job set heartbeat_on = heartbeat_on - ${ago} where state = 'active';
        select pg_terminate_backend(pid) from pg_stat_activity
          where state = 'idle in transaction' and application_name = 'crosswalk ${schema}'`)
    }
    async function goOn(still: ServiceProcess, since: number): Promise<void> {
      if (SOAK) await new Promise((done) => setTimeout(done, since + STILL_MS - Date.now()))
      else clockIsOffBy(STILL_MS)
      still.child.kill('SIGCONT')
    }

    let buyers = 0
    const buyNext = (): number =>
      buy(scene, `buyer${(buyers += 1)}@example.com`, {}, { company: `Firm ${buyers}` })
    /** Calls since that write anything that has to do with an order's document. */
    function writesOf(id: number, from: number): string[] {
      const document = flow.document(id)
      const names = [`:${id}"`, `:${id}:`, `"${document?.id}"`, ...flow.linked(id, 'line_items').map((line) => `"${line.id}"`)] // prettier-ignore
      return scene.world.crm.calls
        .slice(from)
        .filter((call) => call.method !== 'GET' && !/\/(?:read|search)/.test(call.url))
        .map((call) => `${call.method} ${call.url} ${JSON.stringify(call.body)}`)
        .filter((text) => names.some((name) => text.includes(name)))
    }
    const wrong = (...processes: ServiceProcess[]): string[] =>
      brokenPromises({
        crm: scene.world.crm,
        shops: [{ shop: scene.world.shop }],
        lines: processes.flatMap(({ lines }) => lines),
        secret: ['@example.com', 'Jansen'],
      })

    it.each(POINTS)(
      'C11 at %s: its lease is refused, and it writes nothing when it goes on',
      async (point) => {
        const still = await startStopping(point)
        const id = buyNext()
        await stands(still)
        const since = Date.now()
        await letTimePass(still)
        const heir = await startWorker()
        try {
          await flow.synced(id, () => true, 200_000)
          // What the one that stands has read is old now.
          scene.world.shop.updateOrder(id, { status: 'completed', customer_note: 'Ring twice' })
          await flow.synced(id, (order) => order.properties['crosswalk_customer_note'] === 'Ring twice')
          const before = scene.world.crm.calls.length
          await goOn(still, since)
          expect(await heir.end()).toBe(0)
          // Nobody else is left to do it.
          await flow.synced(buyNext())
          expect(await still.end()).toBe(0)
          expect(writesOf(id, before)).toEqual([])
          expect(wrong(still, heir)).toEqual([])
        } finally {
          await Promise.all([still.end('SIGKILL'), heir.end('SIGKILL')])
        }
      },
    )

    it('C11 in the middle of a transaction: it holds nobody up, and takes nothing back', async () => {
      const worker = await startWorker()
      const id = buyNext()
      await flow.synced(id)
      const still = await startStopping('before-receive-commit', { WORK: 'false' })
      try {
        const { shop } = scene.world
        const sender = senderOf(shop)
        const { pathname } = new URL(sender.hookOf('order.updated').deliveryUrl)
        const url = `http://127.0.0.1:${new URL(still.url).port}${pathname}`
        sender.shopTells('paused')
        shop.updateOrder(id, { customer_note: 'Ring once' })
        const told = sender.tell('order.updated', id, { url })
        await stands(still)
        const since = Date.now()
        // The row that the other one holds is needed for this, at the door and by the worker.
        sender.shopTells('active')
        shop.updateOrder(id, { customer_note: 'Ring twice' })
        await letTimePass(still)
        await flow.synced(id, (order) => order.properties['crosswalk_customer_note'] === 'Ring twice')
        await goOn(still, since)
        expect(await told).toBe(503)
        // It lives, and takes the next one.
        expect(await sender.tell('order.updated', id, { url })).toBe(202)
        expect(await still.end()).toBe(0)
        expect(wrong(still, worker)).toEqual([])
      } finally {
        await Promise.all([still.end('SIGKILL'), worker.end('SIGKILL')])
      }
    })
  },
)
