import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../store/database.ts'
import { randomText } from '../store/ids.ts'
import { migrations } from '../store/migrations/migrate.ts'
import { findTestServer, silentLog } from '../store/testing.ts'
import { backupName, timeOfName, writeBackup } from './file.ts'
import { restoreBackup, type RestorePlace } from './restore.ts'
import { backUpIfDue } from './schedule.ts'

const root = mkdtempSync(join(tmpdir(), 'crosswalk-backup-'))
const databaseUrl = await findTestServer()
const schemas: string[] = []
afterAll(async () => {
  rmSync(root, { recursive: true, force: true })
  if (!databaseUrl || schemas.length === 0) return
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ nspname: string }>('select nspname from pg_namespace')
  for (const { nspname } of rows)
    if (schemas.some((name) => nspname.startsWith(name)))
      await client.query(`drop schema "${nspname}" cascade`)
  await client.end()
})

/** A place nobody has used yet. */
function newPlace(kind: 'embedded' | 'server'): RestorePlace {
  const name = `test_${randomText(10)}`
  if (kind === 'server') schemas.push(name)
  return {
    dataDir: join(root, name),
    databaseUrl: kind === 'server' ? (databaseUrl ?? null) : null,
    databaseSchema: name,
  }
}
const openAt = (place: RestorePlace, only?: readonly string[]): Promise<Store> =>
  openStore({
    ...(place.databaseUrl === null ? { dataDir: place.dataDir } : { databaseUrl: place.databaseUrl }),
    schema: place.databaseSchema,
    log: silentLog,
    ...(only ? { migrations: only } : {}),
  })

const ODD = 'ünï "quotes" \\ back, null\tand, ]} {[ 漢字'
/** Rows of every kind of value; more of one table than are fetched or inserted at once. */
async function fill(store: Store): Promise<void> {
  await store.raw(`insert into workspace (id, name, created_at) values ('ws_1', $1, '2026-01-31 12:00:00.123456+00')`, [ODD]) // prettier-ignore
  await store.raw(`insert into connection (id, workspace_id, connector, name, origin, settings, credentials, hook_id)
    values ('conn_1', 'ws_1', 'shop', 'a', 'b', $1, $2, 'hook'), ('conn_2', 'ws_1', 'crm', 'a', 'c', '{}', null, 'hook2')`, [JSON.stringify({ odd: ODD, none: null }), Buffer.from([0, 255, 10, 92])]) // prettier-ignore
  await store.raw(`insert into flow (id, workspace_id, name, source_connection_id, target_connection_id, entity)
    values ('flow_1', 'ws_1', 'f', 'conn_1', 'conn_2', 'order')`)
  await store.raw(`insert into record (connection_id, entity, external_id, want_version, lease_holder, lease_token, lease_until)
    select 'conn_1', 'order', n::text, n, 'host:1:x', 7, now() + interval '1 hour' from generate_series(1, 1501) n`)
  await store.raw(`insert into reconcile_day (flow_id, workspace_id, day, currency, source_count, source_sum, target_count,
    missing, incomplete, differing, failed, checked_at) values ('flow_1', 'ws_1', '2026-01-31', 'EUR', 1, 1234567890.1000, 0, 0, 0, 0, 0, now())`) // prettier-ignore
  await store.raw(`insert into attempt (workspace_id, flow_id, external_id, step, outcome, summary)
    values ('ws_1', 'flow_1', '1', 'link', 'created', 'x')`)
}
const looks = [
  'select * from workspace',
  'select id, settings, credentials, hook_id from connection order by id',
  'select count(*)::int as n, sum(want_version)::int as sum, min(lease_token) as token, count(*) filter (where lease_until > now())::int as leased from record',
  'select source_sum, day::text from reconcile_day',
]
const seen = async (store: Store) => Promise.all(looks.map((look) => store.raw(look)))
const options = { masterKeyId: 'a1b2c3d4', history: true, madeAt: new Date('2026-01-31T12:00:00Z') }
const want = { force: false, now: new Date('2026-02-01T08:00:00Z'), log: silentLog }

