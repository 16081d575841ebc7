import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeMissing, findNeed } from '../../../scripts/test-needs.mjs'
import { disagreements } from '../checker.ts'
import { preload } from '../preload/preload.ts'
import { until } from '../processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { makeHome, type Home } from '../service.ts'
import { isGood, senderOf, type Sender } from './sender.ts'

const LOCKED_MS = 10_000
const ORDERS = 12
/** In the place of a status, where the line was cut. */
const ENDED = 0

const postgres = await findNeed('postgres')
if (!postgres.ok) console.warn(`${describeMissing('postgres', postgres.reason)} A lock there is not tried.`)

/** Keeps a store from taking anything. @returns ends that */
type Block = (home: Home) => Promise<() => Promise<void>>

/** Another session holds every table, as a careless migration or dump does. */
const lockTables: Block = async (home) => {
  const schema = String(home.env['DATABASE_SCHEMA'])
  const client = new pg.Client({ connectionString: String(home.env['DATABASE_URL']) })
  await client.connect()
  const { rows } = await client.query<{ tables: string }>(
    `select string_agg(format('%I.%I', schemaname, tablename), ', ' order by schemaname, tablename) as tables
       from pg_tables where schemaname in ($1::text, $1::text || '_jobs')`,
    [schema],
  )
  await client.query(`begin; lock table ${rows[0]?.tables} in access exclusive mode`)
  return () => client.end()
}

/** The disk takes nothing: a store in the service's own process holds all of it up. */
const stuckFile = (home: Home): string => join(home.dir, 'stuck')
const holdDisk: Block = async (home) => {
  writeFileSync(stuckFile(home), '')
  return async () => rmSync(stuckFile(home))
}

const stores: [string, { databaseUrl: string } | undefined, Block][] = [
  ['embedded', undefined, holdDisk],
  ...(postgres.ok
    ? [['PostgreSQL', { databaseUrl: String(postgres.value) }, lockTables] as [string, { databaseUrl: string }, Block]] // prettier-ignore
    : []),
]

describe.each(stores)('the %s store, locked for ten seconds', (_name, server, block) => {
  let scene: Scene
  let flow: FlowView
  let sender: Sender
  beforeAll(async () => {
    const home = await makeHome(server)
    const env = server ? {} : { ...preload('stuck-disk'), TEST_STUCK_FILE: stuckFile(home) }
    scene = await openScene({ home, env })
    flow = await orderFlow(scene)
    sender = senderOf(scene.world.shop)
  })
  afterAll(() => scene.close())

  it('D2 promises nothing meanwhile, answers all within the sender’s minute, and loses nothing', async () => {
    await flow.synced(buy(scene, 'before@example.com'))
    sender.shopTells('paused')
    const ids = Array.from({ length: ORDERS }, (_, i) => buy(scene, `buyer${i}@example.com`))
    const unblock = await block(scene.home)
    const answers: number[] = []
    const told = ids.map((id) =>
      // A process that stood still may end a connection whose time to be read is over: no promise either.
      sender
        .tell('order.created', id)
        .catch(() => ENDED)
        .then((status) => (answers.push(status), status)),
    )
    await wait(LOCKED_MS)
    expect(answers.filter(isGood)).toEqual([])
    await unblock()
    const statuses = await Promise.all(told)
    expect(statuses.filter((status) => ![202, 503, ENDED].includes(status))).toEqual([])
    for (const [i, id] of ids.entries()) if (statuses[i] === 202) await flow.synced(id)
    // The shop tells nothing twice: what it was refused is found by the next sweep.
    await scene.service.api.runs.start({ params: { flowId: flow.id }, body: { kind: 'sweep' } })
    for (const id of ids) await flow.synced(id)
    sender.shopTells('active')
    await flow.synced(buy(scene, 'after@example.com'))
    expect(disagreements(scene.world.shop, scene.world.crm)).toEqual([])
    await until('the service to be ready', async () => (await fetch(`${scene.service.url}/readyz`)).ok)
  })
})
