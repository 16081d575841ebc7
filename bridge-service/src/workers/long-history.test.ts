import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RawWebhook } from '@crosswalk/connectors/sdk'
import { pipelineDeps } from '../pipeline/testing.ts'
import type { Store } from '../store/database.ts'
import { purgeExpired } from '../store/retention.ts'
import { testStores } from '../store/testing.ts'
import { createReceive } from './receive.ts'
import { memoryEngine, placeFlow, placeWebhooks } from './testing.ts'

/** Finished events of each kind; half of them have outlived their time. `SOAK=1` takes as many as the catalogue names. */
const EVENTS = process.env['SOAK'] === '1' ? 1_000_000 : 100_000
const EXPIRED = EVENTS / 2
/** Batches share a pack. */
const PACKS = EVENTS / 10
const RECORDS = EVENTS / 20
const WEBHOOKS = 40

describe.each(await testStores())(`with ${EVENTS} finished events ($kind)`, (testStore) => {
  let store: Store
  let hookId: string
  let updateOf: (id: number) => RawWebhook
  beforeAll(async () => {
    // One session, so that it can be asked how many rows it has touched.
    store = await testStore.open({ poolSize: 1 })
    await placeFlow(store)
    ;({ hookId, updateOf } = await placeWebhooks(store))
  })
  afterAll(async () => {
    await store.close()
    await testStore.remove()
  })

  async function rowsTouched(): Promise<number> {
    await store.raw('select pg_stat_force_next_flush()')
    const [row] = await store.raw<{ n: number }>(
      `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::float8 as n
         from pg_stat_user_tables where schemaname = $1`,
      [store.schema],
    )
    return row?.n ?? 0
  }
  /** How many rows of our tables are read while something is done. */
  async function touchedBy(work: () => Promise<unknown>): Promise<number> {
    const before = await rowsTouched()
    await work()
    return (await rowsTouched()) - before
  }
  async function take(from: number): Promise<void> {
    const { receive } = createReceive({ ...pipelineDeps(store), engine: memoryEngine().engine })
    for (let id = from; id < from + WEBHOOKS; id += 1) {
      // The shop says it twice: then it is looked for what else was told of the record.
      for (const told of [updateOf(id), updateOf(id)]) expect((await receive(told, hookId)).status).toBe(202)
    }
  }
  /** What happened to some thousand records over twice the time that each kind is kept, or only the older half of it. */
  async function haveHistory(from = 1): Promise<void> {
    // Nothing lies near the border, whatever time passes meanwhile.
    const over = (days: number, count: number): string =>
      `now() - interval '1 day' * ${days} * (g / ${count}::float8) * case when g > ${count / 2} then 1.1 else 0.9 end`
    const back = (count: number): string =>
      `generate_series(${count}, ${Math.ceil((from / EVENTS) * count)}, -1) g`
    for (const text of [
      `insert into record (connection_id, entity, external_id, want_version)
       select 'conn_shop', 'order', (1000 + g)::text, 1 from generate_series(1, ${RECORDS}) g on conflict do nothing`,
      `insert into link (flow_id, workspace_id, external_id, have_version, state)
       select 'flow_1', 'ws_1', (1000 + g)::text, 1, case g when 1 then 'failed' else 'linked' end
         from generate_series(1, ${RECORDS}) g on conflict do nothing`,
      `insert into delivery (connection_id, dedupe_key, topic, external_id, received_at)
       select 'conn_shop', gen_random_uuid(), 'order.updated', (1000 + g % ${RECORDS})::text, ${over(28, EVENTS)}
         from ${back(EVENTS)}`,
      `insert into attempt (workspace_id, flow_id, external_id, step, outcome, summary, at)
       select 'ws_1', 'flow_1', (1000 + g % ${RECORDS})::text, 'deliver', 'updated', 'x', ${over(180, EVENTS)}
         from ${back(EVENTS)}`,
      `insert into attempt_pack (id, workspace_id, flow_id, sealed, at)
       select gen_random_uuid(), 'ws_1', 'flow_1', '', ${over(28, PACKS)} from ${back(PACKS)}`,
    ])
      await store.raw(text)
    await tidy()
  }
  /** As the upkeep and a server do it now and then. */
  const tidy = () => store.raw('vacuum analyze record, link, delivery, attempt, attempt_pack')
  const sizes = () =>
    store.raw<{ name: string; bytes: number }>(
      `select name, pg_total_relation_size(name::regclass)::float8 as bytes
         from unnest(array['delivery', 'attempt', 'attempt_pack']) as name`,
    )

  it('D6 a webhook touches no more rows than with none', async () => {
    const before = await touchedBy(() => take(1))
    await haveHistory()
    const after = await touchedBy(() => take(100))
    expect(before).toBeGreaterThan(0)
    expect(after).toBeLessThan(before + WEBHOOKS)
  }, 900_000)

  it('D6 what has outlived its time is erased without reading the rest over and over, and what failed is kept', async () => {
    const kept = EXPIRED / RECORDS
    let erased = 0
    const touched = await touchedBy(async () => (erased = await purgeExpired(store.db)))
    expect(erased).toBe(EXPIRED - kept + EXPIRED + PACKS / 2)
    expect(touched).toBeLessThan(4 * erased)
    const [row] = await store.raw(
      `select (select count(*) from delivery where received_at < now() - interval '14 days')::int as deliveries,
              (select count(*) from attempt where at < now() - interval '90 days')::int as attempts,
              (select count(*) from attempt)::int as lines`,
    )
    expect(row).toEqual({ deliveries: 0, attempts: kept, lines: EXPIRED + kept })
    await tidy()
    expect(await touchedBy(() => purgeExpired(store.db))).toBeLessThan(EVENTS / 10)
  }, 900_000)

  it('D6 the room of what was erased is used again', async () => {
    const before = await sizes()
    // As much as was erased, and it goes the same way.
    await haveHistory(EXPIRED + 1)
    await purgeExpired(store.db)
    for (const [i, { name, bytes }] of (await sizes()).entries())
      expect(bytes, name).toBeLessThan(1.2 * (before[i]?.bytes ?? 0))
  }, 900_000)
})
