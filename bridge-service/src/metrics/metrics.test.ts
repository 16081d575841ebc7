import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allowanceOf } from '../jobs/bucket.ts'
import { createEngine } from '../jobs/engine.ts'
import type { JobEngine } from '../jobs/types.ts'
import type { RecordWork } from '../pipeline/work.ts'
import { createConnection } from '../store/connections.ts'
import type { Store } from '../store/database.ts'
import { createFlow } from '../store/flows.ts'
import { createRun } from '../store/runs.ts'
import { silentLog, testStores } from '../store/testing.ts'
import { createWorkspace } from '../store/workspaces.ts'
import { recordJob } from '../workers/sync-jobs.ts'
import { boundedLabel } from './labels.ts'
import { createMetrics } from './metrics.ts'
import { createMetricsPage } from './page.ts'
import { budgetOf, createStoreFigures, type StoreFigures } from './store-figures.ts'

const work = (outcome: object): RecordWork => ({ outcome }) as RecordWork
const call = { method: 'GET', path: '/x/:id', lane: 'live', attempt: 1, status: 200, durationMs: 40, bytesOut: 0, bytesIn: 0 } as const // prettier-ignore

describe('what a process counts', () => {
  it('adds up calls, webhooks, records and failures by their labels', async () => {
    const metrics = createMetrics('embedded')
    metrics.call({ id: 'conn_1', connector: 'hubspot' }, { ...call, failure: null })
    metrics.call({ id: 'conn_1', connector: 'hubspot' }, { ...call, failure: 'rate_limited' })
    metrics.webhook('woocommerce', 'accepted', 0.02)
    metrics.webhook(null, 'refused', 0.001)
    const failure = { step: 'deliver', kind: 'invalid', message: 'no' }
    metrics.outcomes('flow_1', [
      work({ result: 'created' }),
      work({ result: 'created' }),
      work({ result: 'failed', failure }),
    ])
    metrics.unchanged('flow_1', 97)
    metrics.finished('flow_1', [0.4, -3])
    const text = await metrics.registry.metrics()
    for (const line of [
      'crosswalk_calls_total{connection="conn_1",connector="hubspot",outcome="ok"} 1',
      'crosswalk_calls_total{connection="conn_1",connector="hubspot",outcome="rate_limited"} 1',
      'crosswalk_webhooks_total{connector="woocommerce",result="accepted"} 1',
      'crosswalk_webhooks_total{connector="unknown",result="refused"} 1',
      'crosswalk_records_total{flow="flow_1",outcome="created"} 2',
      'crosswalk_records_total{flow="flow_1",outcome="unchanged"} 97',
      'crosswalk_record_failures_total{flow="flow_1",step="deliver",cause="invalid"} 1',
      'crosswalk_webhook_to_record_seconds_sum{flow="flow_1"} 0.4',
      'crosswalk_webhook_to_record_seconds_count{flow="flow_1"} 2',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
    expect(text).toContain('nodejs_eventloop_lag_seconds')
  })

  it('gives only so many ids a label of their own', () => {
    const label = boundedLabel(2)
    expect(['a', 'b', 'c', 'a', 'd'].map(label)).toEqual(['a', 'b', 'other', 'a', 'other'])
  })
})

describe('the page of metrics', () => {
  const figures: StoreFigures = {
    connections: [],
    flows: [{ id: 'flow_1', entity: 'order', state: 'active', failedRecords: 3, lagSeconds: 7 }],
    openRuns: [],
    queues: [],
    alarms: [{ cause: 'refused', count: 2 }],
    bytes: 5,
  }
  const page = (read: () => Promise<StoreFigures>, clock = { now: 0 }) =>
    createMetricsPage({
      registry: createMetrics('embedded').registry,
      figures: read,
      own: { ready: () => true, held: () => ({ record: 4 }) },
      now: () => clock.now,
      limitMs: 20,
    })

  it('reads the store at most once in five seconds, however often it is asked', async () => {
    const clock = { now: 1_000 }
    let reads = 0
    const { text } = page(async () => {
      reads += 1
      return figures
    }, clock)
    await Promise.all([text(), text()])
    clock.now += 4_000
    expect(await text()).toContain('crosswalk_lag_seconds{flow="flow_1"} 7')
    expect(await text()).toContain('crosswalk_alarms_open{cause="refused"} 2')
    expect(reads).toBe(1)
    clock.now += 1_000
    await text()
    expect(reads).toBe(2)
  })

  it('shows what the process knows itself, and nothing old, while the store does not answer', async () => {
    const clock = { now: 1_000 }
    let answer: () => Promise<StoreFigures> = async () => figures
    const { text } = page(() => answer(), clock)
    expect(await text()).toContain('crosswalk_store_readable 1')
    for (const gone of [() => Promise.reject(new Error('gone')), () => new Promise<never>(() => undefined)]) {
      answer = gone
      clock.now += 10_000
      const seen = await text()
      expect(seen).toContain('crosswalk_store_readable 0')
      expect(seen).toContain('crosswalk_process_jobs_held{queue="record"} 4')
      expect(seen).not.toContain('crosswalk_lag_seconds{')
    }
  })
})

describe('what is left of a call budget', () => {
  const allowance = allowanceOf([{ calls: 100, seconds: 10 }, { calls: 5_000, seconds: 86_400 }], 0.2) // prettier-ignore
  const row = { tokens: 0, idle_seconds: 0, quota_used: 1_000, quota_seconds: 60 }

  it('fills while nobody calls, up to its limit', () => {
    const left = (idle: number) => budgetOf(allowance, { ...row, idle_seconds: idle })[0]
    expect(left(0)).toMatchObject({ window: 'burst', left: 0 })
    expect(left(0.1)?.left).toBeCloseTo(0.1 * (allowance?.rate ?? 0))
    expect(left(3_600)?.left).toBe(left(0)?.limit)
  })

  it('counts a quota down, and is whole when its time is over or no call was made yet', () => {
    const quota = (more: object) => budgetOf(allowance, { ...row, ...more })[1]
    expect(quota({})).toEqual({ window: 'quota', left: 4_000, limit: 5_000 })
    expect(quota({ quota_seconds: 86_400 })).toMatchObject({ left: 5_000 })
    expect(quota({ tokens: null, idle_seconds: null, quota_used: null, quota_seconds: null })).toMatchObject({ left: 5_000 }) // prettier-ignore
    expect(budgetOf(null, row)).toEqual([])
  })
})

describe.each(await testStores())('figures of the $kind store', (home) => {
  let store: Store
  let engine: JobEngine
  let now = 0
  beforeAll(async () => {
    store = await home.open()
    engine = createEngine(store, { log: silentLog })
    await engine.start()
    await createWorkspace(store.db, 'Test', 'ws_1')
    for (const [id, connector, settings] of [
      ['conn_shop', 'woocommerce', { shopUrl: 'https://shop.example.com' }],
      ['conn_crm', 'hubspot', {}],
    ] as const) {
      await createConnection(store.db, { id, workspaceId: 'ws_1', connector, name: id, origin: `${id}.example.com`, settings }) // prettier-ignore
    }
    for (const id of ['flow_1', 'flow_2']) {
      await createFlow(store.db, { id, workspaceId: 'ws_1', name: id, sourceConnectionId: 'conn_shop', targetConnectionId: 'conn_crm', entity: 'order' }) // prettier-ignore
    }
    await store.db.updateTable('flow').set({ state: 'active' }).where('id', '=', 'flow_1').execute()
    now = Date.now()
  }, 60_000)
  afterAll(async () => {
    await engine.stop()
    await store.close()
    await home.remove()
  })
  const read = () => createStoreFigures(store, engine, () => now)()
  const flow = async (id: string) => (await read()).flows.find((one) => one.id === id)
  const ends = { id: 'flow_1', entity: 'order' as never, targetConnectionId: 'conn_crm' }

  it('lag is the age of the oldest change that waits, from when it came, and none for a flow that is not live', async () => {
    expect([(await flow('flow_1'))?.lagSeconds, (await flow('flow_2'))?.lagSeconds]).toEqual([0, null])
    await engine.send(null, [
      recordJob(ends, '1', { at: now - 90_000 }),
      recordJob(ends, '2', { at: now - 30_000 }),
    ])
    expect((await flow('flow_1'))?.lagSeconds).toBeCloseTo(90, 0)
    const jobs = await engine.fetch('record', 10)
    expect((await flow('flow_1'))?.lagSeconds).toBeCloseTo(90, 0)
    // What has to wait longer is still as old.
    await engine.again(
      jobs.filter((job) => job.key.endsWith(':1')),
      60_000,
    )
    expect((await flow('flow_1'))?.lagSeconds).toBeCloseTo(90, 0)
    expect((await read()).queues[0]).toMatchObject({ queue: 'record', deferred: 1, active: 1, ready: 0 })
    await engine.complete(jobs)
    await store.raw(`delete from ${store.schema}_jobs.job where name = 'record'`)
    expect((await flow('flow_1'))?.lagSeconds).toBe(0)
  })

  it('a flow whose account stands still keeps its lag: by the marks, for its jobs are gone', async () => {
    await store.raw(`insert into record (connection_id, entity, external_id, want_version, seen_at)
      values ('conn_shop', 'order', '1', 1, now() - interval '5 minutes')`)
    expect((await flow('flow_1'))?.lagSeconds).toBe(0)
    await store.raw(`update connection set state = 'unauthorized' where id = 'conn_crm'`)
    now = Date.now()
    expect((await flow('flow_1'))?.lagSeconds).toBeGreaterThanOrEqual(299)
    await store.raw(`update connection set state = 'active' where id = 'conn_crm'`)
    await store.raw('delete from record')
  })

  it('failures, open runs, breakers, the call budget and the size are those of the store', async () => {
    await store.raw(`insert into link (flow_id, workspace_id, external_id, state) values
      ('flow_1', 'ws_1', '1', 'failed'), ('flow_1', 'ws_1', '2', 'failed'), ('flow_1', 'ws_1', '3', 'linked')`)
    await store.raw(`insert into alarm (id, workspace_id, key, cause, since, raised_at, told_at, ended_at) values
      ('alarm_1', 'ws_1', 'quiet:flow_1', 'quiet', now(), now(), now(), null),
      ('alarm_2', 'ws_1', 'quiet:flow_2', 'quiet', now(), now(), now(), null),
      ('alarm_3', 'ws_1', 'refused:conn_crm', 'refused', now(), now(), now(), now())`)
    const run = await createRun(store.db, {
      workspaceId: 'ws_1',
      flowId: 'flow_1',
      kind: 'backfill',
      total: 10,
    })
    await sql`insert into bucket (connection_id, tokens, refilled_at, blocked_until, quota_started_at, quota_used)
      values ('conn_crm', 0, now(), now() + interval '1 minute', now(), 1000)`.execute(store.db)
    const figures = await read()
    expect(figures.flows.map((one) => [one.id, one.failedRecords])).toEqual(
      expect.arrayContaining([['flow_1', 2], ['flow_2', 0]]), // prettier-ignore
    )
    expect(figures.openRuns).toEqual([
      { flowId: 'flow_1', kind: 'backfill', state: 'queued', done: 0, total: 10 },
    ])
    expect(run.state).toBe('queued')
    const crm = figures.connections.find((one) => one.id === 'conn_crm')
    expect(crm?.blockedSeconds).toBeGreaterThan(30)
    const burst = crm?.budget.find(({ window }) => window === 'burst')
    expect(burst?.limit).toBeGreaterThan(0)
    expect(burst?.left).toBeLessThanOrEqual(burst?.limit ?? 0)
    expect(figures.bytes).toBeGreaterThan(100_000)
    const alarms = new Map(figures.alarms.map(({ cause, count }) => [cause, count]))
    expect([alarms.get('quiet'), alarms.get('refused')]).toEqual([2, 0])
  })
})
