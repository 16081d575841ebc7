import { describe, expect, it } from 'vitest'
import type { Run } from '@crosswalk/shared/contract'
import { byDay, everyDay } from './days.ts'
import { countsLine, progressLine } from './progress.ts'

const run = (of: Partial<Run>): Run => ({
  id: 'run_1', flowId: 'flow_1', kind: 'backfill', state: 'running', total: 2_418, done: 1_209,
  counts: { created: 1_180, updated: 21, unchanged: 0, skipped: 6, failed: 2 },
  rate: 40 / 60, remainingSeconds: 1_750, reason: null, requestedBy: null,
  createdAt: '2026-11-04T14:00:00.000Z', startedAt: '2026-11-04T14:00:00.000Z', finishedAt: null, ...of,
}) // prettier-ignore

describe('a backfill', () => {
  it('says how far it is, how fast, and how long it takes', () => {
    expect(progressLine(run({}))).toBe('1,209 of 2,418 · 40 a minute · about 30 min left')
    expect(progressLine(run({ state: 'queued', total: null, done: 0 }))).toBe('Counting the orders')
    expect(progressLine(run({ state: 'partial', done: 2_418, rate: null, finishedAt: '2026-11-04T14:04:00.000Z' }))).toBe('2,418 of 2,418 · took 4 min') // prettier-ignore
  })

  it('tells what failed, and where it waits', () => {
    expect(countsLine(run({}))).toBe('1,180 new · 21 changed · 6 left out by your rules · 2 failed (they wait in Failures)') // prettier-ignore
    expect(countsLine(run({ counts: { created: 1, updated: 0, unchanged: 0, skipped: 0, failed: 0 } }))).toBe('1 new · none failed') // prettier-ignore
  })
})

describe('days', () => {
  const counted = [
    { day: '2026-11-03', flowId: 'flow_1', outcome: 'created', count: 2 },
    { day: '2026-11-03', flowId: 'flow_2', outcome: 'created', count: 3 },
    { day: '2026-11-01', flowId: 'flow_1', outcome: 'failed', count: 1 },
    { day: '2026-11-01', flowId: 'flow_1', outcome: 'unchanged', count: 9 },
  ]
  it('sum up all flows', () => {
    expect(byDay(counted)).toEqual([
      { day: '2026-11-01', created: 0, updated: 0, skipped: 0, failed: 1 },
      { day: '2026-11-03', created: 5, updated: 0, skipped: 0, failed: 0 },
    ])
  })
  it('on which nothing travelled are there too, over the end of a month', () => {
    const days = everyDay(byDay(counted), '2026-11-03', 5)
    expect(days.map(({ day }) => day)).toEqual(['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03'])
    expect(days.map(({ created, failed }) => created + failed)).toEqual([0, 0, 1, 0, 5])
  }) // prettier-ignore
})
