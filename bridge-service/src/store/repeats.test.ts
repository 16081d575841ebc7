import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from './database.ts'
import { storeDelivery } from './deliveries.ts'
import { leaseRecords } from './records.ts'
import { testStores } from './testing.ts'

describe.each(await testStores())('in the $kind store', (home) => {
  let store: Store
  beforeAll(async () => {
    store = await home.open()
  }, 60_000)
  afterAll(async () => {
    await store.close()
    await home.remove()
  })

  it('a delivery repeated at once is a repeat; the same words later are news', async () => {
    const delivery = { connectionId: 'c', dedupeKey: 'k', topic: 'order.deleted', externalId: '5' }
    expect(await storeDelivery(store.db, delivery)).toBe('new')
    expect(await storeDelivery(store.db, delivery)).toBe('duplicate')
    await sql`update delivery set received_at = now() - interval '2 minutes'`.execute(store.db)
    expect(await storeDelivery(store.db, delivery)).toBe('new')
    expect(await storeDelivery(store.db, delivery)).toBe('duplicate')
  })

  it('the same words are news when something else was said of the record in between', async () => {
    const said = (dedupeKey: string) => storeDelivery(store.db, { connectionId: 'c', dedupeKey, topic: 'order.updated', externalId: '6' }) // prettier-ignore
    expect(await said('open')).toBe('new')
    expect(await said('open')).toBe('duplicate')
    expect(await said('trashed')).toBe('new')
    expect(await said('open')).toBe('new')
    expect(await said('open')).toBe('duplicate')
  })

  it('a lease that ends later than any is taken for does not outlive a clock that was put back', async () => {
    const key = { connectionId: 'c', entity: 'order', externalId: '1' }
    await leaseRecords(store.db, [key], 'a', 60_000)
    expect((await leaseRecords(store.db, [key], 'b', 60_000)).leased).toEqual([])
    await sql`update record set lease_until = now() + interval '1 hour'`.execute(store.db)
    expect((await leaseRecords(store.db, [key], 'b', 60_000)).leased).toHaveLength(1)
  })
})
