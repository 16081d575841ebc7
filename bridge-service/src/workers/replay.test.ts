import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorError } from '@crosswalk/connectors/sdk'
import type { Order } from '@crosswalk/shared/model'
import { memoryCrm, memoryFlow, shopOrder, type MemoryCrm } from '../pipeline/testing.ts'
import { countFailures } from '../store/failure-lists.ts'
import type { Store } from '../store/database.ts'
import { getRunById } from '../store/runs.ts'
import { embeddedTestStore } from '../store/testing.ts'
import { workChunks } from './chunk.ts'
import { workLive, type LiveDeps } from './live.ts'
import { createRuns } from './runs.ts'
import type { RecordJob } from './sync-jobs.ts'
import { memoryEngine, placeFlow, workDeps } from './testing.ts'
import { noteHealthy } from './trouble.ts'

const home = embeddedTestStore()
let store: Store
let crm: MemoryCrm
let orders: Map<string, Order>
let deps: LiveDeps
beforeAll(async () => {
  store = await home.open()
  await placeFlow(store)
}, 60_000)
afterAll(async () => {
  await store.close()
  await home.remove()
})
const signal = new AbortController().signal
const RECORDS = 103

/** More orders than a page holds, of a status without a stage: all of them have failed. */
beforeEach(async () => {
  crm = memoryCrm()
  orders = new Map()
  for (const table of ['record', 'link', 'dependency', 'attempt', 'run', 'bucket', 'failure'] as const)
    await store.db.deleteFrom(table).execute()
  const status = { canonical: 'processing', source: 'packed', name: 'Packed' } as const
  for (let i = 1; i <= RECORDS; i += 1) orders.set(String(i), shopOrder(String(i), { status }))
  use({})
  noteHealthy('conn_crm', 'flow_1')
  noteHealthy('conn_shop', 'flow_1')
  const ids = [...orders.keys()]
  await workLive(
    ids.map((id): RecordJob => ({ queue: 'record', id: `job${id}`, retryCount: 0, key: id, group: 'conn_crm', data: { flowId: 'flow_1', externalId: id } })),
    signal,
    deps,
  )
}) // prettier-ignore

/** The flow with other settings from now on. */
const use = (settings: object): void =>
  void (deps = workDeps(store, memoryFlow(orders, crm, settings), memoryEngine().engine))
const open = async () => (await countFailures(store.db, 'ws_1', 'open'))[0]
async function start() {
  const group = await open()
  const flow = await store.db.selectFrom('flow').selectAll().executeTakeFirstOrThrow()
  return createRuns(deps).start(flow, { kind: 'replay', group: { id: group?.groupId ?? '', count: group?.count ?? 0 }, requestedBy: 'me' }) // prettier-ignore
}
const work = (runId: string) => workChunks([{ queue: 'chunk', id: 'job', retryCount: 0, key: runId, group: 'conn_crm', data: { runId } }], signal, deps) // prettier-ignore

describe('a retry of all of a cause', () => {
  it('comes to each of its records once, and says how many were solved', async () => {
    const run = await start()
    expect(run.total).toBe(RECORDS)
    use({ stages: { processing: 'open', packed: 'packed' } })
    orders.set('7', shopOrder('7', { native: { bad: true } }))
    expect(await work(run.id)).toEqual([{ id: 'job', state: 'done' }])
    expect(await getRunById(store.db, run.id)).toMatchObject({ state: 'partial', done: RECORDS, created_count: RECORDS - 1, failed_count: 1 }) // prettier-ignore
    expect(crm.all('deals')).toHaveLength(RECORDS - 1)
    expect(await open()).toMatchObject({ count: 1 })
  })

  it('ends where all fail once more: none is taken twice', async () => {
    const run = await start()
    await work(run.id)
    expect(await getRunById(store.db, run.id)).toMatchObject({ state: 'partial', done: RECORDS, failed_count: RECORDS }) // prettier-ignore
    const tries = await store.raw<{ tries: number }>('select distinct tries from failure')
    expect(tries).toEqual([{ tries: 2 }])
  })

  it('waits where the target is silent, and goes on from there', async () => {
    const run = await start()
    use({ stages: { processing: 'open', packed: 'packed' } })
    crm.fail((op) => {
      if (op !== 'find') throw new ConnectorError({ kind: 'unavailable', publicMessage: 'Down.' })
    })
    const [outcome] = await work(run.id)
    expect(outcome).toMatchObject({ state: 'again' })
    expect((await getRunById(store.db, run.id))?.state).toBe('running')
  })

  it('is refused while one of the same cause is open', async () => {
    await start()
    await expect(start()).rejects.toThrow(/is open already/)
  })
})
