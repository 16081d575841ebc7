import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorError, type Found, type PageRequest } from '@crosswalk/connectors/sdk'
import type { Order } from '@crosswalk/shared/model'
import type { JobEngine, JobToSend } from '../jobs/types.ts'
import {
  memoryCrm,
  memoryFlow,
  pipelineDeps,
  shopOrder,
  syncOnce,
  type MemoryCrm,
} from '../pipeline/testing.ts'
import type { FlowRuntime, FlowRuntimes } from '../runtime/flow-runtime.ts'
import type { Store } from '../store/database.ts'
import { loadFlows } from '../store/flows.ts'
import { listReconcileDays } from '../store/reconcile.ts'
import { getRunById, moveRun } from '../store/runs.ts'
import type { FlowRow, RunRow } from '../store/schema.ts'
import { embeddedTestStore } from '../store/testing.ts'
import type { LiveDeps } from './live.ts'
import { ringReconcile } from './reconcile-bell.ts'
import { lastDue } from './reconcile-times.ts'
import { workReconcile } from './reconcile.ts'
import { createRuns } from './runs.ts'

const home = embeddedTestStore()
const signal = new AbortController().signal
const NOW = Date.parse('2026-05-20T12:00:00Z')
let store: Store
let crm: MemoryCrm
let orders: Map<string, Order>
let sent: JobToSend[]
let row: FlowRow
/** Called before a page is read, and before the target is. */
let before: (what: 'page' | 'target') => void

beforeAll(async () => {
  store = await home.open()
}, 60_000)
afterAll(async () => {
  await store.close()
  await home.remove()
})
beforeEach(async () => {
  crm = memoryCrm()
  orders = new Map()
  sent = []
  before = () => undefined
  await store.raw(
    'truncate workspace, connection, flow, run, record, link, dependency, intent, attempt, audit cascade',
  )
  await store.raw(`insert into workspace (id, name) values ('ws_1', 'Example')`)
  for (const id of ['conn_shop', 'conn_crm'])
    await store.raw(
      `insert into connection (id, workspace_id, connector, name, origin, hook_id) values ($1, 'ws_1', 'x', $1, $1, $1)`,
      [id],
    )
  await store.raw(`insert into flow (id, workspace_id, name, source_connection_id, target_connection_id, entity, state, created_at)
    values ('flow_1', 'ws_1', 'Orders', 'conn_shop', 'conn_crm', 'order', 'active', '2026-01-01')`) // prettier-ignore
  row = (await loadFlows(store.db, ['flow_1'])).get('flow_1') as FlowRow
}, 30_000)

/** The made-up flow with a shop that lists two orders a page, and a CRM that can be read. */
function flow(): FlowRuntime {
  const made = memoryFlow(orders, crm)
  const { connection } = made.target
  const page = function* (request: PageRequest) {
    before('page')
    const all = [...orders.values()]
    const start = (request.position as number | null) ?? 0
    const next = start + 2 < all.length ? start + 2 : null
    yield { path: '/' }
    return { records: all.slice(start, start + 2), next, total: all.length, sourceClock: new Date(NOW).toISOString() } // prettier-ignore
  }
  const byIds = function* (ids: readonly string[]): Generator<never, Found[], never> {
    before('target')
    const held = [...(crm.objects.get('deals') ?? []), ...(crm.objects.get('rows') ?? [])].map(
      ([, one]) => one,
    )
    yield* []
    return held
      .filter((one) => ids.includes(one.id))
      .map(({ id, fields }) => ({ key: id, id, values: fields }))
  }
  const objects = Object.fromEntries(
    Object.entries(connection.connector.objects).map(([name, object]) => [name, { ...object, read: { max: 100, byIds } }]),
  ) // prettier-ignore
  return {
    ...made,
    row,
    source: { ...made.source, definition: { ...made.source.definition, page } },
    target: { connection: { ...connection, connector: { ...connection.connector, objects } } },
  } as unknown as FlowRuntime
}

const deps = (): LiveDeps => ({
  ...pipelineDeps(store),
  clock: { now: () => NOW },
  engine: { send: async (_tx: unknown, jobs: readonly JobToSend[]) => void sent.push(...jobs) } as unknown as JobEngine,
  flows: { get: async () => flow() } as unknown as FlowRuntimes,
}) // prettier-ignore
const runs = () => createRuns(deps())
const begin = async (): Promise<RunRow> => {
  const run = await runs().start(row, { kind: 'reconcile', requestedBy: 'test' })
  sent.length = 0
  return moveRun(store.db, 'ws_1', run.id, 'running')
}
const now = async (run: RunRow): Promise<RunRow> => (await getRunById(store.db, run.id)) as RunRow
const days = async () =>
  (await listReconcileDays(store.db, { workspaceId: 'ws_1', flowId: 'flow_1', days: 60 })).map(
    (day) =>
      `${day.day} ${day.source_count} ${day.source_sum} ${day.target_count} ${day.target_sum} ${day.missing}`,
  )
