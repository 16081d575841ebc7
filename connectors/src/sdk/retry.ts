import type { FailureKind } from './errors.ts'

/** Tries after the first one, within one call. Longer waits belong to the caller, who gives the worker free. */
const MAX_RETRIES = 3
/** Beyond this since the first try, waiting included, a call goes back to the caller. */
export const MAX_RETRY_MS = 15_000
const BASE_MS: Record<'rate_limited' | 'unavailable', number> = { rate_limited: 1_000, unavailable: 250 }
const CEILING_MS = 5_000

export interface FailedTry {
  kind: FailureKind
  /** Tries made so far, 1 after the first. */
  attempt: number
  /** False for a call that must not be sent again after a lost answer. */
  repeatable: boolean
  /** True where the call may have been carried out. */
  ambiguous: boolean
  retryAfterMs: number | undefined
  /** True where the whole account is held, so that a quick retry is pointless. */
  holdsConnection?: boolean
  /** Since the first try began, in milliseconds. */
  elapsedMs: number
  /** In [0, 1); spreads the tries of many workers. */
  random: number
}

export interface RetryDecision {
  again: boolean
  waitMs: number
  reason: 'passing' | 'permanent' | 'ambiguous' | 'held' | 'tries_used_up' | 'waits_too_long'
}

/**
 * Whether a failed try is made again within the call, and after how long. Full jitter: a random share of a wait that
 * doubles with each try; a wait that the other side named is kept to and gets a small share on top.
 */
export function decide(failed: FailedTry): RetryDecision {
  const stop = (reason: RetryDecision['reason']): RetryDecision => ({ again: false, waitMs: 0, reason })
  if (failed.kind !== 'rate_limited' && failed.kind !== 'unavailable') return stop('permanent')
  if (failed.ambiguous && !failed.repeatable) return stop('ambiguous')
  if (failed.holdsConnection === true) return stop('held')
  if (failed.attempt > MAX_RETRIES) return stop('tries_used_up')
  const base = BASE_MS[failed.kind]
  const waitMs =
    failed.retryAfterMs === undefined
      ? failed.random * Math.min(CEILING_MS, base * 2 ** failed.attempt)
      : failed.retryAfterMs + failed.random * Math.min(base, failed.retryAfterMs)
  if (failed.elapsedMs + waitMs > MAX_RETRY_MS) return stop('waits_too_long')
  return { again: true, waitMs: Math.ceil(waitMs), reason: 'passing' }
}
