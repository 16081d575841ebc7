import { describe, expect, it } from 'vitest'
import { decide, MAX_RETRY_MS, type FailedTry } from './retry.ts'

const failed = (change: Partial<FailedTry> = {}): FailedTry => ({
  kind: 'unavailable',
  attempt: 1,
  repeatable: true,
  ambiguous: false,
  retryAfterMs: undefined,
  elapsedMs: 0,
  random: 0.5,
  ...change,
})

describe('decide', () => {
  it.each(['unauthorized', 'forbidden', 'invalid', 'conflict', 'not_found', 'malformed', 'unsafe'] as const)(
    'does not repeat %s',
    (kind) => expect(decide(failed({ kind }))).toEqual({ again: false, waitMs: 0, reason: 'permanent' }),
  )

  it('waits a random share of a doubling time', () => {
    const waits = [1, 2, 3].map((attempt) => decide(failed({ attempt, random: 0.999_999 })).waitMs)
    expect(waits).toEqual([500, 1_000, 2_000])
    expect(decide(failed({ random: 0 })).waitMs).toBe(0)
  })

  it('repeats after a lost answer only what may be sent twice', () => {
    expect(decide(failed({ ambiguous: true, repeatable: false })).reason).toBe('ambiguous')
    expect(decide(failed({ ambiguous: true })).again).toBe(true)
    expect(decide(failed({ ambiguous: false, repeatable: false })).again).toBe(true)
  })

  it('never comes back before the named wait', () => {
    for (const random of [0, 0.5, 0.99]) {
      const { again, waitMs } = decide(failed({ kind: 'rate_limited', retryAfterMs: 3_000, random }))
      expect(again).toBe(true)
      expect(waitMs).toBeGreaterThanOrEqual(3_000)
      expect(waitMs).toBeLessThanOrEqual(4_000)
    }
  })

  it('hands longer waits, held accounts and used-up tries to the caller', () => {
    expect(decide(failed({ retryAfterMs: MAX_RETRY_MS + 1 })).reason).toBe('waits_too_long')
    expect(decide(failed({ elapsedMs: MAX_RETRY_MS })).reason).toBe('waits_too_long')
    expect(decide(failed({ kind: 'rate_limited', holdsConnection: true })).reason).toBe('held')
    expect(decide(failed({ attempt: 4 })).reason).toBe('tries_used_up')
  })
})
