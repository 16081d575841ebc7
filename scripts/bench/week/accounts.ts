import { windows } from '../../../connectors/src/hubspot/limits.ts'
import { HubSpotSettings } from '../../../connectors/src/hubspot/settings.ts'
import { allowanceOf } from '../../../bridge-service/src/jobs/bucket.ts'
import { BULK_SHARE } from '../../../bridge-service/src/jobs/budget.ts'
import { backOff } from '../../../bridge-service/src/pipeline/conclude.ts'
import { LONGEST_BREAK_MS } from '../../../bridge-service/src/workers/trouble.ts'
import { DAY } from './demand.ts'

/** Calls per ten seconds of an account that installed the public app, and of one with a key of its own. */
const PUBLIC_APP = 110
const OWN_KEY = 190
/** Calls a day of an account with a key of its own (Professional); none is stated for the public app. */
const OWN_KEY_DAY = 625_000
const OWN_KEY_SHARE = 0.15

/**
 * The call budget of every account, by the service's own arithmetic (`allowanceOf`, the connector's windows). Live calls
 * go first, so what bulk has borrowed makes only bulk wait.
 */
export function createAccounts(count: number, random: () => number) {
  const settings = HubSpotSettings.parse({})
  const allowance = (max: number) => {
    const all = windows(settings, { rateLimitMax: max }).filter((window) => window.name === 'all')
    const made = allowanceOf(all, BULK_SHARE)
    return { capacity: made?.capacity ?? Infinity, rate: made?.rate ?? Infinity }
  }
  const kinds = [allowance(PUBLIC_APP), allowance(OWN_KEY)] as const
  const own = Uint8Array.from({ length: count }, () => (random() < OWN_KEY_SHARE ? 1 : 0))
  const live = Float64Array.from({ length: count }, (_, n) => kinds[own[n] === 1 ? 1 : 0].capacity)
  const all = Float64Array.from(live)
  const [liveAt, allAt] = [new Float64Array(count), new Float64Array(count)]
  const blocked = new Float64Array(count)
  const failures = new Uint16Array(count)
  const today = new Float64Array(count)
  const day = new Uint16Array(count)
  let calls = 0
  let busiestDay = 0
  let quotaHits = 0

  function draw(tokens: Float64Array, at: Float64Array, n: number, wanted: number, now: number): number {
    const { capacity, rate } = kinds[own[n] === 1 ? 1 : 0]
    const have = Math.min(capacity, (tokens[n] ?? 0) + Math.max(0, now - (at[n] ?? 0)) * rate)
    at[n] = Math.max(now, at[n] ?? 0)
    tokens[n] = have - wanted
    return Math.max(0, -(have - wanted) / rate)
  }

  return {
    /** Takes calls of an account. @returns how long the last of them has to wait, in seconds */
    take(n: number, wanted: number, now: number, lane: 'live' | 'bulk'): number {
      calls += wanted
      const date = Math.floor(now / DAY)
      if (day[n] !== date) [day[n], today[n]] = [date, 0]
      today[n] = (today[n] ?? 0) + wanted
      if (own[n] === 1) {
        busiestDay = Math.max(busiestDay, (today[n] ?? 0) / OWN_KEY_DAY)
        if ((today[n] ?? 0) > OWN_KEY_DAY && (blocked[n] ?? 0) <= now) {
          blocked[n] = (date + 1) * DAY
          quotaHits += 1
        }
      }
      const bulkWait = draw(all, allAt, n, wanted, now)
      return lane === 'bulk' ? bulkWait : draw(live, liveAt, n, wanted, now)
    },
    /** A call that found nobody: the account is left alone for a growing while. */
    failed(n: number, now: number): void {
      failures[n] = (failures[n] ?? 0) + 1
      blocked[n] = now + Math.min(LONGEST_BREAK_MS, backOff((failures[n] ?? 1) - 1, random)) / 1_000
    },
    answered: (n: number): void => void (failures[n] = 0),
    blockedUntil: (n: number): number => blocked[n] ?? 0,
    totals: () => ({ calls, busiestDay, quotaHits }),
  }
}
