import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkServerVersion, openStore } from '../database.ts'
import { randomText } from '../ids.ts'
import { findTestServer, serverTestStore, silentLog } from '../testing.ts'
import { migrations } from './migrate.ts'

const server = await findTestServer()
const opener = fileURLToPath(new URL('../testing/opener.ts', import.meta.url))

describe.runIf(server)('migrations on a server', () => {
  const databaseUrl = server as string

  it('run once when several processes start together', async () => {
    const schema = `test_${randomText(10)}`
    const testStore = serverTestStore(databaseUrl, schema)
    const starts = Array.from({ length: 3 }, async () => {
      const child = spawn(process.execPath, [
        '--no-warnings',
        opener,
        JSON.stringify({ databaseUrl, schema }),
      ])
      const line = await new Promise<string>((resolve) =>
        child.stdout.once('data', (data) => resolve(String(data))),
      )
      const code = new Promise((resolve) => child.once('exit', resolve))
      child.stdin.end()
      return { line: line.trim(), code: await code }
    })
    for (const answer of await Promise.all(starts)) expect(answer).toEqual({ line: 'open', code: 0 })
    const store = await testStore.open()
    const rows = await store.raw<{ name: string }>('select name from migration order by name')
    expect(rows.map((row) => row.name)).toEqual(migrations.map((migration) => migration.name))
    await store.raw(`insert into migration (name) values ('9999-future')`)
    await store.close()
    await expect(testStore.open()).rejects.toThrow(/newer version of Crosswalk \(it has 9999-future\)/)
    await testStore.remove()
  }, 60_000)

  it('keep schemas apart', async () => {
    const [one, two] = [serverTestStore(databaseUrl), serverTestStore(databaseUrl)]
    const stores = await Promise.all([one.open(), two.open()])
    await stores[0].raw(`insert into workspace (id, name) values ('ws_1', 'x')`)
    expect(await stores[1].raw('select * from workspace')).toEqual([])
    for (const store of stores) await store.close()
    for (const testStore of [one, two]) await testStore.remove()
  })

  it('say in one line that the server cannot be reached, or the schema not be named so', async () => {
    const options = { databaseUrl: 'postgres://postgres@127.0.0.1:1/none', log: silentLog }
    await expect(openStore(options)).rejects.toThrow(/^PostgreSQL at DATABASE_URL cannot be reached: /)
    await expect(openStore({ databaseUrl, schema: 'a"b', log: silentLog })).rejects.toThrow(/schema name/)
    await expect(openStore({ log: silentLog })).rejects.toThrow(/data directory/)
  })

  it('refuse a server that is too old', () => {
    expect(() => checkServerVersion(14)).toThrow(
      'PostgreSQL 15 or newer is needed; the server at DATABASE_URL has 14.',
    )
    checkServerVersion(15)
  })
})
