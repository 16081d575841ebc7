/**
 * The long reliability run: `npm run soak`, or `npm run soak -- --kills 100 --events 20000 --seed 7 --minutes 120`.
 * Random events on a virtual clock, then kills on the embedded store and on PostgreSQL with two processes, then a portal
 * that takes a second create and a build without intents that has to be found out there, then the fault tests in full size (`SOAK=1`). Ends with a summary and with
 * exit code 1 when a promise was broken; a broken part says how to run it again. `--only events,kills,intents,faults`.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMissing, findNeed } from './test-needs.mjs'
import { runKills, type KillRunOptions } from '../test/e2e/soak/kill-run.ts'
import { runShard } from '../test/e2e/soak/shard.ts'

const ROOT = join(import.meta.dirname, '..')
const PARTS = ['events', 'kills', 'intents', 'faults'] as const
type PartName = (typeof PARTS)[number]
const SHARDS = 4
/** Kills on a portal that takes a second create; a few are plenty. */
const INTENT_KILLS = 12

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    events: { type: 'string', default: '20000' },
    minutes: { type: 'string', default: '120' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string', default: PARTS.join(',') },
  },
})
const seed = Number(values.seed)
const kills = Number(values.kills)
const endAt = Date.now() + Number(values.minutes) * 60_000
const wanted = new Set(values.only.split(','))
const summary: string[] = []
let broken = 0

function report(name: string, figures: string, wrong: readonly string[], again: string): void {
  broken += wrong.length
  const verdict = wrong.length === 0 ? 'every promise held' : `${wrong.length} BROKEN`
  summary.push(`${name}: ${figures}: ${verdict}`)
  for (const text of wrong.slice(0, 50)) console.log(`  ${text}`)
  if (wrong.length > 0) summary.push(`  again: ${again}`)
}

async function events(): Promise<void> {
  for (let i = 0; i < SHARDS; i += 1) {
    const uniqueKeys = i % 2 === 0
    const count = Math.ceil(Number(values.events) / SHARDS)
    const result = await runShard({ seed: seed + i, events: count, uniqueKeys })
    const name = `${count} events, ${uniqueKeys ? 'unique keys' : 'no unique keys'}, seed ${seed + i}`
    const figures = `${result.orders} orders, ${result.faults} rules of failure, ${result.seconds} s of virtual time`
    const again = `SEED=${seed + i} SHARDS=1 EVENTS=${count} UNIQUE=${uniqueKeys ? 1 : 0} npx vitest run --project alone test/e2e/soak/pipeline-property.test.ts`
    report(name, figures, result.wrong, again)
  }
}

async function killRun(name: string, options: Omit<KillRunOptions, 'seed' | 'say'>): Promise<void> {
  const result = await runKills({ ...options, seed, mostMs: endAt - Date.now(), say: console.log })
  const figures = `${result.kills} kills, ${result.betweenApplyAndReceipt} of them between apply and receipt, ${result.orders} orders, ${result.changes} changes, ${result.calls} calls, ${result.seconds} s, seed ${seed}`
  report(name, figures, result.wrong, `npm run soak -- --only kills --seed ${seed} --kills ${options.kills}`)
}

async function allKills(): Promise<void> {
  await killRun('kills, embedded store', { kills })
  const postgres = await findNeed('postgres')
  if (postgres.ok) {
    await killRun('kills, PostgreSQL and two processes', { kills, databaseUrl: String(postgres.value) })
  } else report('kills, PostgreSQL', 'not run', [describeMissing('postgres', postgres.reason)], 'start it')
}

/** Where only the note before a create keeps things single; and the same without that note, which has to be found out. */
async function intents(): Promise<void> {
  await killRun('kills, portal without unique keys', {
    kills: INTENT_KILLS,
    uniqueKeys: false,
    onlyApplied: true,
  })
  await tests('a build without intents is found out', 'test/e2e/soak/intents.test.ts')
}

const faults = (): Promise<void> =>
  tests('fault tests in full size', 'test/e2e/faults', 'bridge-service/src/workers/long-history.test.ts')

async function tests(name: string, ...paths: string[]): Promise<void> {
  const args = ['run', '--project', 'e2e', '--project', 'alone', '--project', 'unit', ...paths]
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, SOAK: '1' },
  })
  const code = await new Promise((done) => child.on('exit', done))
  report(name, `exit code ${code}`, code === 0 ? [] : ['a test failed'], `SOAK=1 npx vitest ${args.join(' ')}`) // prettier-ignore
}

const steps: Record<PartName, () => Promise<void>> = { events, kills: allKills, intents, faults }
console.log(`seed ${seed}`)
for (const name of PARTS) if (wanted.has(name)) await steps[name]()
console.log(`\n${summary.join('\n')}\n${broken === 0 ? 'Nothing was lost, double, half or stale.' : `${broken} broken.`}`) // prettier-ignore
process.exit(broken === 0 ? 0 : 1)
