import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from './database.ts'
import { findTestServer, serverTestStore, type TestStore } from './testing.ts'

const server = await findTestServer()

describe.runIf(server)('a connection to a server', () => {
  let testStore: TestStore
  let store: Store
  beforeAll(async () => {
    testStore = serverTestStore(String(server))
    store = await testStore.open()
  })
  afterAll(async () => {
    await store.close()
    await testStore.remove()
  })
  const workspaces = () => store.raw<{ id: string }>('select id from workspace order by id')

  it('that is lost in a transaction ends that transaction, and nothing else', async () => {
    const lost = store.db.transaction().execute(async (tx) => {
      await tx.insertInto('workspace').values({ id: 'ws_lost', name: 'x' }).execute()
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      await store.raw('select pg_terminate_backend($1, 10000)', [rows[0]?.pid])
      // By then the loss has been heard of, while nobody was asking anything.
      await store.raw('select 1')
      await tx.insertInto('workspace').values({ id: 'ws_late', name: 'x' }).execute()
    })
    await expect(lost).rejects.toThrow(/connection|Connection/)
    expect(await workspaces()).toEqual([])
    await store.db.transaction().execute(async (tx) => {
      await tx.insertInto('workspace').values({ id: 'ws_next', name: 'x' }).execute()
    })
    expect(await workspaces()).toEqual([{ id: 'ws_next' }])
  })

  it('is taken from whoever stands still in a transaction, for others wait for the rows', async () => {
    const [row] = await store.raw<{ limit: string }>(
      `select current_setting('idle_in_transaction_session_timeout') as limit`,
    )
    expect(row?.limit).toBe('30s')
  })
})
