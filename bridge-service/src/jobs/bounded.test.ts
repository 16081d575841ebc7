import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openStore } from '../store/database.ts'
import { silentLog } from '../store/testing.ts'
import { putReadyCluster } from '../store/testing/ready-cluster.ts'
import { createEngine } from './engine.ts'
import { startUpkeep } from './upkeep.ts'

/** Events that come, are worked off and outlive their time; `SOAK=1` takes as many as design section 12 names. */
const EVENTS = process.env['SOAK'] === '1' ? 200_000 : 20_000
const ROUNDS = 10
const EACH = EVENTS / ROUNDS

it(`remedy 3: the embedded store stays as large as it was, however many events pass (${EVENTS})`, async () => {
  const root = mkdtempSync(join(tmpdir(), 'crosswalk-bounded-'))
  const dataDir = join(root, 'data')
  await putReadyCluster(dataDir)
  const store = await openStore({ dataDir, log: silentLog })
  const engine = createEngine(store, { log: silentLog })
  await engine.start()
  const kib = (): number => Number(execFileSync('du', ['-sk', dataDir], { encoding: 'utf8' }).split('\t')[0])
  try {
    const sizes: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      await store.raw(
        `insert into delivery (connection_id, dedupe_key, topic, external_id, received_at)
         select 'c', gen_random_uuid()::text, 'order.updated', g::text, now() - interval '15 days'
           from generate_series(1, ${EACH}) g`,
      )
      await store.raw(
        `insert into attempt (workspace_id, flow_id, external_id, step, outcome, summary, at)
         select 'w', 'f', g::text, 'deliver', 'updated', repeat('x', 200), now() - interval '100 days'
           from generate_series(1, ${EACH}) g`,
      )
      const keys = Array.from({ length: EACH }, (_, i) => `order:${round}:${i}`)
      for (let from = 0; from < EACH; from += 1_000) {
        const part = keys.slice(from, from + 1_000)
        await engine.send(null, part.map((key) => ({ queue: 'record' as const, key, data: {}, group: 'c' }))) // prettier-ignore
        await engine.complete(await engine.fetch('record', part.length))
      }
      // As old as ended jobs are when the engine's own upkeep takes them away.
      await store.raw(`delete from ${store.schema}_jobs.job where state = 'completed'`)
      let rounds = 0
      const counted = { ...store, maintain: async () => (await store.maintain(), void (rounds += 1)) }
      const stop = startUpkeep({ store: counted, log: silentLog, everyMs: 10 })
      await expect.poll(() => rounds, { timeout: 60_000 }).toBeGreaterThan(0)
      await stop()
      sizes.push(kib())
    }
    const [left] = await store.raw<{ n: number }>(
      `select ((select count(*) from delivery) + (select count(*) from attempt))::int as n`,
    )
    expect(left?.n).toBe(0)
    // The log has its fullest size after a few rounds; from there on nothing grows.
    expect(Math.max(...sizes.slice(4))).toBeLessThan(1.15 * Math.max(...sizes.slice(0, 4)))
  } finally {
    await engine.stop()
    await store.close()
    rmSync(root, { recursive: true, force: true })
  }
}, 900_000)
