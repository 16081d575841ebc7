import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { RawWebhook } from '@crosswalk/connectors/sdk'
import { pipelineDeps } from '../pipeline/testing.ts'
import type { Store } from '../store/database.ts'
import { testStores } from '../store/testing.ts'
import { createReceive } from './receive.ts'
import { memoryEngine, placeFlow, placeWebhooks } from './testing.ts'

/** What WooCommerce's sender leaves us of its minute, and how long an unknown address is looked for. */
const ANSWER_MS = 50_000
const LOOK_MS = 4_000

describe.each(await testStores())('webhooks while the store is locked ($kind)', (testStore) => {
  let store: Store
  let hookId: string
  let updateOf: (id: number) => RawWebhook
  beforeAll(async () => {
    store = await testStore.open()
    await placeFlow(store)
    ;({ hookId, updateOf } = await placeWebhooks(store))
  }, 60_000)
  afterEach(() => vi.useRealTimers())
  afterAll(async () => {
    await store.close()
    await testStore.remove()
  })

  const door = () => createReceive({ ...pipelineDeps(store), engine: memoryEngine().engine })
  const wants = async (id: number): Promise<unknown[]> =>
    store.raw('select want_version from record where external_id = $1', [String(id)])

  /** Somebody else holds what a webhook needs, until told otherwise. @returns gives it free */
  async function lock(): Promise<() => Promise<void>> {
    const { promise: freed, resolve: free } = Promise.withResolvers<void>()
    const { promise: locked, resolve: hold } = Promise.withResolvers<void>()
    const held = store.db.transaction().execute(async (tx) => {
      // The embedded store has one session: to be in a transaction is to hold all.
      await sql`lock table connection, delivery, record in access exclusive mode`.execute(tx)
      hold()
      await freed
    })
    await locked
    // Connections that are there already: one that is made takes real time, of which the tests let none pass.
    if (store.kind === 'server') await Promise.all([1, 2, 3].map(() => store.raw('select pg_sleep(0.05)')))
    return async () => {
      free()
      await held
    }
  }

  it('D2 waits as long as the sender does, then refuses; what was refused is stored all the same', async () => {
    const { receive } = door()
    expect((await receive(updateOf(1), hookId)).status).toBe(202)
    const unlock = await lock()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let status = 0
    const answer = receive(updateOf(2), hookId).then((given) => (status = given.status))
    await vi.advanceTimersByTimeAsync(ANSWER_MS - 1)
    expect(status).toBe(0)
    // The address may have had to be looked for again.
    await vi.advanceTimersByTimeAsync(1_001)
    expect(await answer).toBe(503)
    vi.useRealTimers()
    await unlock()
    await expect.poll(() => wants(2), { timeout: 20_000 }).toEqual([{ want_version: 1 }])
    expect((await receive(updateOf(2), hookId)).status).toBe(202)
    expect(await wants(2)).toEqual([{ want_version: 1 }])
  })

  it('D2 lets those in that it knew, and tells strangers within what the strictest sender waits', async () => {
    const { hasHook } = door()
    expect(await hasHook(hookId)).toBe(true)
    const unlock = await lock()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    vi.setSystemTime(Date.now() + 60_000)
    const asked = Promise.all([hasHook(hookId), hasHook('nobody-knows')])
    await vi.advanceTimersByTimeAsync(LOOK_MS)
    expect(await asked).toEqual([true, null])
    vi.useRealTimers()
    await unlock()
    expect(await hasHook('nobody-knows')).toBe(false)
  })
})
