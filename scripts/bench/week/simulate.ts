import { seededRandom } from '../../../test/simulators/woocommerce/php.ts'
import { createAccounts } from './accounts.ts'
import { createBulk } from './bulk.ts'
import type { Costs } from './costs.ts'
import { createPicker, DAY, inside, rhythm, shopSizes, type WeekPlan } from './demand.ts'
import { createEvents } from './heap.ts'
import { createHistogram } from './histogram.ts'
import { createMachines } from './machines.ts'

/** As the service has them: records in work per process, batches of one flow at once, records in a batch, waits in s. */
const SLOTS = 800
const PARALLEL = 4
const BATCH = 100
const LINGER_S = 0.05
const POLL_S = 0.1
/** One call of HubSpot, and reading a batch's records from a shop, in seconds. */
export const CALL_S = 0.15
const READ_S = 0.4

const DISPATCH = 0
const END = 1
const PAID = 2
const BULK = 3
/** Of a hundred orders so many are paid a little after they were placed. */
const PAID_LATER = 0.8

interface Batch {
  shop: number
  arrived: number[]
  failed: boolean
}

export interface Machine {
  processes: number
  postgresCores: number
}

/**
 * Runs the part of the week between `from` and `to` (seconds from Monday 00:00). What is open at the end is finished, for
 * `graceSeconds` at most.
 */
