import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../jobs/engine.ts'
import type { JobEngine } from '../jobs/types.ts'
import type { Store } from '../store/database.ts'
import { silentLog, testStores } from '../store/testing.ts'
import { countStatements } from '../store/testing/count-statements.ts'
import { ringSweeps } from './sweep-bell.ts'
import { sweepJob } from './sync-jobs.ts'
import { memoryEngine, placeFlows } from './testing.ts'

const NOW = Date.parse('2026-05-20T12:00:00Z')
const clock = { now: () => NOW }

describe.each(await testStores())('the bell of sweeps ($kind)', (testStore) => {
  let store: Store
  let engine: JobEngine
  beforeAll(async () => {
    store = await testStore.open()
    engine = createEngine(store, { log: silentLog })
    await engine.start()
  }, 60_000)
  afterEach(() => store.raw(`delete from ${store.schema}_jobs.job where name = 'chunk'`))
  afterAll(async () => {
    await engine.stop()
    await store.close()
    await testStore.remove()
  })

  /** The source of `flow_0` was last looked at so many seconds ago. */
  const lookedAt = (secondsAgo: number) =>
    store.raw(
      `insert into "cursor" (flow_id, kind, position, updated_at) values ('flow_0', 'sweep', '{}', $1)
       on conflict (flow_id, kind) do update set updated_at = excluded.updated_at`,
      [new Date(NOW - secondsAgo * 1_000)],
    )
  const rung = async (): Promise<string[]> => {
    const { engine: noting, sent } = memoryEngine()
    await ringSweeps({ store, engine: noting, clock })
    return sent.map((job) => job.key)
  }

  it('asks and sends in two statements, however many flows there are', async () => {
    const counted = countStatements(store, engine)
    for (const flows of [1, 50, 200]) {
      await placeFlows(store, flows)
      expect(await counted.during(() => ringSweeps({ ...counted, clock }))).toBe(2)
      expect(await engine.fetch('chunk', 1_000)).toHaveLength(flows)
    }
  })

  it.each([
    ['every minute where nothing tells of changes', {}, {}, 'order', 60],
    ['seldom where webhooks do', { '@bridge': { feed: { mode: 'webhooks' } } }, {}, 'order', 300],
    ['every minute where webhooks could not be made', { '@bridge': { feed: { mode: 'sweep' } } }, {}, 'order', 60], // prettier-ignore
    ['as often as the flow says', { '@bridge': { feed: { mode: 'webhooks' } } }, { sweepSeconds: 90 }, 'order', 90], // prettier-ignore
    ['as ever where the flow says nothing', {}, { sweepSeconds: null }, 'order', 60],
    ['as ever where what the flow says is no number', {}, { sweepSeconds: 'often' }, 'order', 60],
    ['every six hours where the whole list has to be read', {}, { sweepSeconds: 90 }, 'customer', 6 * 3_600],
  ])('reads a source %s', async (_, facts, settings, entity, every) => {
    await placeFlows(store, 1)
    await store.raw('update connection set facts = $1', [JSON.stringify(facts)])
    await store.raw('update flow set settings = $1, entity = $2', [JSON.stringify(settings), entity])
    await lookedAt(every - 1)
    expect(await rung()).toEqual([])
    await lookedAt(every)
    expect(await rung()).toEqual(['sweep:flow_0'])
  })

  it('reads a source whose last look is still to come, for the clock was put back', async () => {
    await placeFlows(store, 1)
    await lookedAt(-59)
    expect(await rung()).toEqual([])
    await lookedAt(-61)
    expect(await rung()).toEqual(['sweep:flow_0'])
  })

  it('leaves out flows that are not live, whose source is not in use, or that nothing can read', async () => {
    await placeFlows(store, 5)
    await store.raw(`update flow set state = 'paused' where id = 'flow_0'`)
    await store.raw(`update connection set state = 'unauthorized' where id in ('shop_1', 'crm_4')`)
    await store.raw(`update connection set connector = 'unknown' where id = 'shop_2'`)
    await store.raw(`update flow set entity = 'invoice' where id = 'flow_3'`)
    expect(await rung()).toEqual(['sweep:flow_4'])
  })

  it('lets a sweep that waits for its account wait on', async () => {
    await placeFlows(store, 2)
    await engine.send(null, [sweepJob('flow_0', 'crm_0', 60_000)])
    await ringSweeps({ store, engine, clock })
    expect((await engine.fetch('chunk', 10)).map((job) => job.key)).toEqual(['sweep:flow_1'])
  })
})