const kinds = databaseUrl ? (['embedded', 'server'] as const) : (['embedded'] as const)
// From each and into each; alone, the embedded one into itself.
const pairs = kinds.map((from, index) => [from, kinds[1 - index] ?? from] as const)

describe.each(pairs)('a backup of the %s store restored into the %s store', (from, to) => {
  it('holds the same rows, takes new ones, and keeps no lease of that time', async () => {
    const [home, other] = [newPlace(from), newPlace(to)]
    const store = await openAt(home)
    await fill(store)
    const file = join(root, `${home.databaseSchema}.gz`)
    const made = await writeBackup(store, file, options)
    const before = await seen(store)
    await store.close()
    expect(made.bytes).toBe(statSync(file).size)
    expect(statSync(file).mode & 0o077).toBe(0)
    expect(existsSync(`${file}.part`)).toBe(false)

    const restored = await restoreBackup(file, other, want)
    expect(restored).toMatchObject({ rows: made.rows, before: null, newOwnerKey: true })
    expect(restored.header).toMatchObject({
      store: from,
      masterKey: { included: false, id: 'a1b2c3d4' },
      migrations: migrations.map(({ name }) => name),
    })
    const again = await openAt(other)
    const after = await seen(again)
    expect(after[2]).toEqual([{ n: 1_501, sum: (1_501 * 1_502) / 2, token: 7, leased: 0 }])
    expect([after[0], after[1], after[3]]).toEqual([before[0], before[1], before[3]])
    // Numbers go on after those that are there; foreign keys hold as before.
    await again.raw(`insert into attempt (workspace_id, flow_id, external_id, step, outcome, summary)
      values ('ws_1', 'flow_1', '1', 'link', 'updated', 'x')`)
    expect(await again.raw('select id from attempt order by id')).toEqual([{ id: 1 }, { id: 2 }])
    await expect(again.raw(`delete from connection where id = 'conn_1'`)).rejects.toThrow(/foreign key/)
    await again.close()
  }, 240_000)
})

describe.each(kinds)('restoring into the %s store', (kind) => {
  const place = newPlace(kind)
  const file = join(root, `${place.databaseSchema}.gz`)
  let store: Store
  beforeAll(async () => {
    store = await openAt(place)
    await store.raw(`insert into workspace (id, name) values ('ws_old', 'before')`)
    await writeBackup(store, file, options)
    await store.raw(`update workspace set name = 'after'`)
  }, 240_000)
  const names = async () => {
    const opened = await openAt(place)
    const rows = await opened.raw<{ name: string }>('select name from workspace')
    await opened.close()
    return rows.map(({ name }) => name)
  }

  it('is refused while the store is in use, and where one is, unless it is told to move that aside', async () => {
    await expect(restoreBackup(file, place, { ...want, force: true })).rejects.toThrow(/is running/)
    await store.close()
    await expect(restoreBackup(file, place, want)).rejects.toThrow(/already.*--force/)
    expect(await names()).toEqual(['after'])
    const { before } = await restoreBackup(file, place, { ...want, force: true })
    expect(await names()).toEqual(['before'])
    const aside = kind === 'embedded'
        ? { ...place, dataDir: before ?? '' }
        : { ...place, databaseSchema: before ?? '' } // prettier-ignore
    const old = await openAt(aside)
    expect(await old.raw('select name from workspace')).toEqual([{ name: 'after' }])
    await old.close()
  }, 240_000)

  it('leaves everything as it was where the file is none, damaged, cut short or of a newer version', async () => {
    const text = gunzipSync(readFileSync(file)).toString()
    const lines = text.trimEnd().split('\n')
    const newer = JSON.parse(lines[0] ?? '') as { migrations: string[] }
    newer.migrations.push('9999-later')
    const bad: [string, Buffer, RegExp][] = [
      ['text', Buffer.from('hello'), /cannot be unpacked/],
      ['other', gzipSync('{"a":1}\n'), /not a backup that this version/],
      ['cut', readFileSync(file).subarray(0, 200), /cannot be unpacked|ends too early/],
      ['short', gzipSync(lines.slice(0, -1).join('\n')), /ends too early/],
      ['fewer', gzipSync([...lines.slice(0, -2), lines.at(-1)].join('\n')), /should hold|no table/],
      ['newer', gzipSync([JSON.stringify(newer), ...lines.slice(1)].join('\n')), /newer version.*9999-later/],
    ]
    for (const [name, bytes, message] of bad) {
      // What is noticed only on the way is the same for both, and the embedded store takes long to make.
      if (kind === 'embedded' && databaseUrl && (name === 'cut' || name === 'fewer')) continue
      const path = join(root, `bad-${kind}-${name}`)
      writeFileSync(path, bytes)
      await expect(restoreBackup(path, place, { ...want, force: true }), name).rejects.toThrow(message)
    }
    await expect(restoreBackup(join(root, 'nowhere'), place, want)).rejects.toThrow(/There is no file/)
    expect(await names()).toEqual(['before'])
    expect(readdirSync(root).filter((name) => name.includes('restoring'))).toEqual([])
  }, 240_000)
})

