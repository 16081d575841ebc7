import type { Store } from '../store/database.ts'

/** Runs one statement in the snapshot. */
export type Query = <Row>(text: string, params?: unknown[]) => Promise<Row[]>

/**
 * Runs `work` on one state of the store, whatever is written meanwhile. On a server others go on working. The embedded
 * store has a single session: everything else waits until `work` has ended, so it must wait for nothing but the disk.
 */
export async function inSnapshot<T>(store: Store, work: (query: Query) => Promise<T>): Promise<T> {
  if (store.kind === 'embedded') {
    return store.pglite.transaction(async (tx) =>
      work(async <Row>(text: string, params: unknown[] = []) => (await tx.query<Row>(text, params)).rows),
    )
  }
  const client = await store.pool.connect()
  try {
    await client.query('begin transaction isolation level repeatable read read only')
    const result = await work(
      async <Row>(text: string, params: unknown[] = []) => (await client.query(text, params)).rows as Row[],
    )
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    // A connection in an unknown state is not used again.
    client.release(true)
    throw error
  }
}
