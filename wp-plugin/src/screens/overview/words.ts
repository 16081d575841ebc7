import { __, _n, sprintf } from '@wordpress/i18n'
import type { contract, Flow, OutputOf } from '@crosswalk/shared/contract'
import { count } from '../parts/format.ts'
import type { State } from '../parts/state.tsx'

export type OverviewData = OutputOf<typeof contract.overview.get>
export type FlowHealth = OverviewData['flows'][number]
export type ConnectionHealth = OverviewData['connections'][number]

const OF_HEALTH = { good: 'live', warning: 'attention', bad: 'failed', off: 'off' } as const

export const flowState = ({ state, health }: FlowHealth): State =>
  state === 'paused' ? 'paused' : OF_HEALTH[health]

export const connectionState = ({ health, budget }: ConnectionHealth): State =>
  health === 'warning' && budget.blockedUntil !== null ? 'waiting' : OF_HEALTH[health]

/** `312 in place · 3 waiting · 6 left out by your rules`. */
export function recordFacts({ linked, pending, skipped, failed }: FlowHealth['records']): string {
  // translators: %s: number of records
  const facts: string[] = [sprintf(__('%s in place', 'crosswalk'), count(linked))]
  // translators: %s: number of records
  if (pending > 0) facts.push(sprintf(__('%s waiting', 'crosswalk'), count(pending)))
  // translators: %s: number of records
  if (skipped > 0) facts.push(sprintf(__('%s left out by your rules', 'crosswalk'), count(skipped)))
  // translators: %s: number of records
  if (failed > 0) facts.push(sprintf(__('%s failed', 'crosswalk'), count(failed)))
  return facts.join(' · ')
}

/** How the bridge hears of a connection's changes; null for one that only takes. */
export function hears(connection: ConnectionHealth, flows: readonly Flow[]): string | null {
  const from = flows.filter((flow) => flow.source.connectionId === connection.id)
  if (from.length === 0) return null
  if (connection.feed.mode === 'webhooks') return __('Tells us of changes at once.', 'crosswalk')
  const seconds = from.map(({ settings }) => Number(settings['sweepSeconds'] ?? connection.feed.everySeconds))
  return looksEvery(Math.min(...seconds))
}

function looksEvery(seconds: number): string {
  if (seconds < 60) {
    return sprintf(
      // translators: %s: number of seconds
      _n('We look for changes every second.', 'We look for changes every %s seconds.', seconds, 'crosswalk'),
      count(seconds),
    )
  }
  const minutes = Math.round(seconds / 60)
  return sprintf(
    // translators: %s: number of minutes
    _n('We look for changes every minute.', 'We look for changes every %s minutes.', minutes, 'crosswalk'),
    count(minutes),
  )
}

/** `1,209 calls so far, 12 of 190 allowed just now.` */
export function callFacts({ callsTotal, quota }: ConnectionHealth['budget']): string {
  if (quota === null) {
    // translators: %s: number of calls
    return sprintf(_n('%s call so far.', '%s calls so far.', callsTotal, 'crosswalk'), count(callsTotal))
  }
  return sprintf(
    // translators: 1: number of calls; 2: calls made in the current time window; 3: calls allowed in it
    _n(
      '%1$s call so far, %2$s of %3$s allowed just now.',
      '%1$s calls so far, %2$s of %3$s allowed just now.',
      callsTotal,
      'crosswalk',
    ),
    ...([count(callsTotal), count(quota.used), count(quota.calls)] as const),
  )
}
