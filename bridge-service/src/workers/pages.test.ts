import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorError } from '@crosswalk/connectors/sdk'
import type { Order } from '@crosswalk/shared/model'
import { memoryCrm, memoryFlow, shopOrder, type MemoryCrm } from '../pipeline/testing.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import type { Store } from '../store/database.ts'
import { loadLinks } from '../store/links.ts'
import { findBehind } from '../store/behind.ts'
import { leaseRecords, raiseWant } from '../store/records.ts'
import { createRun, getRunById, moveRun } from '../store/runs.ts'
import { embeddedTestStore } from '../store/testing.ts'
import { workChunks } from './chunk.ts'
import { workLive, type LiveDeps } from './live.ts'
import { workPages } from './pages.ts'
import type { PageProgress, Stretch } from './stretch.ts'
import type { RecordJob } from './sync-jobs.ts'
import { memoryEngine, placeFlow, workDeps } from './testing.ts'
import { noteHealthy } from './trouble.ts'

const home = embeddedTestStore()
let store: Store
beforeAll(async () => {
  store = await home.open()
  await placeFlow(store)
}, 60_000)
afterAll(async () => {
  await store.close()
  await home.remove()
})

let crm: MemoryCrm
let orders: Map<string, Order>
let flow: FlowRuntime
let deps: LiveDeps
let sent: ReturnType<typeof memoryEngine>['sent']
const signal = new AbortController().signal
beforeEach(async () => {
  crm = memoryCrm()
  orders = new Map()
  flow = memoryFlow(orders, crm)
  const memory = memoryEngine()
  sent = memory.sent
  deps = workDeps(store, flow, memory.engine)
  noteHealthy('conn_crm', 'flow_1')
  noteHealthy('conn_shop', 'flow_1')
  for (const table of ['record', 'link', 'dependency', 'attempt', 'run', 'bucket'] as const)
    await store.db.deleteFrom(table).execute()
  await store.db.updateTable('flow').set({ state: 'active' }).execute()
  await store.db.updateTable('connection').set({ state: 'active' }).execute()
})

const place = (count: number): void => {
  for (let i = 1; i <= count; i += 1) orders.set(String(i), shopOrder(String(i)))
}
async function pages(wanted: () => Promise<boolean> = async () => true, knownOnly = false) {
  const progress: PageProgress[] = []
  const stretch: Stretch = { flow, position: null, changedAfter: null, createdFrom: null, runId: null, imported: true, lane: 'bulk', reconsiderSkipped: false, knownOnly, counted: [] } // prettier-ignore
  const end = await workPages(
    stretch,
    async (_tx, page) => void progress.push(page),
    { inTime: () => true, wanted },
    signal,
    deps,
  )
  return { end, progress }
}
const behind = () => findBehind(store.db, { id: 'flow_1', source_connection_id: 'conn_shop', entity: 'order' }, { limit: 100 }) // prettier-ignore
const leased = () => store.db.selectFrom('record').select('external_id').where('lease_until', '>', new Date()).execute() // prettier-ignore
const recordJobs = (...ids: string[]): RecordJob[] =>
  ids.map((id) => ({ queue: 'record', id: `job${id}`, retryCount: 0, key: id, group: 'conn_crm', data: { flowId: 'flow_1', externalId: id } })) // prettier-ignore

describe('pages of a run', () => {
  it('are brought over in order, all of them', async () => {
    place(9)
    const { end, progress } = await pages()
    expect(end).toEqual({ kind: 'end' })
    expect(progress.map((page) => [page.next, page.counts.created])).toEqual([
      [2, 2],
      [4, 2],
      [6, 2],
      [8, 2],
      [null, 1],
    ])
    expect(crm.all('deals')).toHaveLength(9)
    expect(await leased()).toEqual([])
  })

  it('under new rules for what is there bring nothing else over', async () => {
    place(3)
    await pages()
    place(6)
    const done = { status: { canonical: 'completed', source: 'completed', name: 'Completed' } } as const
    for (const id of ['1', '2', '5']) orders.set(id, shopOrder(id, done))
    await pages(undefined, true)
    expect(crm.all('deals').map((deal) => deal.fields['stage'])).toEqual(['won', 'won', 'open'])
  })

  it('whose account fails half way leave their begun records marked, should nobody come back', async () => {
    place(1)
    crm.fail((op, object) => {
      if (op === 'create' && object === 'rows')
        throw new ConnectorError({ kind: 'unauthorized', status: 401, publicMessage: 'no' })
    })
    expect((await pages()).end).toEqual({ kind: 'stopped' })
    expect(crm.all('deals')).toHaveLength(1)
    await store.db.updateTable('link').set({ next_try_at: null }).execute()
    expect(await behind()).toEqual(['1'])
  })

  it('of a target that takes nothing wait, and so does everybody else', async () => {
    place(8)
    for (let i = 1; i <= 8; i += 1) crm.put('people', { email: `buyer${i}@example.com` })
    crm.put('goods', { key: 'TEA' })
    crm.put('goods', { key: 'CUP' })
    crm.fail((op) => {
      if (op === 'create' || op === 'update')
        throw new ConnectorError({ kind: 'unavailable', publicMessage: 'It cannot be reached.' })
    })
    const { end, progress } = await pages()
    expect(end.kind).toBe('wait')
    expect(progress).toHaveLength(1)
    expect(progress[0]?.next).toBe(2)
    expect(sent.map((job) => job.key)).toEqual(['flow_1:order:1', 'flow_1:order:2'])
    expect((await deps.budget.usage('conn_crm')).blockedUntil?.getTime()).toBeGreaterThan(Date.now())
  })

  it('end together: nobody goes on while one is still under way', async () => {
    place(9)
    let under = 0
    const { http } = flow.target.connection
    const { send } = http
    http.send = async (call, options) => {
      under += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
      under -= 1
      return send(call, options)
    }
    let asked = 0
    const breaks = async () => {
      asked += 1
      if (asked === 3) throw new Error('the store is away')
      return true
    }
    await expect(pages(breaks)).rejects.toThrow('the store is away')
    expect(under).toBe(0)
    expect(await leased()).toEqual([])
  })

  it('of a flow whose rules no longer fit end with one reason, not with a failure per record', async () => {
    place(9)
    crm.fail((op, object) => {
      if (op === 'create' && object === 'deals')
        throw new ConnectorError({ kind: 'invalid', publicMessage: 'There is no stage "open".', breaksMapping: true }) // prettier-ignore
    })
    const { end, progress } = await pages()
    expect(end).toEqual({ kind: 'broken', reason: 'There is no stage "open".' })
    expect(progress).toEqual([])
    const links = await loadLinks(store.db, 'flow_1', [...orders.keys()])
    expect([...links.values()].filter((link) => link.state === 'failed')).toEqual([])
    expect(await leased()).toEqual([])
  })

  it('leave what somebody else holds to a job of its own', async () => {
    place(2)
    await leaseRecords(store.db, [{ connectionId: 'conn_shop', entity: 'order', externalId: '2' }], 'other', 60_000) // prettier-ignore
    const { end } = await pages()
    expect(end).toEqual({ kind: 'end' })
    expect(crm.all('deals')).toHaveLength(1)
    expect(sent.map((job) => job.key)).toEqual(['flow_1:order:2'])
    await store.db.updateTable('record').set({ lease_until: null }).execute()
    expect(await behind()).toEqual(['2'])
  })
})

