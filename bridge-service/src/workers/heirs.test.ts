import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../store/database.ts'
import { ownProcessName } from '../store/process-name.ts'
import { findEnded, signRoll } from '../store/process-roll.ts'
import { leaseRecords, raiseWant } from '../store/records.ts'
import { silentLog, testStores } from '../store/testing.ts'
import { inherit, startInheriting } from './heirs.ts'
import { memoryEngine, placeFlow } from './testing.ts'

describe.each(await testStores())('what a dead process leaves ($kind)', (testStore) => {
  let store: Store
  beforeAll(async () => {
    store = await testStore.open()
    await placeFlow(store)
  }, 60_000)
  afterAll(async () => {
    await store.close()
    await testStore.remove()
  })

  const own = ownProcessName()
  const [place, , started] = own.split(':')
  const dead = `${place}:${2 ** 22 + 5}:${started}`
  const elsewhere = `other~00000000:1:${started}`
  const key = (externalId: string) => ({ connectionId: 'conn_shop', entity: 'order', externalId })
  const holders = async () =>
    new Map(
      (
        await store.db
          .selectFrom('record')
          .select(['external_id', 'lease_holder'])
          .where('entity', '=', 'order')
          .execute()
      ).map((row) => [row.external_id, row.lease_holder]),
    )

  it('is taken over: leases, claims and jobs; what others hold is left alone', async () => {
    const { engine, sent } = memoryEngine()
    for (const name of [own, dead, elsewhere]) await signRoll(store.db, name)
    await raiseWant(store.db, 'conn_shop', 'order', ['1', '2', '3'])
    await leaseRecords(store.db, [key('1')], `${dead}/4`, 60_000)
    await leaseRecords(store.db, [key('2')], `${own}/4`, 60_000)
    await leaseRecords(store.db, [key('3')], `${elsewhere}/4`, 60_000)
    expect(await inherit({ store, engine })).toEqual([dead])
    expect(await holders()).toEqual(
      new Map([
        ['1', null],
        ['2', `${own}/4`],
        ['3', `${elsewhere}/4`],
      ]),
    )
    expect(sent.map((job) => job.key)).toEqual(['flow_1:order:1', 'sweep:flow_1'])
    expect(await inherit({ store, engine })).toEqual([])
  })

  it('counts a process as dead whose number another one has now', async () => {
    const reused = `${place}:${process.pid}:1`
    await signRoll(store.db, reused)
    expect(await findEnded(store.db)).toEqual([reused])
  })

  it('is looked for at the start, and one that ends in order leaves nothing', async () => {
    const { engine } = memoryEngine()
    const stop = await startInheriting({ store, engine, log: silentLog })
    expect(await findEnded(store.db)).toEqual([])
    await stop()
    const names = await store.db
      .selectFrom('record')
      .select('external_id')
      .where('entity', '=', '~process')
      .execute()
    expect(names).toEqual([{ external_id: elsewhere }])
  })
})
