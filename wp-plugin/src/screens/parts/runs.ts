import { __ } from '@wordpress/i18n'
import type { Run } from '@crosswalk/shared/contract'
import type { State } from './state.tsx'

/** True while a run may still change. */
export const isOpen = ({ state }: Pick<Run, 'state'>): boolean =>
  state === 'queued' || state === 'running' || state === 'paused'

/** Shape and word of a run. */
export function runState({ state }: Pick<Run, 'state'>): { state: State; word: string } {
  switch (state) {
    case 'queued':
      return { state: 'waiting', word: __('Waiting to start', 'crosswalk') }
    case 'running':
      return { state: 'live', word: __('Running', 'crosswalk') }
    case 'paused':
      return { state: 'paused', word: __('Paused', 'crosswalk') }
    case 'succeeded':
      return { state: 'live', word: __('Done', 'crosswalk') }
    case 'partial':
      return { state: 'attention', word: __('Done, some failed', 'crosswalk') }
    case 'failed':
      return { state: 'failed', word: __('Failed', 'crosswalk') }
    default:
      return { state: 'off', word: __('Stopped', 'crosswalk') }
  }
}
