import type { Facts, RateWindow } from '../sdk/index.ts'
import { factsOf } from './facts.ts'
import type { HubSpotSettings } from './settings.ts'

/** Calls per ten seconds of the smallest plan, until an answer tells the account's own number. */
const SMALLEST_PLAN = 100
/** An account's searches are five a second over all of its apps; one is left to the others. */
const SEARCHES_PER_SECOND = 4

/**
 * Rate windows. A publicly distributed app has 110 calls per ten seconds and account, a static key 100 to 250 by plan;
 * both are told by the answers' headers, and a lower number may be set.
 */
export function windows(settings: HubSpotSettings, facts: Facts): readonly RateWindow[] {
  const told = factsOf({ facts }).rateLimitMax ?? SMALLEST_PLAN
  return [
    { name: 'all', calls: Math.min(settings.callsPer10Seconds ?? told, told), seconds: 10 },
    { name: 'search', calls: SEARCHES_PER_SECOND, seconds: 1 },
  ]
}
