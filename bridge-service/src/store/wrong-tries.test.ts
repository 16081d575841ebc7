import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from './database.ts'
import { testStores } from './testing.ts'
import { countTry, forgiveTries, uncountTry, type Patience } from './wrong-tries.ts'

const PATIENCE: Patience = { free: 3, firstWaitMs: 4_000, longestWaitMs: 60_000 }
const START = Date.parse('2026-11-04T12:00:00Z')

describe.each(await testStores())('wrong tries ($kind)', (testStore) => {
  let store: Store
  beforeAll(async () => {
    store = await testStore.open()
  })
  afterAll(async () => {
    await store.close()
    await testStore.remove()
  })
  const tryAt = (key: string, ms: number) => countTry(store.db, key, new Date(START + ms), PATIENCE)

  it('F1 are free at first, then each doubles the wait up to the longest; a day later all is forgotten', async () => {
    const waits: number[] = []
    let ms = 0
    for (let tries = 0; tries < 9; tries++) {
      const wait = await tryAt('a', ms)
      waits.push(wait)
      ms += wait
      if (wait > 0) expect(await tryAt('a', ms)).toBe(0)
    }
    expect(waits).toEqual([0, 0, 0, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
    expect(await tryAt('a', ms + 86_400_001)).toBe(0)
    expect(await tryAt('a', ms + 86_400_001)).toBe(0)
  })

  it('F1 that come all at once find the wait of those before them', async () => {
    const waits = await Promise.all(Array.from({ length: 40 }, () => tryAt('b', 0)))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3)
    expect(new Set(waits.filter((wait) => wait > 0))).toEqual(new Set([4_000]))
  })

  it('are forgiven by a right one, and of a sender only that one is', async () => {
    for (let tries = 0; tries < 3; tries++) await tryAt('c', 0)
    expect(await tryAt('c', 0)).toBe(4_000)
    await forgiveTries(store.db, 'c')
    expect(await tryAt('c', 0)).toBe(0)
    for (let tries = 0; tries < 3; tries++) await tryAt('d', 0)
    await uncountTry(store.db, 'd')
    expect(await tryAt('d', 0)).toBe(0)
    expect(await tryAt('d', 0)).toBe(4_000)
  })
})