describe('a backfill', () => {
  const start = () => createRun(store.db, { workspaceId: 'ws_1', flowId: 'flow_1', kind: 'backfill' })
  const stretch = async (runId: string) => {
    const job = { queue: 'chunk', id: 'c1', retryCount: 0, key: `run:${runId}`, group: 'conn_crm', data: { runId } } as const // prettier-ignore
    return (await workChunks([job], signal, deps))[0]
  }

  it('stands while its flow is paused and goes on by itself', async () => {
    place(2)
    const run = await start()
    flow.row.state = 'paused'
    expect(await stretch(run.id)).toMatchObject({ state: 'again', afterMs: 60_000 })
    expect(crm.all('deals')).toEqual([])
    flow.row.state = 'active'
    expect(await stretch(run.id)).toMatchObject({ state: 'done' })
    expect(await getRunById(store.db, run.id)).toMatchObject({
      state: 'succeeded',
      done: 2,
      created_count: 2,
    })
  })

  it('held during its last page is not read again when it goes on', async () => {
    place(2)
    const run = await start()
    crm.fail((op, object) =>
      op === 'create' && object === 'rows'
        ? () => void (held ??= moveRun(store.db, 'ws_1', run.id, 'paused'))
        : undefined,
    )
    let held: Promise<unknown> | undefined
    await stretch(run.id)
    await held
    expect((await getRunById(store.db, run.id))?.state).toBe('paused')
    await moveRun(store.db, 'ws_1', run.id, 'running')
    expect(await stretch(run.id)).toMatchObject({ state: 'done' })
    expect(await getRunById(store.db, run.id)).toMatchObject({ state: 'succeeded', done: 2 })
  })
})

describe('live jobs', () => {
  it('of a record whose lease went to another flow come again', async () => {
    place(1)
    await raiseWant(store.db, 'conn_shop', 'order', ['1'])
    let taken: Promise<unknown> | undefined
    deps.faultPoint = (name) => {
      if (name === 'after-line')
        taken = store.db.updateTable('record').set((of) => ({ lease_token: of('lease_token', '+', 1) })).execute() // prettier-ignore
    }
    await workLive(recordJobs('1'), signal, deps)
    await taken
    expect(sent).toMatchObject([{ key: 'flow_1:order:1', startAfterMs: 1_000 }])
  })

  it('of a paused flow end, but for the forced ones', async () => {
    place(2)
    flow.row.state = 'paused'
    const [one, two] = recordJobs('1', '2') as [RecordJob, RecordJob]
    const outcomes = await workLive([one, { ...two, data: { ...two.data, force: true } }], signal, deps)
    expect(outcomes.map((outcome) => [outcome.id, outcome.state]).sort()).toEqual([
      ['job1', 'done'],
      ['job2', 'settled'],
    ])
    expect(crm.all('deals').map((deal) => deal.fields['title'])).toEqual(['2'])
  })

  it('twice for one record are both answered', async () => {
    place(1)
    const [job] = recordJobs('1') as [RecordJob]
    const forced = { ...job, id: 'forced', data: { ...job.data, force: true } }
    const outcomes = await workLive([job, forced], signal, deps)
    expect(outcomes.map((outcome) => [outcome.id, outcome.state]).sort()).toEqual([
      ['forced', 'settled'],
      ['job1', 'done'],
    ])
  })
})
