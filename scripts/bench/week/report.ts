import type { Costs } from './costs.ts'
import type { WeekPlan } from './demand.ts'
import type { Histogram } from './histogram.ts'
import type { Machine, WeekResult } from './simulate.ts'

const shown = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(3)))

function all<T>(value: T): T {
  if (typeof value === 'number') return shown(value) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, all(one as unknown)])) as T
}

const percentiles = (times: Histogram) => ({
  records: times.total(),
  p50Seconds: times.percentile(0.5),
  p90Seconds: times.percentile(0.9),
  p99Seconds: times.percentile(0.99),
  p999Seconds: times.percentile(0.999),
  longestSeconds: times.largest(),
})

/** What a virtual week came to, with what it was made of. */
export function summary(plan: WeekPlan, costs: Costs, machine: Machine, found: WeekResult) {
  const { lag, ack, use, accounts, bulk } = found
  return all({
    model: 'a model fed with docs/bench.json, not a measurement',
    when: new Date().toISOString().slice(0, 10),
    shops: plan.shops,
    machine,
    costs,
    orders: found.orders,
    notices: found.notices,
    changedRecords: found.records,
    recordsPerBatch: found.records / found.batches,
    noticesRefusedWhileDown: found.refused,
    recordsLeft: found.left,
    lag: {
      usual: percentiles(lag.usual),
      saleDay: percentiles(lag.sale),
      changedWhileTargetWasDown: percentiles(lag.targetDown),
      changedWhileServiceWasDown: percentiles(lag.serviceDown),
    },
    acknowledged: { p50Ms: ack.percentile(0.5) * 1_000, p99Ms: ack.percentile(0.99) * 1_000 },
    processesInUse: use.own,
    postgresInUse: use.pg,
    calls: {
      total: accounts.calls,
      perChangedRecord: accounts.calls / found.records,
      busiestAccountOfItsDay: accounts.busiestDay,
      accountsThatHitTheirDay: accounts.quotaHits,
    },
    bulk,
  })
}
export type Summary = ReturnType<typeof summary>

const percent = (share: number): string => `${Math.round(share * 100)} %`
const seconds = (value: number): string =>
  value < 120
    ? `${shown(value)} s`
    : value < 7_200
      ? `${Math.round(value / 60)} min`
      : `${shown(value / 3_600)} h`

/** The part of `docs/scaling.md` that tells of the week. */
export function weekText(found: Summary): string {
  const { lag, machine, bulk, calls } = found
  const line = (name: string, one: Summary['lag']['usual']): string =>
    `| ${name} | ${one.records.toLocaleString('en')} | ${seconds(one.p50Seconds)} | ${seconds(one.p90Seconds)} | ${seconds(one.p99Seconds)} | ${seconds(one.p999Seconds)} | ${seconds(one.longestSeconds)} |`
  return `${found.shops.toLocaleString('en')} shops, ${found.orders.toLocaleString('en')} orders, ${found.notices.toLocaleString('en')} notices, on ${machine.processes} processes and
${machine.postgresCores} cores of PostgreSQL, the fewest that stay below 80 % in the busiest five minutes of the sale's evening (${found.when}):

| changed record | how many | p50 | p90 | p99 | p99.9 | longest |
| --- | --- | --- | --- | --- | --- | --- |
${line('on a usual day', lag.usual)}
${line('on the sale day', lag.saleDay)}
${line('while HubSpot was down for 45 minutes', lag.changedWhileTargetWasDown)}
${line('while the service was down for 10 minutes', lag.changedWhileServiceWasDown)}

- Processes in use: ${percent(found.processesInUse.mean)} on average, ${percent(found.processesInUse.peak)} in the busiest five minutes; PostgreSQL ${percent(found.postgresInUse.mean)} and ${percent(found.postgresInUse.peak)}.
- A notice is acknowledged within ${seconds(found.acknowledged.p50Ms / 1_000)} (p50) and ${seconds(found.acknowledged.p99Ms / 1_000)} (p99).
- Target calls: ${calls.total.toLocaleString('en')}, ${calls.perChangedRecord} per changed record; the busiest account with a key of its own used ${percent(calls.busiestAccountOfItsDay)} of its day, ${calls.accountsThatHitTheirDay} reached the end of it.
- ${bulk.backfills} shops brought ${bulk.backfilledOrders.toLocaleString('en')} earlier orders with them, the longest in ${shown(bulk.longestBackfillHours)} h; ${bulk.compares.toLocaleString('en')} daily comparisons looked at ${bulk.comparedOrders.toLocaleString('en')} orders, the longest took ${shown(bulk.longestCompareHours)} h.
- Left at the end of the week: ${found.recordsLeft} records, ${bulk.unfinished} runs. Notices refused while the service was down: ${found.noticesRefusedWhileDown.toLocaleString('en')}; their records were found by reading the shops afterwards.
`
}
