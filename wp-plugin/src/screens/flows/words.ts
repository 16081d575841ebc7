import { __ } from '@wordpress/i18n'
import type { Flow } from '@crosswalk/shared/contract'
import { flowState, type FlowHealth } from '../overview/words.ts'
import type { State } from '../parts/state.tsx'

/** Shape and word of a flow; by its health where that is known. */
export function flowChip(
  flow: Pick<Flow, 'state' | 'stateReason'>,
  health: FlowHealth | undefined,
): { state: State; word?: string } {
  switch (flow.state) {
    case 'draft':
      return { state: 'off', word: __('Not set up yet', 'crosswalk') }
    case 'previewed':
      return { state: 'off', word: __('Ready to go live', 'crosswalk') }
    case 'paused':
      return { state: 'paused' }
    default:
      return { state: health ? flowState(health) : flow.stateReason === null ? 'live' : 'failed' }
  }
}

/** What kind of work a run does. */
export function kindWord(kind: string): string {
  switch (kind) {
    case 'backfill':
      return __('Earlier records brought', 'crosswalk')
    case 'sweep':
      return __('Changes looked for', 'crosswalk')
    case 'preview':
      return __('Preview', 'crosswalk')
    case 'replay':
      return __('Sent again', 'crosswalk')
    case 'reconcile':
      return __('Both sides compared', 'crosswalk')
    case 'match':
      return __('Looked for what is there', 'crosswalk')
    default:
      return kind
  }
}
