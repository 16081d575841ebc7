import { __, _n, sprintf } from '@wordpress/i18n'
import type { Connection } from '@crosswalk/shared/contract'
import { count } from '../parts/format.ts'
import type { State } from '../parts/state.tsx'

/** Shape and word of a connection. */
export function connectionChip({ state, moved, findings }: Connection): { state: State; word: string } {
  switch (state) {
    case 'active':
      return findings.some((finding) => finding.state !== 'ok')
        ? { state: 'attention', word: __('Connected, with advice', 'crosswalk') }
        : { state: 'live', word: __('Connected', 'crosswalk') }
    case 'unauthorized':
      return { state: 'failed', word: __('Sign-in refused', 'crosswalk') }
    case 'disconnected':
      return { state: 'off', word: __('Disconnected', 'crosswalk') }
    default:
      return moved !== null && moved.answer === null
        ? { state: 'attention', word: __('Moved, or a copy?', 'crosswalk') }
        : { state: 'paused', word: __('Paused', 'crosswalk') }
  }
}

/** How changes come in: at once, or by looking every so often, and why. */
export function feedWords({ feed }: Connection): string {
  if (feed.mode === 'webhooks') return __('It tells us of changes at once.', 'crosswalk')
  const minutes = Math.max(1, Math.round(feed.everySeconds / 60))
  return sprintf(
    // translators: %s: number of minutes
    _n('We look for changes every minute.', 'We look for changes every %s minutes.', minutes, 'crosswalk'),
    count(minutes),
  )
}
