import { seededRandom } from '../../../test/simulators/woocommerce/php.ts'
import { dueOn } from '../../../bridge-service/src/workers/reconcile-times.ts'
import { RECONCILE_DAYS } from '../../../bridge-service/src/workers/reconcile.ts'
import type { createAccounts } from './accounts.ts'
import type { Costs } from './costs.ts'
import { DAY, HOUR, inside, joinings, type WeekPlan } from './demand.ts'
import type { Machines } from './machines.ts'

/** As the service has them: runs at once per process, pages of one at once, seconds until a run makes room for others. */
const RUNS = 16
const PAGES_AT_ONCE = 4
const STRETCH_S = 5
const PAGE = 100
/** Reading a page of a hundred orders from a shop, and one call of HubSpot, in seconds. */
const PAGE_S = 0.8
const CALL_S = 0.15

/** When a shop's daily comparison begins, in seconds from midnight. */
export const comparedAt = (plan: WeekPlan, shop: number): number =>
  dueOn(0, `shop_${shop}`, plan.shops) / 1_000

interface Run {
  shop: number
  kind: 'backfill' | 'compare'
  left: number
  due: number
  since: number
}

export interface BulkParts {
  plan: WeekPlan
  costs: Costs
  /** Orders a day per shop. */
  sizes: Float64Array
  accounts: ReturnType<typeof createAccounts>
  own: Machines
  pg: Machines
  processes: number
  from: number
  to: number
}

/** What goes on beside live records: histories of shops that join, and every flow's daily comparison. */
export function createBulk(parts: BulkParts) {
  const { plan, costs, sizes, accounts, own, pg, processes } = parts
  const random = seededRandom(plan.seed + 2)
  const runs: Run[] = []
  const waiting: number[] = []
  let active = 0
  const done = { backfills: 0, backfilledOrders: 0, longestBackfillHours: 0, compares: 0, comparedOrders: 0, longestCompareHours: 0 } // prettier-ignore

  for (const { at, shop, orders } of joinings(plan)) {
    if (at >= parts.from && at < parts.to) runs.push({ shop, kind: 'backfill', left: orders, due: at, since: 0 }) // prettier-ignore
  }
  for (let day = Math.floor(parts.from / DAY); day * DAY < parts.to; day++) {
    for (let shop = 0; shop < plan.shops; shop++) {
      const due = day * DAY + comparedAt(plan, shop)
      const left = Math.ceil((sizes[shop] ?? 0) * RECONCILE_DAYS)
      if (due >= parts.from && due < parts.to) runs.push({ shop, kind: 'compare', left, due, since: 0 })
    }
  }

  /** One page, or as many as are read at once. @returns when it is done */
  function page(run: Run, now: number): number {
    const stands = [plan.targetDown, plan.serviceDown].find((span) => inside(span, now))
    if (stands) return stands.to + random() * 60
    const blocked = accounts.blockedUntil(run.shop)
    if (blocked > now) return blocked + random()
    const n = Math.min(PAGE, run.left)
    const isBackfill = run.kind === 'backfill'
    const cost = isBackfill ? costs.bulkRecord : costs.comparedRecord
    const calls = n * (isBackfill ? costs.callsPerRecord : costs.comparedCallsPerRecord)
    const wait = accounts.take(run.shop, calls, now, 'bulk')
    const worked = pg.work(own.work(now, (cost.own * n) / 1_000), (cost.pg * n) / 1_000)
    run.left -= n
    if (isBackfill) done.backfilledOrders += n
    else done.comparedOrders += n
    const travel = (PAGE_S + Math.ceil(calls) * CALL_S) / (isBackfill ? PAGES_AT_ONCE : 1)
    return Math.max(worked, now + wait, now + travel)
  }

  function finish(run: Run, now: number): void {
    const hours = (now - run.due) / HOUR
    if (run.kind === 'backfill') {
      done.backfills += 1
      done.longestBackfillHours = Math.max(done.longestBackfillHours, hours)
    } else {
      done.compares += 1
      done.longestCompareHours = Math.max(done.longestCompareHours, hours)
    }
  }

  /** Starts runs while there is room. @returns what happens next: time and run */
  function fill(now: number): [number, number][] {
    const next: [number, number][] = []
    while (active < RUNS * processes && waiting.length > 0) {
      const id = waiting.shift() as number
      const run = runs[id] as Run
      active += 1
      run.since = now
      next.push([page(run, now), id])
    }
    return next
  }

  const started = new Set<number>()
  return {
    /** When each run becomes due. */
    due: (): [number, number][] => runs.map((run, id) => [run.due, id]),
    /** A run is due, or a page of it is done. @returns what happens next */
    work(id: number, now: number): [number, number][] {
      const run = runs[id] as Run
      if (!started.has(id)) {
        started.add(id)
        waiting.push(id)
        return fill(now)
      }
      if (run.left > 0 && (now - run.since < STRETCH_S || waiting.length === 0)) return [[page(run, now), id]]
      active -= 1
      if (run.left > 0) waiting.push(id)
      else finish(run, now)
      return fill(now)
    },
    totals: () => ({ ...done, unfinished: runs.filter((run) => run.left > 0).length }),
  }
}