export function simulate(
  plan: WeekPlan,
  costs: Costs,
  machine: Machine,
  [from, to]: readonly [number, number],
  graceSeconds = DAY,
) {
  const random = seededRandom(plan.seed)
  const sizes = shopSizes(plan)
  const pick = createPicker(sizes, random)
  const boosted = new Map(
    Array.from(
      { length: plan.ownSales.count },
      () => [pick(), from + random() * (to - from - 3_600)] as const,
    ),
  )
  const accounts = createAccounts(plan.shops, random)
  const resting = (side: 'own' | 'pg', cores: number): number =>
    (plan.shops * costs.resting[side]) / 1_000 / cores
  const own = createMachines(machine.processes, resting('own', machine.processes))
  const pg = createMachines(machine.postgresCores, resting('pg', machine.postgresCores))
  const events = createEvents()
  const bulk = createBulk({ plan, costs, sizes, accounts, own, pg, processes: machine.processes, from, to })
  const pending: number[][] = Array.from({ length: plan.shops }, () => [])
  const running = new Uint8Array(plan.shops)
  const planned = new Uint8Array(plan.shops)
  const batches: (Batch | null)[] = []
  const free: number[] = []
  /** Shops whose changes wait for a slot, in turn. */
  const hungry: number[] = []
  const lag = { usual: createHistogram(), sale: createHistogram(), targetDown: createHistogram(), serviceDown: createHistogram() } // prettier-ignore
  const ack = createHistogram()
  const count = { orders: 0, notices: 0, records: 0, batches: 0, refused: 0 }
  let held = 0
  /** Changes that wait for a batch, over all shops. */
  let open = 0

  const lagOf = (time: number) =>
    inside(plan.targetDown, time) ? lag.targetDown : inside(plan.serviceDown, time) ? lag.serviceDown : inside(plan.sale, time) ? lag.sale : lag.usual // prettier-ignore

  /** CPU of both sides, one after the other. @returns when it is done */
  const compute = (now: number, ownMs: number, pgMs: number): number =>
    pg.work(own.work(now, ownMs / 1_000), pgMs / 1_000)

  function look(shop: number, at: number): void {
    if (planned[shop] === 1) return
    planned[shop] = 1
    events.push(at, DISPATCH, shop)
  }

  /** A record has changed. While the service is down nobody hears of it: the shop is read when it is back. */
  function arrive(shop: number, now: number, notices: number): void {
    count.notices += notices
    count.records += 1
    open += 1
    ;(pending[shop] as number[]).push(now)
    if (inside(plan.serviceDown, now)) {
      count.refused += notices
      return look(shop, plan.serviceDown.to + 1 + random() * 30)
    }
    const answered = compute(now, costs.receive.own * notices, costs.receive.pg * notices)
    ack.add(answered - now, notices)
    // An idle flow is taken at the next look into the queue; a busy one waits a little for its batch to fill.
    look(shop, (running[shop] ?? 0) > 0 ? answered + LINGER_S : answered + (random() * POLL_S) / machine.processes) // prettier-ignore
  }

  function dispatch(shop: number, now: number): void {
    planned[shop] = 0
    const waiting = pending[shop] as number[]
    const blockedUntil = accounts.blockedUntil(shop)
    if (waiting.length === 0) return
    if (blockedUntil > now) return look(shop, blockedUntil + random())
    if (inside(plan.serviceDown, now)) return look(shop, plan.serviceDown.to + random() * 30)
    while (waiting.length > 0 && (running[shop] ?? 0) < PARALLEL * machine.processes) {
      if (held >= SLOTS * machine.processes) {
        planned[shop] = 1
        return void hungry.push(shop)
      }
      start(shop, waiting.splice(0, BATCH), now)
    }
  }

  function start(shop: number, arrived: number[], now: number): void {
    const n = arrived.length
    const failed = inside(plan.targetDown, now)
    const calls = failed ? 1 : Math.ceil(costs.callsPerBatch + n * costs.callsPerRecord)
    const wait = accounts.take(shop, calls, now, 'live')
    const worked = compute(now, costs.perBatch.own + (failed ? 0 : n * costs.perRecord.own), costs.perBatch.pg + (failed ? 0 : n * costs.perRecord.pg)) // prettier-ignore
    const id = free.pop() ?? batches.length
    batches[id] = { shop, arrived, failed }
    running[shop] = (running[shop] ?? 0) + 1
    held += n
    open -= n
    count.batches += 1
    events.push(Math.max(worked, now + wait) + READ_S + calls * CALL_S, END, id)
  }

  function end(id: number, now: number): void {
    const { shop, arrived, failed } = batches[id] as Batch
    batches[id] = null
    free.push(id)
    running[shop] = (running[shop] ?? 1) - 1
    held -= arrived.length
    if (failed) {
      accounts.failed(shop, now)
      open += arrived.length
      pending[shop] = arrived.concat(pending[shop] as number[])
    } else {
      accounts.answered(shop)
      for (const time of arrived) lagOf(time).add(now - time)
    }
    while (hungry.length > 0 && held < SLOTS * machine.processes) dispatch(hungry.shift() as number, now)
    if ((pending[shop] as number[]).length > 0) look(shop, (running[shop] ?? 0) > 0 ? now + LINGER_S : now)
  }

  const perSecond = (time: number): number => (2 * plan.ordersPerDay * rhythm(plan, time)) / 86_400
  const nextArrival = (time: number): number => time - Math.log(1 - random()) / perSecond(time)

  function order(shop: number, now: number): void {
    count.orders += 1
    // Told as created and as updated: two notices, one record.
    arrive(shop, now, 2)
    if (random() < PAID_LATER) events.push(now + 5 + random() * 85, PAID, shop)
  }

  function next(now: number): void {
    const shop = pick()
    // As often as an order is placed, an earlier one is sent off.
    if (random() < 0.5) order(shop, now)
    else arrive(shop, now, 1)
    const sale = boosted.get(shop)
    if (sale !== undefined && now >= sale && now < sale + 3_600) {
      for (let n = 1; n < plan.ownSales.factor; n++) events.push(now + random() * 10, PAID, shop)
    }
  }

  for (const [at, id] of bulk.due()) events.push(at, BULK, id)
  let arrival = nextArrival(from)
  for (;;) {
    if (arrival < to && arrival <= events.next()) {
      next(arrival)
      arrival = nextArrival(arrival)
      continue
    }
    if (events.size === 0 || events.next() > to + graceSeconds) break
    if (events.next() >= to && held === 0 && open === 0) break
    const { at, kind, subject } = events.pop()
    if (kind === DISPATCH) dispatch(subject, at)
    else if (kind === END) end(subject, at)
    else if (kind === PAID) arrive(subject, at, 1)
    else for (const [time, id] of bulk.work(subject, at)) events.push(time, BULK, id)
  }
  return {
    ...count,
    left: open + held,
    lag,
    ack,
    use: { own: own.use(from, to), pg: pg.use(from, to) },
    accounts: accounts.totals(),
    bulk: bulk.totals(),
  }
}
export type WeekResult = ReturnType<typeof simulate>
