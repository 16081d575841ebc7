import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../store/database.ts'
import { silentLog, testStores } from '../store/testing.ts'
import { createEngine } from './engine.ts'
import { type BatchHandler, createPump, type JobOutcome, type Pump, type PumpOptions } from './pump.ts'
import type { JobEngine, JobToSend } from './types.ts'

const jobs = (count: number, more: Partial<JobToSend> = {}): JobToSend[] =>
  Array.from({ length: count }, (_, index) => ({
    queue: 'record',
    key: `k${index}`,
    data: { index },
    group: 'g',
    ...more,
  }))

describe.each(await testStores())('pump ($kind)', (testStore) => {
  let store: Store
  let engine: JobEngine
  const pumps: Pump[] = []
  beforeAll(async () => {
    store = await testStore.open()
    engine = createEngine(store, { log: silentLog })
    await engine.start()
  }, 60_000)
  afterEach(async () => {
    for (const pump of pumps.splice(0)) await pump.drain(1_000)
    await store.raw(`delete from ${store.schema}_jobs.job where name <> '__pgboss__send-it'`)
  })
  afterAll(async () => {
    await engine.stop()
    await store.close()
    await testStore.remove()
  })

  function startPump(handler: BatchHandler, more: Partial<PumpOptions> = {}): Pump {
    const pump = createPump({
      engine,
      queue: 'record',
      slots: 200,
      pollMs: 20,
      log: silentLog,
      handler,
      ...more,
    })
    pumps.push(pump)
    pump.start()
    return pump
  }
  const record = async () => (await engine.stats())[0]

  it('works off everything, in batches of at most 100 per group, each job once', async () => {
    const seen = new Map<string, number>()
    const sizes: number[] = []
    await engine.send(null, [
      ...jobs(350),
      ...jobs(50, { group: 'h' }).map((job) => ({ ...job, key: `h${job.key}` })),
    ])
    const pump = startPump(async (batch) => {
      sizes.push(batch.length)
      expect(new Set(batch.map((job) => job.group)).size).toBe(1)
      for (const job of batch) seen.set(job.key, (seen.get(job.key) ?? 0) + 1)
      await sleep(5)
    })
    await expect.poll(() => seen.size, { timeout: 10_000 }).toBe(400)
    await expect.poll(() => pump.held()).toBe(0)
    expect([...seen.values()].every((count) => count === 1)).toBe(true)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100)
    expect(sizes.length).toBeLessThan(40)
    expect(await record()).toMatchObject({ ready: 0, active: 0 })
  }, 20_000)

  it('never holds more than its slots, nor much more than its cap of one group', async () => {
    let most = 0
    let done = 0
    await engine.send(null, jobs(60))
    const pump: Pump = startPump(
      async (batch) => {
        most = Math.max(most, pump.held())
        await sleep(10)
        done += batch.length
      },
      { slots: 20, groupCap: 5, maxBatch: 5 },
    )
    await expect.poll(() => done, { timeout: 10_000 }).toBe(60)
    expect(most).toBeLessThanOrEqual(10)
  }, 20_000)

  it('runs a job that comes alone without lingering, and fills batches while one runs', async () => {
    const sizes: number[] = []
    startPump(
      async (batch) => {
        sizes.push(batch.length)
        await sleep(60)
      },
      { lingerMs: 40 },
    )
    await engine.send(null, jobs(1, { key: 'first' }))
    await expect.poll(() => sizes.length, { interval: 5 }).toBe(1)
    for (let index = 0; index < 10; index += 1)
      await engine.send(null, [{ ...jobs(1)[0], key: `n${index}` } as JobToSend])
    await expect.poll(() => sizes.reduce((sum, size) => sum + size, 0), { timeout: 5_000 }).toBe(11)
    expect(sizes[0]).toBe(1)
    expect(sizes.length).toBeLessThan(8)
  }, 20_000)

  it('settles each job by its own outcome', async () => {
    await engine.send(null, jobs(5))
    const pump = startPump(async (batch) => {
      await engine.complete(batch.filter((job) => job.data.index === 3))
      return batch.flatMap((job): JobOutcome[] => {
        const { id } = job
        if (job.data.index === 0) return [{ id, state: 'done' }]
        if (job.data.index === 1)
          return [{ id, state: 'failed', failure: { code: 'invalid', message: 'no' } }]
        if (job.data.index === 2) return [{ id, state: 'again', afterMs: 60_000 }]
        return job.data.index === 3 ? [{ id, state: 'settled' }] : []
      })
    })
    const states = () =>
      store.raw(
        `select data->>'key' as key, state from ${store.schema}_jobs.job where name = 'record' order by 1, 2`,
      )
    await expect.poll(states).toEqual([
      { key: 'k0', state: 'completed' },
      { key: 'k1', state: 'retry' },
      { key: 'k2', state: 'created' },
      { key: 'k2', state: 'completed' },
      { key: 'k3', state: 'completed' },
      { key: 'k4', state: 'retry' },
    ])
    expect(pump.held()).toBe(0)
  })

  it('fails the batch of a handler that throws and goes on', async () => {
    const calls: string[] = []
    startPump(async (batch) => {
      calls.push(...batch.map((job) => job.group))
      if (batch[0]?.group === 'bad') throw new Error('broken')
    })
    await engine.send(null, [...jobs(1, { group: 'bad', key: 'x' }), ...jobs(1, { group: 'good', key: 'y' })])
    await expect.poll(() => calls.sort()).toEqual(['bad', 'good'])
    await expect.poll(record).toMatchObject({ deferred: 1, active: 0 })
  })

  it('leaves blocked groups alone', async () => {
    const seen: string[] = []
    let blocked = ['slow']
    startPump(async (batch) => void seen.push(...batch.map((job) => job.group)), {
      ignoreGroups: () => blocked,
    })
    await engine.send(null, [
      ...jobs(1, { group: 'slow', key: 'x' }),
      ...jobs(1, { group: 'quick', key: 'y' }),
    ])
    await expect.poll(() => seen).toEqual(['quick'])
    expect(await record()).toMatchObject({ ready: 1 })
    blocked = []
    await expect.poll(() => seen).toEqual(['quick', 'slow'])
  })

  it('touches what it holds', async () => {
    const gate = Promise.withResolvers<void>()
    startPump(() => gate.promise, { touchMs: 50 })
    await engine.send(null, jobs(1))
    const beat = async () =>
      (
        await store.raw<{ at: Date }>(
          `select heartbeat_on as at from ${store.schema}_jobs.job where state = 'active'`,
        )
      )[0]?.at
    await expect.poll(beat).toBeInstanceOf(Date)
    const first = await beat()
    await expect.poll(async () => (await beat())?.getTime()).toBeGreaterThan(first?.getTime() ?? 0)
    gate.resolve()
  })

  it('drains: lets batches end, aborts those that take too long, hands everything back in time', async () => {
    await engine.send(null, jobs(6))
    let aborted = 0
    const pump = startPump(
      async (batch, signal) => {
        if (batch[0]?.data.index === 0) return sleep(100)
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        aborted += 1
        return new Promise<void>(() => {})
      },
      { maxBatch: 1, parallel: 3 },
    )
    await expect.poll(() => pump.held()).toBe(6)
    const started = Date.now()
    await pump.drain(1_000)
    expect(Date.now() - started).toBeLessThan(5_000)
    expect(aborted).toBe(2)
    expect(pump.held()).toBe(0)
    expect(await record()).toMatchObject({ ready: 5, active: 0 })
  }, 20_000)
})
