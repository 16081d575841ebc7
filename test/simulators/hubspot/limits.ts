import { randomUUID } from 'node:crypto'
import type { SimClock } from '../clock.ts'
import type { SimReply } from '../server.ts'
import type { Token } from './call.ts'

export interface LimitOptions {
  /** Calls per window and app; absent: 110 for OAuth apps, 190 for static tokens. */
  burst?: number
  /** Window of the burst limit in ms; 10,000 by default. */
  windowMs?: number
  /** Searches per second and account; 5 by default. */
  searchPerSecond?: number
  /** Calls per day and account; absent: 625,000, counted and shown for static tokens only. */
  daily?: number
}

/** Answer to a call: `refusal` where it is over a limit; `headers` go out with every answer but a search's. */
export interface Verdict {
  refusal: SimReply | null
  headers: Record<string, string>
}

const MESSAGES = {
  TEN_SECONDLY_ROLLING: 'You have reached your ten_secondly_rolling limit.',
  SECONDLY: 'You have reached your secondly limit.',
  DAILY: 'You have reached your daily limit.',
}

/** The 429 answer of one policy, for tests that inject it. */
export function rateLimitBody(policyName: keyof typeof MESSAGES): Record<string, string> {
  const message = MESSAGES[policyName]
  return { status: 'error', message, errorType: 'RATE_LIMIT', correlationId: randomUUID(), policyName }
}

const refusal = (policy: keyof typeof MESSAGES): SimReply => ({ status: 429, body: rateLimitBody(policy) })

/** Calls of the last `windowMs`; refused calls do not count. */
function slidingWindow(windowMs: number) {
  let times: number[] = []
  let start = 0
  return {
    used(now: number): number {
      while (start < times.length && (times[start] ?? 0) <= now - windowMs) start += 1
      if (start > 1_000) {
        times = times.slice(start)
        start = 0
      }
      return times.length - start
    },
    add: (now: number): void => void times.push(now),
  }
}

/** The account's limits; `options` null switches them off. */
export function createLimits(clock: SimClock, options: LimitOptions | null) {
  const windowMs = options?.windowMs ?? 10_000
  const bursts = new Map<string, ReturnType<typeof slidingWindow>>()
  const searches = slidingWindow(1_000)
  let day = Math.floor(clock.now() / 86_400_000)
  let today = 0

  return {
    check(token: Token, isSearch: boolean): Verdict {
      if (!options) return { refusal: null, headers: {} }
      const now = clock.now()
      const currentDay = Math.floor(now / 86_400_000)
      if (currentDay !== day) [day, today] = [currentDay, 0]
      const countsDaily = token.kind === 'static' || options.daily !== undefined
      const daily = options.daily ?? 625_000
      const max = options.burst ?? (token.kind === 'static' ? 190 : 110)
      const key = token.clientId ?? token.token
      const burst = bursts.get(key) ?? slidingWindow(windowMs)
      bursts.set(key, burst)

      let policy: keyof typeof MESSAGES | null = null
      if (countsDaily && today >= daily) policy = 'DAILY'
      else if (isSearch && searches.used(now) >= (options.searchPerSecond ?? 5)) policy = 'SECONDLY'
      else if (!isSearch && burst.used(now) >= max) policy = 'TEN_SECONDLY_ROLLING'
      if (!policy) {
        today += countsDaily ? 1 : 0
        ;(isSearch ? searches : burst).add(now)
      }
      const headers: Record<string, string> = isSearch
        ? {}
        : {
            'x-hubspot-ratelimit-max': String(max),
            'x-hubspot-ratelimit-remaining': String(Math.max(0, max - burst.used(now))),
            'x-hubspot-ratelimit-interval-milliseconds': String(windowMs),
          }
      if (!isSearch && token.kind === 'static') {
        headers['x-hubspot-ratelimit-daily'] = String(daily)
        headers['x-hubspot-ratelimit-daily-remaining'] = String(Math.max(0, daily - today))
      }
      return { refusal: policy && refusal(policy), headers }
    },
  }
}
export type Limits = ReturnType<typeof createLimits>
