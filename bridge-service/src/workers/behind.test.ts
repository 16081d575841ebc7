import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEngine } from '../jobs/engine.ts'
import type { JobEngine } from '../jobs/types.ts'
import type { Store } from '../store/database.ts'
import { leaseRecords } from '../store/records.ts'
import { createRun, moveRun } from '../store/runs.ts'
import { silentLog, testStores } from '../store/testing.ts'
import { countStatements } from '../store/testing/count-statements.ts'
import { requeueAllBehind, ringBehind } from './behind.ts'
import { memoryEngine, placeFlows } from './testing.ts'

describe.each(await testStores())('what was left behind ($kind)', (testStore) => {
  let store: Store
  let engine: JobEngine
  beforeAll(async () => {
    store = await testStore.open()
    engine = createEngine(store, { log: silentLog })
    await engine.start()
  }, 60_000)
  beforeEach(() => placeFlows(store, 3))
  afterEach(() => store.raw(`delete from ${store.schema}_jobs.job where name in ('chunk', 'record')`))
  afterAll(async () => {
    await engine.stop()
    await store.close()
    await testStore.remove()
  })

  /** So many changed orders in each shop. */
  const change = (orders: number) =>
    store.raw(
      `insert into record (connection_id, entity, external_id, want_version)
       select c.id, 'order', n::text, 1 from connection c, generate_series(1, $1::int) as n where c.connector = 'woocommerce'`,
      [orders],
    )
  const requeued = async (): Promise<string[]> => {
    const { engine: noting, sent } = memoryEngine()
    expect(await requeueAllBehind({ store, engine: noting })).toBe(sent.length)
    return sent.map((job) => job.key)
  }

  it('gets jobs in as many statements for 200 flows as for one', async () => {
    const counted = countStatements(store, engine)
    for (const flows of [1, 50, 200]) {
      await placeFlows(store, flows)
      await change(3)
      for (let n = 0; n < flows; n++)
        await createRun(store.db, { workspaceId: 'ws_1', flowId: `flow_${n}`, kind: 'backfill' })
      const ring = () => counted.during(() => ringBehind({ ...counted, log: silentLog }))
      // What is behind, its jobs, open runs, their jobs; where jobs wait already they are told to come at once.
      expect(await ring()).toBe(4)
      expect(await ring()).toBe(6)
      expect(await engine.fetch('record', 1_000)).toHaveLength(3 * flows)
      expect(await engine.fetch('chunk', 1_000)).toHaveLength(flows)
    }
  })

  it('is found page by page, each record once', async () => {
    await change(1_100)
    const keys = await requeued()
    expect(new Set(keys).size).toBe(3_300)
    expect(keys).toHaveLength(3_300)
  })

  it('goes to the target it is meant for, after what is live', async () => {
    await change(1)
    const { engine: noting, sent } = memoryEngine()
    await requeueAllBehind({ store, engine: noting })
    expect(sent[1]).toMatchObject({
      key: 'flow_1:order:1',
      data: { flowId: 'flow_1', externalId: '1' },
      group: 'crm_1',
      priority: 10,
    })
  })

  it('is left where the flow or one of its accounts stands', async () => {
    await change(1)
    await store.raw(`update flow set state = 'paused' where id = 'flow_0'`)
    expect(await requeued()).toEqual(['flow_1:order:1', 'flow_2:order:1'])
    await store.raw(`update connection set state = 'unauthorized' where id = 'shop_1'`)
    expect(await requeued()).toEqual(['flow_2:order:1'])
    await store.raw(`update connection set state = 'paused' where id = 'crm_2'`)
    expect(await requeued()).toEqual([])
  })

  it('is left while it is worked on, waits for a time of its own, or is level', async () => {
    await change(4)
    await store.raw(`delete from flow where id <> 'flow_0'`)
    await leaseRecords(store.db, [{ connectionId: 'shop_0', entity: 'order', externalId: '1' }], 'x', 60_000)
    await store.raw(
      `insert into link (flow_id, workspace_id, external_id, have_version, next_try_at) values
        ('flow_0', 'ws_1', '2', 0, now() + interval '1 hour'), ('flow_0', 'ws_1', '3', 1, null),
        ('flow_0', 'ws_1', '4', -1, now() - interval '1 hour')`,
    )
    expect(await requeued()).toEqual(['flow_0:order:4'])
  })

  it('does not bring back runs that have ended or are held', async () => {
    const start = async () =>
      (await createRun(store.db, { workspaceId: 'ws_1', flowId: 'flow_1', kind: 'backfill' })).id
    const [open, held, ended] = [await start(), await start(), await start()]
    await moveRun(store.db, 'ws_1', held, 'paused')
    await moveRun(store.db, 'ws_1', ended, 'cancelled')
    await ringBehind({ store, engine, log: silentLog })
    const jobs = await engine.fetch('chunk', 10)
    expect(jobs.map((job) => [job.key, job.group])).toEqual([[`run:${open}`, 'crm_1']])
  })
})
