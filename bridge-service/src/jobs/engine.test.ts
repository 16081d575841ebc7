import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../store/database.ts'
import { silentLog, testStores } from '../store/testing.ts'
import { createEngine } from './engine.ts'
import type { Job, JobEngine, JobToSend } from './types.ts'

const job = (key: string, more: Partial<JobToSend> = {}): JobToSend => ({
  queue: 'record',
  key,
  data: { id: key },
  group: 'conn_t',
  ...more,
})

describe.each(await testStores())('job engine ($kind)', (testStore) => {
  let store: Store
  let engine: JobEngine
  beforeAll(async () => {
    store = await testStore.open()
    engine = createEngine(store, { log: silentLog, superviseSeconds: 1 })
    await engine.start()
  }, 60_000)
  afterEach(() => store.raw(`delete from ${store.schema}_jobs.job where name <> '__pgboss__send-it'`))
  afterAll(async () => {
    await engine.stop()
    await store.close()
    await testStore.remove()
  })
  const keys = (jobs: readonly Job[]) => jobs.map((each) => each.key).sort()

  it('hands out what was sent, once', async () => {
    await engine.send(null, [job('a'), job('b', { group: 'conn_u' }), job('c', { queue: 'chunk' })])
    const taken = await Promise.all([1, 2, 3].map(() => engine.fetch('record', 10)))
    expect(keys(taken.flat())).toEqual(['a', 'b'])
    expect(taken.flat().find((each) => each.key === 'b')).toMatchObject({
      group: 'conn_u',
      data: { id: 'b' },
    })
    await engine.complete(taken.flat())
    expect(await engine.fetch('record', 10)).toEqual([])
    expect((await engine.stats()).find((row) => row.queue === 'chunk')).toMatchObject({ ready: 1, active: 0 })
  })

  it('sends with the caller’s transaction or not at all', async () => {
    const sending = store.db.transaction().execute(async (tx) => {
      await tx.insertInto('workspace').values({ id: 'ws_rolled', name: 'x' }).execute()
      await engine.send(tx, [job('never'), job('never2', { queue: 'bell' })])
      throw new Error('rolled back')
    })
    await expect(sending).rejects.toThrow('rolled back')
    expect(await engine.fetch('record', 10)).toEqual([])
    expect(await engine.fetch('bell', 10)).toEqual([])
    await store.db.transaction().execute((tx) => engine.send(tx, [job('sure')]))
    expect(keys(await engine.fetch('record', 10))).toEqual(['sure'])
  })

  it('completes with the caller’s transaction or not at all', async () => {
    await engine.send(null, [job('a')])
    const taken = await engine.fetch('record', 1)
    await store.db
      .transaction()
      .execute(async (tx) => {
        await engine.complete(taken, tx)
        throw new Error('no')
      })
      .catch(() => {})
    expect((await engine.stats())[0]).toMatchObject({ active: 1 })
    await store.db.transaction().execute((tx) => engine.complete(taken, tx))
    expect((await engine.stats())[0]).toMatchObject({ active: 0, ready: 0 })
  })

  it('coalesces waiting jobs of a key, but not with one that is being worked on', async () => {
    await Promise.all(
      Array.from({ length: 10 }, () => engine.send(null, [job('same'), job('same'), job('other')])),
    )
    const taken = await engine.fetch('record', 50)
    expect(keys(taken)).toEqual(['other', 'same'])
    await engine.send(null, [job('same')])
    await engine.send(null, [job('same')])
    expect(keys(await engine.fetch('record', 50))).toEqual(['same'])
  })

  it('starts a deferred job sooner when the same key is sent again, never later', async () => {
    await engine.send(null, [job('later', { startAfterMs: 3_600_000, priority: 0 })])
    expect(await engine.fetch('record', 5)).toEqual([])
    await engine.send(null, [job('later', { startAfterMs: 7_200_000 })])
    expect((await engine.stats())[0]).toMatchObject({ ready: 0, deferred: 1 })
    await store.db.transaction().execute((tx) => engine.send(tx, [job('later', { priority: 20 }), job('x')]))
    expect((await engine.fetch('record', 1))[0]?.key).toBe('later')
  })

  it('leaves a deferred job its time where the sender says so', async () => {
    await engine.send(null, [job('later', { startAfterMs: 3_600_000, priority: 0 })])
    await engine.send(null, [job('later', { priority: 20 }), job('now')], { hasten: false })
    expect(keys(await engine.fetch('record', 5))).toEqual(['now'])
    expect((await engine.stats())[0]).toMatchObject({ ready: 0, deferred: 1 })
  })

  it('hands out live before bulk, and leaves ignored groups alone', async () => {
    await engine.send(null, [
      job('bulk', { priority: 0 }),
      job('live', { priority: 20 }),
      job('user', { priority: 30 }),
    ])
    await engine.send(null, [job('blocked', { priority: 99, group: 'conn_blocked' })])
    const order: string[] = []
    for (let count = 0; count < 3; count += 1) {
      order.push(...(await engine.fetch('record', 1, ['conn_blocked'])).map((each) => each.key))
    }
    expect(order).toEqual(['user', 'live', 'bulk'])
    expect(await engine.fetch('record', 1, ['conn_blocked'])).toEqual([])
    expect(keys(await engine.fetch('record', 1))).toEqual(['blocked'])
  })

  it('gives a failed job another try, and the dead one back on request', async () => {
    await engine.send(null, [job('bad')])
    for (let tries = 0; tries <= 8; tries += 1) {
      const taken = await engine.fetch('record', 1)
      expect(taken).toHaveLength(1)
      await engine.fail(taken, { code: 'unavailable', message: 'down' })
      await store.raw(`update ${store.schema}_jobs.job set start_after = now() where state = 'retry'`)
    }
    expect(await engine.fetch('record', 1)).toEqual([])
    expect((await engine.stats()).find((row) => row.queue === 'dead')).toMatchObject({ ready: 1 })
    expect(await engine.redrive()).toBe(1)
    expect((await engine.fetch('record', 1))[0]).toMatchObject({
      key: 'bad',
      group: 'conn_t',
      data: { id: 'bad' },
    })
  })

  it('sends again in one transaction, without using a try up', async () => {
    await engine.send(null, [job('wait')])
    const taken = await engine.fetch('record', 1)
    await engine.again(taken, 0)
    const repeated = await engine.fetch('record', 1)
    expect(repeated[0]).toMatchObject({ key: 'wait', retryCount: 0, data: { id: 'wait' } })
    expect(repeated[0]?.id).not.toBe(taken[0]?.id)
    await engine.again(repeated, 60_000)
    expect((await engine.stats())[0]).toMatchObject({ deferred: 1, active: 0 })
  })

  it('remedy 4: gives orphans back at once, and fences the former holder', async () => {
    await engine.send(null, [job('a'), job('b')])
    const orphans = await engine.fetch('record', 5)
    expect(await engine.orphansBack()).toBe(2)
    const again = await engine.fetch('record', 5)
    expect(keys(again)).toEqual(['a', 'b'])
    expect(again.map((each) => each.retryCount)).toEqual([1, 1])
    await engine.complete(orphans)
    expect((await engine.stats())[0]).toMatchObject({ active: 2 })
  })

  it('gives a job back that nobody touches, and keeps one that is touched', async () => {
    await engine.send(null, [job('silent'), job('busy')])
    const taken = await engine.fetch('record', 2)
    await store.raw(
      `update ${store.schema}_jobs.job set heartbeat_on = now() - interval '1 minute' where state = 'active'`,
    )
    await engine.touch(taken.filter((each) => each.key === 'busy'))
    await expect
      .poll(async () => (await engine.stats())[0], { timeout: 15_000, interval: 200 })
      .toMatchObject({ active: 1 })
    await store.raw(`update ${store.schema}_jobs.job set start_after = now() where state = 'retry'`)
    expect(keys(await engine.fetch('record', 5))).toEqual(['silent'])
  }, 20_000)

  // The embedded store has one session: nothing is ended while something else is done.
  if (testStore.kind === 'server')
    it('touches jobs without waiting for those that are just being ended', async () => {
      await engine.send(null, [job('ending'), job('busy')])
      const taken = await engine.fetch('record', 2)
      await store.raw(`update ${store.schema}_jobs.job set heartbeat_on = now() - interval '1 minute'`)
      const [busy, ending] = taken.sort((a, b) => (a.key < b.key ? -1 : 1)) as [Job, Job]
      const late = async () =>
      (await store.raw<{ n: number }>(
        `select count(*)::int as n from ${store.schema}_jobs.job
          where state = 'active' and heartbeat_on < now() - interval '30 seconds'`,
      ))[0]?.n // prettier-ignore
      await store.db.transaction().execute(async (tx) => {
        await engine.complete([ending], tx)
        await engine.touch([busy, ending])
        // Seen from outside: the one was touched, the other is still as it was.
        expect(await late()).toBe(1)
      })
      expect(await late()).toBe(0)
      await engine.complete([busy])
    })

  it('keeps schedules by key', async () => {
    await engine.schedule('sweep/flow_1', '*/5 * * * *', { flow: 'flow_1' })
    await engine.schedule('sweep/flow_1', '* * * * *', { flow: 'flow_1' })
    const rows = await store.raw(`select key, cron from ${store.schema}_jobs.schedule`)
    expect(rows).toEqual([{ key: 'sweep/flow_1', cron: '* * * * *' }])
    await engine.unschedule('sweep/flow_1')
    expect(await store.raw(`select key from ${store.schema}_jobs.schedule`)).toEqual([])
  })

  if (testStore.kind === 'embedded') {
    it('tells at once that jobs were sent', async () => {
      const heard: string[] = []
      const stop = engine.onSent((queue) => heard.push(queue))
      await store.db.transaction().execute(async (tx) => {
        await engine.send(tx, [job('told')])
        await sleep(20)
        expect(heard).toEqual([])
      })
      await expect.poll(() => heard).toEqual(['record'])
      stop()
    })
  }
})
