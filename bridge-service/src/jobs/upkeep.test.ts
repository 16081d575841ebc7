import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../store/database.ts'
import { silentLog, testStores } from '../store/testing.ts'
import { startUpkeep } from './upkeep.ts'

describe.each(await testStores())('upkeep ($kind)', (testStore) => {
  let store: Store
  beforeAll(async () => {
    store = await testStore.open()
  }, 60_000)
  afterAll(async () => {
    await store.close()
    await testStore.remove()
  })

  it('erases old deliveries and goes on after a failure', async () => {
    let rounds = 0
    const failing: Store = {
      ...store,
      maintain: async () => {
        rounds += 1
        if (rounds === 1) throw new Error('disk full')
        await store.maintain()
      },
    }
    await store.raw(
      `insert into delivery (connection_id, dedupe_key, topic, received_at)
       values ('c', 'old', 't', now() - interval '15 days'), ('c', 'new', 't', now())`,
    )
    const stop = startUpkeep({ store: failing, log: silentLog, everyMs: 20 })
    await expect.poll(() => rounds, { timeout: 5_000 }).toBeGreaterThan(2)
    await stop()
    const ended = rounds
    expect(await store.raw('select dedupe_key from delivery')).toEqual([{ dedupe_key: 'new' }])
    expect(rounds).toBe(ended)
  })
})
