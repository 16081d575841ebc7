import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { watchClock } from './clock-watch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('tells by how much the clock was set, once each, and nothing of late timers', () => {
  let passed = 0
  let offset = 0
  const seen: number[] = []
  const stop = watchClock((byMs) => seen.push(byMs), {
    now: () => 1e12 + passed + offset,
    passed: () => passed,
  })
  const after = (ms: number): void => {
    passed += ms
    vi.advanceTimersByTime(1_000)
  }
  after(1_000)
  after(60_000)
  offset = 3_600_000
  after(1_000)
  after(1_000)
  offset = 0
  after(1_000)
  offset = 900
  after(1_000)
  expect(seen).toEqual([3_600_000, -3_600_000])
  stop()
  offset = 3_600_000
  after(1_000)
  expect(seen).toHaveLength(2)
})
