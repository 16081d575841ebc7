import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../store/database.ts'
import { testStores } from '../store/testing.ts'
import { countStatements } from '../store/testing/count-statements.ts'
import { ringReconcile } from './reconcile-bell.ts'
import { memoryEngine, placeFlows } from './testing.ts'

const DAY_MS = 86_400_000

describe.each(await testStores())('the bell of daily comparisons ($kind)', (testStore) => {
  let store: Store
  /** Noon after the runs of this test were made, by the clock of the store. */
  let noon: number
  beforeAll(async () => {
    store = await testStore.open()
    const [row] = await store.raw<{ now: Date }>('select now() as now')
    noon = Math.floor((row as { now: Date }).now.getTime() / DAY_MS) * DAY_MS + DAY_MS / 2
  }, 60_000)
  afterAll(async () => {
    await store.close()
    await testStore.remove()
  })

  const ring = (daysLater: number) =>
    ringReconcile({ store, engine: memoryEngine().engine, clock: { now: () => noon + daysLater * DAY_MS } })
  const started = async () =>
    (await store.raw<{ flow_id: string }>('select flow_id from run')).map((run) => run.flow_id)

  it('starts what a night left, a dozen at a time and each once, also after a restart', async () => {
    await placeFlows(store, 30)
    const counts: number[] = []
    for (let n = 0; n < 4; n++) {
      await ring(1)
      counts.push((await started()).length)
    }
    expect(counts).toEqual([12, 24, 30, 30])
    expect(new Set(await started()).size).toBe(30)
    await store.raw(`update run set state = 'succeeded', created_at = $1`, [new Date(noon + DAY_MS)])
    await ring(1)
    expect(await started()).toHaveLength(30)
    await ring(2)
    expect(await started()).toHaveLength(42)
  })

  it('asks one question, however many flows there are, where none is due', async () => {
    const counted = countStatements(store, memoryEngine().engine)
    for (const flows of [1, 50, 200]) {
      await placeFlows(store, flows)
      await store.raw('update flow set created_at = $1', [new Date(noon)])
      expect(await counted.during(() => ringReconcile({ ...counted, clock: { now: () => noon } }))).toBe(1)
    }
  })
})
