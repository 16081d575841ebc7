import { __, _n, sprintf } from '@wordpress/i18n'
import { count } from '../parts/format.ts'
import { Message } from '../parts/Message.tsx'
import { PlaceLink } from '../place.tsx'
import type { OverviewData } from './words.ts'

/** The one sentence that says whether all is well. */
export function Sentence({ overview }: { overview: OverviewData }) {
  const { failures, flows, openRuns } = overview
  const there = flows.reduce((sum, { records }) => sum + records.linked, 0)
  const waiting = flows.reduce((sum, { records }) => sum + records.pending, 0)
  if (failures > 0) {
    const text = sprintf(
      // translators: %s: number of records
      _n(
        '%s record is not where it should be. Your shop keeps selling.',
        '%s records are not where they should be. Your shop keeps selling.',
        failures,
        'crosswalk',
      ),
      count(failures),
    )
    return (
      <Message kind="error" spoken={text}>
        {text} <PlaceLink to="/failures">{_n('See it', 'See them', failures, 'crosswalk')}</PlaceLink>
      </Message>
    )
  }
  if (there === 0 && waiting === 0) {
    const text =
      openRuns > 0
        ? __('The first records are on their way.', 'crosswalk')
        : __('Nothing has travelled yet.', 'crosswalk')
    return <Message kind="info">{text}</Message>
  }
  if (waiting > 0) {
    return (
      <Message kind="info" spoken={null}>
        {sprintf(
          // translators: 1: number of records; 2: number of records that are on the way
          _n(
            '%1$s record is where it should be, %2$s on the way.',
            '%1$s records are where they should be, %2$s on the way.',
            there,
            'crosswalk',
          ),
          ...([count(there), count(waiting)] as const),
        )}
      </Message>
    )
  }
  return (
    <Message kind="success">
      {sprintf(
        // translators: %s: number of records
        _n(
          'All is well: %s record is where it should be.',
          'All is well: %s records are where they should be.',
          there,
          'crosswalk',
        ),
        count(there),
      )}
    </Message>
  )
}
