import { __ } from '@wordpress/i18n'
import { Time } from './Time.tsx'

/** The six states, and `untouched` for records that were never meant to travel. */
export type State = 'live' | 'paused' | 'attention' | 'failed' | 'waiting' | 'off' | 'untouched'

/** Order of gravity; of several, the worst is shown. */
const GRAVITY: readonly State[] = ['failed', 'attention', 'waiting', 'paused', 'live', 'off', 'untouched']
export const worst = (states: readonly State[]): State =>
  GRAVITY.find((state) => states.includes(state)) ?? 'off'

export function stateWord(state: State): string {
  switch (state) {
    case 'live':
      return __('Live', 'crosswalk')
    case 'paused':
      return __('Paused', 'crosswalk')
    case 'attention':
      return __('Needs attention', 'crosswalk')
    case 'failed':
      return __('Failed', 'crosswalk')
    case 'waiting':
      return __('Waiting', 'crosswalk')
    case 'off':
      return __('Off', 'crosswalk')
    default:
      return __('Not touched', 'crosswalk')
  }
}

/** Shapes differ, so that they tell the state without colour. */
const SHAPES: Readonly<Record<State, readonly string[]>> = {
  live: ['M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z', 'M4.8 8.2l2.2 2.2 4.2-4.6'],
  paused: ['M4 2h3v12H4z', 'M9 2h3v12H9z'],
  attention: ['M8 1.5 15 14H1z', 'M8 6v4', 'M8 11.6v.8'],
  failed: ['M5 1h6l4 4v6l-4 4H5l-4-4V5z', 'M5.5 5.5l5 5', 'M10.5 5.5l-5 5'],
  waiting: ['M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z', 'M8 4v4l3 2'],
  off: ['M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z'],
  untouched: ['M3 8h10'],
}

export const StateIcon = ({ state }: { state: State }) => (
  <svg viewBox="0 0 16 16" className="cw-icon" aria-hidden="true" focusable="false">
    {SHAPES[state].map((line) => (
      <path key={line} d={line} />
    ))}
  </svg>
)

/** A state: shape, word and, where known, since when. */
export const StateChip = ({ state, word, at }: { state: State; word?: string; at?: string | null }) => (
  <span className={`cw-chip is-${state}`}>
    <StateIcon state={state} />
    <span>
      {word ?? stateWord(state)}
      {at && (
        <>
          {' · '}
          <Time at={at} />
        </>
      )}
    </span>
  </span>
)
