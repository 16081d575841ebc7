import { describe, expect, it } from 'vitest'
import { costsFrom } from './costs.ts'
import { DAY, defaultPlan, HOUR, shopSizes } from './demand.ts'
import { createEvents } from './heap.ts'
import { createHistogram } from './histogram.ts'
import { simulate } from './simulate.ts'

const rows = {
  backfill: { cpuMsPerOrder: 1, postgresCpuMsPerOrder: 0.5, callsPerOrder: 0.06 },
  reconcile: { cpuMsPerOrder: 0.4, postgresCpuMsPerOrder: 0.2, callsPerOrder: 0.01 },
  webhooksTargetDown: { cpuMsPerOrder: 1, postgresCpuMsPerOrder: 0.5 },
  live: { cpuMsPerOrder: 16, postgresCpuMsPerOrder: 9, noticesPerSecond: 5, callsPerOrder: 5.5 },
  connections: {
    idleCpuMsPerSecond1: 20,
    idlePostgresCpuMsPerSecond1: 10,
    idleCpuMsPerSecond500: 120,
    idlePostgresCpuMsPerSecond500: 60,
  },
}

describe('costs of the virtual week', () => {
  it('put a single record and a full batch on one line', () => {
    const costs = costsFrom(rows)
    expect(costs.callsPerBatch + costs.callsPerRecord).toBeCloseTo(5.5)
    expect(costs.callsPerBatch + 100 * costs.callsPerRecord).toBeCloseTo(6)
    // 16 of a single record, less 20/5 of a resting service, 1 of taking it in and 1 of a record in a page.
    expect(costs.perBatch.own).toBeCloseTo(10)
    expect(costs.resting.own).toBeCloseTo(100 / 499)
  })

  it('name a figure that is not there', () => {
    expect(() => costsFrom({ ...rows, live: {} as never })).toThrow('live.cpuMsPerOrder')
  })
})

describe('demand of the virtual week', () => {
  it('is spread by a power law that adds up', () => {
    const sizes = shopSizes(defaultPlan(500))
    expect(sizes.reduce((sum, one) => sum + one, 0)).toBeCloseTo(150_000)
    expect(sizes[0]).toBeGreaterThan((sizes[499] ?? 0) * 20)
  })
})

describe('parts of the model', () => {
  it('take events in the order of their times', () => {
    const events = createEvents()
    for (const at of [5, 1, 4, 2, 3, 2]) events.push(at, at, 0)
    const seen: number[] = []
    while (events.size > 0) seen.push(events.pop().at)
    expect(seen).toEqual([1, 2, 2, 3, 4, 5])
  })

  it('tell percentiles to five per cent', () => {
    const histogram = createHistogram()
    for (let n = 1; n <= 1_000; n++) histogram.add(n / 100)
    expect(Math.abs(histogram.percentile(0.5) / 5 - 1)).toBeLessThan(0.05)
    expect(Math.abs(histogram.percentile(0.99) / 9.9 - 1)).toBeLessThan(0.05)
    expect(histogram.percentile(1)).toBe(10)
  })
})

describe('an afternoon with an outage of the target', () => {
  const plan = defaultPlan(20)
  const span = [DAY + 13 * HOUR, DAY + 16 * HOUR] as const
  const run = (processes: number) => simulate(plan, costsFrom(rows), { processes, postgresCores: 1 }, span)

  it('ends with nothing left, and only what changed meanwhile was late', () => {
    const found = run(1)
    expect(found.left).toBe(0)
    expect(found.lag.usual.total() + found.lag.targetDown.total()).toBe(found.records)
    expect(found.lag.usual.percentile(0.5)).toBeLessThan(3)
    // 45 minutes, and the breaker's last wait of at most one.
    expect(found.lag.targetDown.largest()).toBeGreaterThan(30 * 60)
    expect(found.lag.targetDown.largest()).toBeLessThan(47 * 60)
  })

  it('asks less of each of more processes', () => {
    expect(run(2).use.own.mean).toBeLessThan(run(1).use.own.mean * 0.6)
  })
})

describe('the daily comparisons', () => {
  it('end with nothing left, and those of many shops do not come all at once', () => {
    const plan = { ...defaultPlan(2_000), ordersPerDay: 20_000 }
    const run = (to: number) => simulate(plan, costsFrom(rows), { processes: 2, postgresCores: 2 }, [DAY, to])
    const { compares } = run(DAY + 3 * HOUR).bulk
    expect(compares / plan.shops).toBeGreaterThan(0.3)
    expect(compares / plan.shops).toBeLessThan(0.6)
    expect(run(DAY + 7 * HOUR).bulk).toMatchObject({ compares: plan.shops, unfinished: 0 })
  })
})
