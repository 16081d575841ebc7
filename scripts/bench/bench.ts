/**
 * `npm run bench`: measures the service beside the floor script, prints what it found and keeps it in `docs/bench.json`
 * and `docs/bench.md`. `npm run bench -- backfill live` measures some rows and leaves the others as they are. `--quick`
 * takes a tenth of the work, once, and keeps nothing; `--full` takes a million orders where it matters; `--rounds 1`
 * measures once instead of taking the median of three; `--store embedded` or `--store server` measures on one store only.
 */
import { parseArgs } from 'node:util'
import { findNeed } from '../test-needs.mjs'
import { loadNow } from './process-figures.ts'
import { keep, show, type Measured } from './report.ts'
import type { Figures, Row } from './rows/row.ts'
import { rows } from './rows/index.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    store: { type: 'string' },
  },
})

const known = rows.flatMap((row) => row.names)
const unknown = positionals.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`There is no row ${unknown.join(', ')}. Rows: ${known.join(', ')}\n`)
  process.exit(1)
}
const chosen = rows.filter((row) =>
  positionals.length === 0 ? !row.onlyWhenNamed : row.names.some((name) => positionals.includes(name)),
)

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number
const shown = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)))

/** Field by field the median of several measurements. */
const medians = (figures: readonly Figures[]): Figures =>
  Object.fromEntries(
    Object.keys(figures[0] ?? {}).map((name) => [
      name,
      shown(median(figures.map((one) => one[name] ?? NaN))),
    ]),
  )

async function measureRow(row: Row, server: { databaseUrl: string } | undefined): Promise<Measured[]> {
  const rounds = Math.min(values.quick ? 1 : Number(values.rounds), row.rounds ?? Infinity)
  const all: Record<string, Figures>[] = []
  for (let round = 1; round <= rounds; round++) {
    const found = await row.measure({ server, shrink: values.quick ? 10 : 1, full: values.full })
    for (const figures of Object.values(found)) figures['load'] = loadNow()
    all.push(found)
    process.stderr.write(`round ${round}: ${JSON.stringify(found)}\n`)
  }
  return row.names.map((name) => ({
    name: server ? name : `${name}Embedded`,
    about: `${row.about[name] ?? ''}${server ? '' : '; embedded store'}`,
    store: server ? 'PostgreSQL' : 'embedded',
    rounds,
    figures: medians(all.map((found) => found[name] ?? {})),
  }))
}

const postgres = await findNeed('postgres')
const server = postgres.ok ? { databaseUrl: String(postgres.value) } : undefined
if (!server) process.stderr.write('There is no PostgreSQL: only the embedded store is measured.\n')

for (const row of chosen) {
  for (const store of row.stores) {
    if ((values.store ?? store) !== store || (store === 'server' && !server)) continue
    const measured = await measureRow(row, store === 'server' ? server : undefined)
    process.stdout.write(show(measured))
    // Kept row by row: what was measured stays when a later row fails.
    if (!values.quick) await keep(measured)
  }
}
