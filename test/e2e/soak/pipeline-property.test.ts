import { describe, expect, it } from 'vitest'
import { runShard } from './shard.ts'

// Given from outside to run a failure again, or more of it.
const EVENTS = Number(process.env['EVENTS'] ?? 2_000)
const SEED = Number(process.env['SEED'] ?? 20_261)
const SHARDS = Number(process.env['SHARDS'] ?? 4)
/** 1: the portal has unique keys, 0: it has none; otherwise every other shard has. */
const UNIQUE = process.env['UNIQUE']

const FILE = 'test/e2e/soak/pipeline-property.test.ts'
const shards = Array.from({ length: SHARDS }, (_, i) => ({
  seed: SEED + i,
  uniqueKeys: UNIQUE === undefined ? i % 2 === 0 : UNIQUE === '1',
  events: Math.ceil(EVENTS / SHARDS),
}))

describe('after any random events and failures the target equals the source', { retry: 0 }, () => {
  it.each(shards)(
    '$events events, seed $seed, unique keys in the portal: $uniqueKeys',
    async (shard) => {
      const again = `SEED=${shard.seed} SHARDS=1 EVENTS=${shard.events} UNIQUE=${shard.uniqueKeys ? 1 : 0} npx vitest run --project alone ${FILE}`
      console.log(`to run it again: ${again}`)
      const { wrong, counts, orders } = await runShard(shard)
      expect(wrong, again).toEqual([])
      // It was no idle run: things happened, and the systems failed.
      expect(orders).toBeGreaterThan(shard.events / 10)
      expect(counts['targetFails'] ?? 0).toBeGreaterThan(shard.events / 50)
    },
    600_000,
  )
})