describe('a backup', () => {
  it('is of one moment though the store is written meanwhile, leaves history out when told, and replaces no file', async () => {
    const place = newPlace('embedded')
    const store = await openAt(place)
    await fill(store)
    const file = join(root, 'moment.gz')
    let going = true
    const writing = (async () => {
      for (let n = 5_000; going; n += 1) {
        // The embedded store answers without letting timers and files have a turn.
        await new Promise((done) => setImmediate(done))
        await store.raw(`with one as (insert into workspace (id, name) values ($1, 'x'))
          insert into record (connection_id, entity, external_id) values ('c', 'order', $1)`, [`w${n}`]) // prettier-ignore
      }
    })()
    await writeBackup(store, file, { ...options, history: false })
    going = false
    await writing
    const text = gunzipSync(readFileSync(file)).toString()
    expect(text).not.toContain('"table":"attempt"')
    const count = (start: string): number => text.split('\n').filter((line) => line.startsWith(start)).length
    expect(count('["w5')).toBe(count('["c","order","w5'))
    await expect(writeBackup(store, file, options)).rejects.toThrow(/there already/)
    await store.close()
  }, 60_000)

  it('of a schedule comes when it is due, and the oldest go; other files stay', async () => {
    const dir = join(root, 'scheduled')
    const clock = { now: Date.parse('2026-01-01T00:00:00Z') }
    const make = async (file: string) => {
      const { mkdirSync } = await import('node:fs')
      mkdirSync(dir, { recursive: true })
      writeFileSync(file, '')
    }
    const round = () => backUpIfDue({ dir, everyHours: 24, keep: 3, make, log: silentLog, now: () => clock.now }) // prettier-ignore
    expect(await round()).toBe(true)
    writeFileSync(join(dir, 'my-own.gz'), '')
    clock.now += 23 * 3_600_000
    expect(await round()).toBe(false)
    for (let day = 0; day < 4; day += 1) {
      clock.now += 24 * 3_600_000
      expect(await round()).toBe(true)
    }
    expect(readdirSync(dir).sort()).toEqual([
      'crosswalk-2026-01-03T23-00-00Z.backup.gz',
      'crosswalk-2026-01-04T23-00-00Z.backup.gz',
      'crosswalk-2026-01-05T23-00-00Z.backup.gz',
      'my-own.gz',
    ])
    expect(timeOfName(backupName(new Date('2026-01-31T12:34:56.789Z')))).toEqual(new Date('2026-01-31T12:34:56Z')) // prettier-ignore
  })
})