const place = (...ids: string[]): void => ids.forEach((id) => orders.set(id, shopOrder(id)))
const sync = (...ids: string[]) => syncOnce(ids, flow(), pipelineDeps(store))

describe('a run that compares both sides', () => {
  it('goes over all pages, marks what is missing and keeps its days', async () => {
    place('1', '2', '3', '4', '5')
    await sync('1', '2', '3', '4')
    crm.remove('deals', crm.all('deals')[3]?.id ?? '')
    const run = await begin()
    expect(await workReconcile(run, flow(), signal, deps())).toBeNull()
    expect(await now(run)).toMatchObject({
      state: 'succeeded', done: 5, total: 5, unchanged_count: 3, updated_count: 2,
      reason: '2 missing in the target, sent again.',
    }) // prettier-ignore
    expect(sent.map((job) => [job.key, job.priority, job.data])).toEqual([
      ['flow_1:order:4', 0, { flowId: 'flow_1', externalId: '4' }],
      ['flow_1:order:5', 0, { flowId: 'flow_1', externalId: '5' }],
    ])
    expect(await days()).toEqual(['2026-05-01 5 151.25 3 90.75 2'])
    await sync('4', '5')
    const second = await begin()
    await workReconcile(second, flow(), signal, deps())
    expect(await now(second)).toMatchObject({ reason: 'Both sides agree.', updated_count: 0 })
    expect(await days()).toEqual(['2026-05-01 5 151.25 5 151.25 0'])
  })

  it('stores nothing of a page it was stopped at, and goes on there', async () => {
    place('1', '2', '3', '4')
    const run = await begin()
    let pages = 0
    const paused: Promise<unknown>[] = []
    before = (what) => {
      if (what === 'page' && (pages += 1) === 2) paused.push(moveRun(store.db, 'ws_1', run.id, 'paused'))
    }
    expect(await workReconcile(run, flow(), signal, deps())).toBeNull()
    await Promise.all(paused)
    expect(await now(run)).toMatchObject({ state: 'paused', done: 2, updated_count: 2 })
    expect(sent).toHaveLength(2)
    expect(await days()).toEqual([])
    const resumed = await moveRun(store.db, 'ws_1', run.id, 'running')
    expect(await workReconcile(resumed, flow(), signal, deps())).toBeNull()
    expect(await now(run)).toMatchObject({ state: 'succeeded', done: 4, updated_count: 4 })
    expect(await days()).toEqual(['2026-05-01 4 121 0 null 4'])
  })

  it('waits for a busy target and ends with the reason where it may never be read', async () => {
    place('1')
    await sync('1')
    const run = await begin()
    const refuse = (kind: 'unavailable' | 'forbidden') => (what: string) => {
      if (what === 'target') throw new ConnectorError({ kind, publicMessage: 'no' })
    }
    before = refuse('unavailable')
    expect(await workReconcile(run, flow(), signal, deps())).toBeGreaterThan(0)
    expect(await now(run)).toMatchObject({ state: 'running', done: 0 })
    before = refuse('forbidden')
    expect(await workReconcile(run, flow(), signal, deps())).toBeNull()
    expect(await now(run)).toMatchObject({ state: 'failed', reason: 'no' })
    expect(await days()).toEqual([])
  })

  it('is one at a time and leaves a backfill alone', async () => {
    const run = await begin()
    await expect(begin()).rejects.toThrow(/comparison of this flow is open already/)
    const backfill = await runs().start(row, { kind: 'backfill', from: null, requestedBy: 'test' })
    expect(backfill.options).toEqual({ from: null })
    await runs().cancel('ws_1', run.id)
    expect((await runs().start(row, { kind: 'reconcile', days: 7, requestedBy: 'test' })).options).toEqual({ days: 7 }) // prettier-ignore
  })
})

describe('the bell', () => {
  const kinds = async () => (await store.raw<{ kind: string }>('select kind from run')).map((run) => run.kind)

  it('starts what is due once, and nothing for a flow that is new or not live', async () => {
    await ringReconcile(deps())
    expect(await kinds()).toEqual(['reconcile'])
    expect(sent.map((job) => job.queue)).toEqual(['chunk'])
    // Open since yesterday: it goes on first.
    await store.raw(`update run set created_at = '2026-05-19'`)
    await ringReconcile(deps())
    expect(await kinds()).toHaveLength(1)
    const due = lastDue(NOW, 'flow_1', 1)
    await store.raw(`update run set state = 'succeeded', created_at = $1`, [new Date(due)])
    await ringReconcile(deps())
    expect(await kinds()).toHaveLength(1)
    await store.raw(`update run set created_at = $1`, [new Date(due - 86_400_000)])
    await ringReconcile(deps())
    expect(await kinds()).toHaveLength(2)
    await store.raw(`delete from run`)
    await store.raw(`update flow set created_at = $1`, [new Date(NOW - 60_000)])
    await ringReconcile(deps())
    await store.raw(`update flow set created_at = '2026-01-01', state = 'paused'`)
    await ringReconcile(deps())
    expect(await kinds()).toEqual([])
  })
})
