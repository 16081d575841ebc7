import { describe, expect, it } from 'vitest'
import { describeMissing, findNeed } from '../../../scripts/test-needs.mjs'
import { runKills, type KillRunOptions } from './kill-run.ts'

const SEED = Number(process.env['SEED'] ?? 20_261)
const KILLS = Number(process.env['KILLS'] ?? 10)
/** A crowded machine starts processes slowly: then there are fewer kills. `npm run soak` makes a hundred. */
const MOST_MS = 90_000

const postgres = await findNeed('postgres')
if (!postgres.ok) console.warn(`${describeMissing('postgres', postgres.reason)} No kills of two processes.`)

async function survive(options: Pick<KillRunOptions, 'databaseUrl'>): Promise<void> {
  const again = `SEED=${SEED} KILLS=${KILLS} npx vitest run --project alone test/e2e/soak/kill-run.test.ts`
  const said: string[] = []
  const result = await runKills({ ...options, seed: SEED, kills: KILLS, mostMs: MOST_MS, say: (line) => said.push(line) }) // prettier-ignore
  expect(result.wrong, `${again}\n${said.join('\n')}`).toEqual([])
  expect(result.betweenApplyAndReceipt, said.join('\n')).toBeGreaterThan(0)
}

describe('kills while webhooks and a backfill go on lose, double and halve nothing', { retry: 0 }, () => {
  it('on the embedded store', () => survive({}), 600_000)

  it.skipIf(!postgres.ok)(
    'on PostgreSQL with two processes',
    () => survive({ databaseUrl: postgres.ok ? String(postgres.value) : '' }),
    600_000,
  )
})
