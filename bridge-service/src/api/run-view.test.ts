import { expect, it } from 'vitest'
import type { RunRow } from '../store/schema.ts'
import { runView } from './views.ts'

const at = new Date('2026-11-04T12:00:00Z')
const run = (of: Partial<RunRow>): RunRow =>
  ({ id: 'run_1', state: 'running', created_at: at, started_at: at, finished_at: null, done: 0, total: null, ...of }) as RunRow // prettier-ignore

it('a run that found more than was counted at its beginning is not done beyond its total', () => {
  expect(runView(run({ done: 306, total: 306 }), at.getTime() + 1_000)).toMatchObject({
    done: 306,
    total: 306,
  })
  expect(runView(run({ done: 307, total: 306 }), at.getTime() + 1_000)).toMatchObject({
    done: 307,
    total: 307,
    remainingSeconds: 0,
  })
  expect(runView(run({ done: 7 }), at.getTime() + 1_000).total).toBeNull()
})
