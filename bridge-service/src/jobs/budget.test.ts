import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../store/database.ts'
import { testStores } from '../store/testing.ts'
import { createBudget } from './budget.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('./testing-caller.ts', import.meta.url))

/** A process that stood still notes calls late, and so closer together than they were let go. */
const STALL_MS = 300

/** The most calls in any span of `ms`. */
function densest(times: readonly number[], ms: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  let most = 0
  let from = 0
  for (let to = 0; to < sorted.length; to += 1) {
    while ((sorted[to] ?? 0) - (sorted[from] ?? 0) >= ms) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}

describe.each(await testStores())('call budget ($kind)', (testStore) => {
  let store: Store
  beforeAll(async () => {
    store = await testStore.open()
  }, 60_000)
  afterAll(async () => {
    await store.close()
    await testStore.remove()
  })

  it('never exceeds the window over two instances, and uses most of it', async () => {
    const budgets = [createBudget(store.db), createBudget(store.db)]
    const times: number[] = []
    const until = AbortSignal.timeout(3_000)
    const started = Date.now()
    const caller = async (index: number): Promise<void> => {
      const budget = budgets[index % 2]
      budget?.setWindows('conn_1', [{ calls: 40, seconds: 1 }])
      while (!until.aborted) {
        await budget?.acquire('conn_1', index % 3 ? 'bulk' : 'live', until).then(
          () => times.push(Date.now()),
          (error: unknown) => expect(error).toBe(until.reason),
        )
      }
    }
    await Promise.all(Array.from({ length: 12 }, (_, index) => caller(index)))
    expect(densest(times, 1_000 - STALL_MS)).toBeLessThanOrEqual(40)
    expect(times.length / ((Date.now() - started) / 1_000)).toBeGreaterThan(40 * 0.3)
    expect((await budgets[0]?.usage('conn_1'))?.callsTotal).toBeGreaterThanOrEqual(times.length)
  }, 15_000)

  it('lets live calls pass bulk', async () => {
    const budget = createBudget(store.db)
    budget.setWindows('conn_2', [{ calls: 20, seconds: 1 }])
    const order: string[] = []
    const bulk = Array.from({ length: 30 }, () =>
      budget.acquire('conn_2', 'bulk').then(() => order.push('bulk')),
    )
    await expect.poll(() => order.length, { interval: 10 }).toBeGreaterThan(5)
    const before = order.length
    await Promise.all(
      Array.from({ length: 5 }, () => budget.acquire('conn_2', 'live').then(() => order.push('live'))),
    )
    expect(order.slice(before).filter((lane) => lane === 'bulk').length).toBeLessThanOrEqual(2)
    await Promise.all(bulk)
  }, 15_000)

  it('blocks until a time, in other instances too, and shows it', async () => {
    const [one, two] = [createBudget(store.db), createBudget(store.db)]
    const until = new Date(Date.now() + 1_500)
    await one.blockUntil('conn_3', until)
    expect(one.blocked()).toEqual(['conn_3'])
    // By the store's clock, counted from when it was told.
    const told = await two.usage('conn_3')
    expect(told.blockedUntil?.getTime()).toBeGreaterThanOrEqual(until.getTime() - 5)
    expect(told.blockedMs).toBeGreaterThan(0)
    await Promise.all([one.acquire('conn_3', 'live'), two.acquire('conn_3', 'live')])
    expect(Date.now()).toBeGreaterThanOrEqual(until.getTime() - 5)
    expect(one.blocked()).toEqual([])
    await one.blockUntil('conn_3', new Date(Date.now() + 60_000))
    await one.blockUntil('conn_3', new Date(Date.now() + 1_000))
    const aborting = one.acquire('conn_3', 'live', AbortSignal.timeout(100))
    await expect(aborting).rejects.toThrow(/timeout/i)
    expect((await one.usage('conn_3')).blockedUntil?.getTime()).toBeGreaterThan(Date.now() + 50_000)
  }, 15_000)

  it('goes on at once when a block is taken back', async () => {
    const budget = createBudget(store.db)
    await budget.blockUntil('conn_8', new Date(Date.now() + 600_000))
    const waiting = budget.acquire('conn_8', 'live', AbortSignal.timeout(10_000))
    await budget.unblock('conn_8')
    await waiting
    expect(budget.blocked()).toEqual([])
    expect((await budget.usage('conn_8')).blockedUntil).toBeNull()
  }, 15_000)

  it('counts a quota and stops when it is used up', async () => {
    const budget = createBudget(store.db)
    budget.setWindows('conn_4', [{ calls: 3, seconds: 86_400 }])
    for (let call = 0; call < 3; call += 1) await budget.acquire('conn_4', 'live')
    await expect(budget.acquire('conn_4', 'live', AbortSignal.timeout(200))).rejects.toThrow(/timeout/i)
    expect(await budget.usage('conn_4')).toMatchObject({ callsPerSecond: null, quota: { calls: 3, used: 3 } })
    expect(budget.blocked()).toEqual(['conn_4'])
    await store.raw(
      `update bucket set quota_started_at = now() - interval '2 days' where connection_id = 'conn_4'`,
    )
    await createBudget(store.db).acquire('conn_4', 'live')
    await budget.acquire('conn_4', 'live')
    expect((await budget.usage('conn_4')).quota?.used).toBeLessThanOrEqual(2)
  }, 15_000)

  it('makes calls good that were made beside it', async () => {
    const budget = createBudget(store.db)
    const window = { calls: 100, seconds: 10 }
    budget.setWindows('conn_7', [window])
    const began = performance.now()
    await budget.noteCalls('conn_7', 10)
    await budget.acquire('conn_7', 'live')
    // Ten calls at some ten a second, and one for itself.
    expect(performance.now() - began).toBeGreaterThan(900)
    await budget.noteCalls('conn_7', 5)
    expect((await budget.usage('conn_7')).callsTotal).toBe(16)
    await budget.noteCalls('conn_9', 5)
    expect((await budget.usage('conn_9')).callsTotal).toBe(5)
  }, 15_000)

  it('does not hold up unlimited connections, and hears of what is left elsewhere', async () => {
    const budget = createBudget(store.db)
    const started = Date.now()
    for (let call = 0; call < 500; call += 1) await budget.acquire('conn_5', 'bulk')
    // At the pace of any window of this file it would take longer.
    expect(Date.now() - started).toBeLessThan(10_000)
    budget.setWindows('conn_6', [{ calls: 100, seconds: 10 }])
    await budget.acquire('conn_6', 'live')
    await budget.noteRemaining('conn_6', 0)
    expect(await store.raw(`select tokens from bucket where connection_id = 'conn_6'`)).toEqual([
      { tokens: 0 },
    ])
  })

  if (testStore.kind === 'server') {
    it('never exceeds the window over two processes', async () => {
      if (store.kind !== 'server') throw new Error('only a server has several processes')
      const { databaseUrl, schema } = store
      const options = { databaseUrl, schema, connectionId: 'conn_7', calls: 30, seconds: 1, forMs: 3_000 }
      const call = async (lane: string) => {
        const { stdout } = await run(process.execPath, [
          '--no-warnings',
          program,
          JSON.stringify({ ...options, lane }),
        ])
        return JSON.parse(stdout) as number[]
      }
      const [live, bulk] = await Promise.all([call('live'), call('bulk')])
      expect(densest([...live, ...bulk], 1_000 - STALL_MS)).toBeLessThanOrEqual(30)
      expect(live.length + bulk.length).toBeGreaterThan(30 * 3 * 0.3)
      expect(live.length).toBeGreaterThan(bulk.length)
    }, 30_000)
  }
})
