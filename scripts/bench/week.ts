/**
 * A virtual week of many shops: `node scripts/bench/week.ts --shops 5000`. It is a model, not a measurement: demand is
 * made up (`week/demand.ts`), costs are those of `docs/bench.json`, the arithmetic of call budgets, breaker and windows is
 * the service's own, batches and queues are modelled after it (`week/simulate.ts`). It first finds how many processes the
 * busiest day needs, then runs the whole week on that many, and keeps the outcome in `docs/week.json` and in
 * `docs/scaling.md`. `--quick` runs two hours and keeps nothing; `--processes 4` skips the search.
 */
import { parseArgs } from 'node:util'
import { fillIn, writeFormatted } from './scaling-page.ts'
import { comparedAt } from './week/bulk.ts'
import { readCosts, type Costs } from './week/costs.ts'
import { DAY, defaultPlan, HOUR, WEEK } from './week/demand.ts'
import { summary, weekText } from './week/report.ts'
import { simulate, type Machine } from './week/simulate.ts'

const { values } = parseArgs({
  options: {
    shops: { type: 'string', default: '5000' },
    processes: { type: 'string' },
    postgres: { type: 'string' },
    costs: { type: 'string', default: 'docs/bench.json' },
    quick: { type: 'boolean', default: false },
  },
})
const plan = defaultPlan(Number(values.shops))
const costs: Costs = await readCosts(values.costs)

/** Cores must not be asked for more than this on average over five minutes. */
const MOST_USED = 0.8
/** A machine that is large enough for anything, to see what is asked of it. */
const LARGE: Machine = { processes: 32, postgresCores: 32 }
const PEAK = [4 * DAY + 18 * HOUR, 4 * DAY + 22 * HOUR] as const
/** The last of the daily comparisons of the sale's day begin here: with many shops, at noon. */
const COMPARED =
  4 * DAY + Math.max(...Array.from({ length: plan.shops }, (_, shop) => comparedAt(plan, shop)))
const COMPARING = [COMPARED - 3 * HOUR, COMPARED + HOUR] as const

/** Asks whether a machine is large enough for the sale's evening and for the comparisons before it. */
function needed(machine: Machine): Machine {
  const found = [PEAK, COMPARING].map((span) => simulate(plan, costs, machine, span, 0).use)
  const most = (side: 'own' | 'pg'): number => Math.max(...found.map((use) => use[side].peak))
  process.stderr.write(`${JSON.stringify({ ...machine, own: most('own'), postgres: most('pg') })}\n`)
  return {
    processes: Math.ceil((most('own') * machine.processes) / MOST_USED),
    postgresCores: Math.ceil((most('pg') * machine.postgresCores) / MOST_USED),
  }
}

function smallest(): Machine {
  const asked = needed(LARGE)
  return {
    processes: Number(values.processes ?? asked.processes),
    postgresCores: Number(values.postgres ?? asked.postgresCores),
  }
}

const machine = smallest()
const span = values.quick ? PEAK : ([0, WEEK] as const)
const found = summary(plan, costs, machine, simulate(plan, costs, machine, span))
process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
if (!values.quick) {
  await writeFormatted('docs/week.json', JSON.stringify(found, null, 2))
  await fillIn('week', weekText(found))
}
