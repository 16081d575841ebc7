import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { preparingClient } from './preparing-client.ts'
import { findTestServer } from './testing.ts'
import { randomText } from './ids.ts'

const server = await findTestServer()

describe.skipIf(server === undefined)('connections that prepare what is repeated', () => {
  const table = `prepared_${randomText(8)}`
  const client = new (preparingClient())({ connectionString: server })
  beforeAll(async () => {
    await client.connect()
  })
  afterAll(async () => {
    await client.query(`drop table if exists ${table}`)
    await client.end()
  })
  const prepared = async (text: string): Promise<number> => {
    const { rows } = await client.query('select count(*)::int as n from pg_prepared_statements where statement = $1', [text]) // prettier-ignore
    return (rows as { n: number }[])[0]?.n ?? -1
  }

  it('prepare the third use, and answer alike', async () => {
    const text = 'select $1::int + 1 as next'
    for (let use = 1; use <= 5; use++) {
      const { rows } = await client.query(text, [use])
      expect(rows).toEqual([{ next: use + 1 }])
      expect(await prepared(text)).toBe(use < 3 ? 0 : 1)
    }
    await expect(client.query('select $1::int / 0', [1])).rejects.toMatchObject({ code: '22012' })
  })

  it('go on without when a table changed under a statement', async () => {
    await client.query(`create table ${table} (a int)`)
    const text = `select * from ${table} where $1 = 1`
    for (let use = 0; use < 4; use++) await client.query(text, [1])
    expect(await prepared(text)).toBe(1)
    await client.query(`alter table ${table} add column b int`)
    await expect(client.query(text, [1])).rejects.toMatchObject({ code: '0A000' })
    const { fields } = await client.query(text, [1])
    expect(fields.map((field) => field.name)).toEqual(['a', 'b'])
  })
})
