import { PGlite } from '@electric-sql/pglite'
import { Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pgliteDialect } from './pglite-dialect.ts'

interface Tables {
  thing: { id: number }
}

describe('PGlite dialect', () => {
  let pglite: PGlite
  let db: Kysely<Tables>
  const ids = async () =>
    (await db.selectFrom('thing').select('id').orderBy('id').execute()).map((row) => row.id)
  beforeAll(async () => {
    pglite = await PGlite.create()
    db = new Kysely<Tables>({ dialect: pgliteDialect(pglite, 300) })
    await sql`create table thing (id int primary key)`.execute(db)
  }, 60_000)
  afterAll(() => pglite.close())

  it('keeps other statements out of an open transaction', async () => {
    const order: string[] = []
    let outside: Promise<unknown> | undefined
    await db.transaction().execute(async (tx) => {
      outside = pglite.query('insert into thing values (2)').then(() => order.push('outside'))
      await tx.insertInto('thing').values({ id: 1 }).execute()
      order.push('inside')
    })
    await outside
    expect(order).toEqual(['inside', 'outside'])
    expect(await ids()).toEqual([1, 2])
  })

  it('remedy 6: ends a transaction that waits for itself, with a reason, and goes on', async () => {
    const waiting = db.transaction().execute(async (tx) => {
      await tx.insertInto('thing').values({ id: 3 }).execute()
      await db.insertInto('thing').values({ id: 4 }).execute()
      await tx.insertInto('thing').values({ id: 5 }).execute()
    })
    await expect(waiting).rejects.toThrow(/open for 300 ms and was rolled back/)
    expect(await ids()).toEqual([1, 2, 4])
    await db.transaction().execute((tx) => tx.insertInto('thing').values({ id: 6 }).execute())
    expect(await ids()).toEqual([1, 2, 4, 6])
  })
})
