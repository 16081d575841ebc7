import { __, _n, sprintf } from '@wordpress/i18n'
import type { Run } from '@crosswalk/shared/contract'
import { count, exactCount, lasting, roughly, when } from '../parts/format.ts'
import { isOpen } from '../parts/runs.ts'

/** `1,209 of 2,418`; every digit, for it is watched. */
export const doneOf = ({ done, total }: Run): string =>
  total === null
    ? // translators: %s: number of records
      sprintf(__('%s so far', 'crosswalk'), exactCount(done))
    : // translators: 1: number of records that are done; 2: number of all
      sprintf(__('%1$s of %2$s', 'crosswalk'), ...([exactCount(done), exactCount(total)] as const))

function speed(rate: number): string {
  return rate >= 2
    ? // translators: %s: number of records
      sprintf(__('%s a second', 'crosswalk'), count(Math.round(rate)))
    : // translators: %s: number of records
      sprintf(__('%s a minute', 'crosswalk'), count(Math.round(rate * 60)))
}

/** `1,209 of 2,418 · 40 a minute · about 30 min left`. */
export function progressLine(run: Run): string {
  const counting = run.total === null && run.done === 0 && isOpen(run)
  const words: string[] = [counting ? __('Counting the orders', 'crosswalk') : doneOf(run)]
  if (run.state === 'running' && run.rate) {
    words.push(speed(run.rate))
    // translators: %s: a duration, such as 30 min
    if (run.remainingSeconds)
      words.push(sprintf(__('about %s left', 'crosswalk'), roughly(run.remainingSeconds)))
  }
  if (run.finishedAt && run.startedAt) {
    const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000
    // translators: %s: a duration, such as 4 min
    words.push(sprintf(__('took %s', 'crosswalk'), lasting(seconds)))
  }
  return words.join(' · ')
}

/** `1,180 new · 21 changed · 6 left out by your rules · none failed`. */
export function countsLine({ counts }: Run): string {
  // translators: %s: number of records
  const words: string[] = [sprintf(__('%s new', 'crosswalk'), count(counts.created))]
  // translators: %s: number of records
  if (counts.updated > 0) words.push(sprintf(__('%s changed', 'crosswalk'), count(counts.updated)))
  if (counts.unchanged > 0) {
    words.push(
      sprintf(
        // translators: %s: number of records
        _n('%s was right already', '%s were right already', counts.unchanged, 'crosswalk'),
        count(counts.unchanged),
      ),
    )
  }
  // translators: %s: number of records
  if (counts.skipped > 0)
    words.push(sprintf(__('%s left out by your rules', 'crosswalk'), count(counts.skipped)))
  words.push(
    counts.failed === 0
      ? __('none failed', 'crosswalk')
      : sprintf(
          // translators: %s: number of records
          _n(
            '%s failed (it waits in Failures)',
            '%s failed (they wait in Failures)',
            counts.failed,
            'crosswalk',
          ),
          count(counts.failed),
        ),
  )
  return words.join(' · ')
}

/** What the reader may wonder about now. */
export function hint(run: Run): string {
  if (run.state === 'paused')
    return __('Earlier orders wait until you resume. New orders go on.', 'crosswalk')
  if (isOpen(run)) return __('New orders go first. You can close this page; the bridge goes on.', 'crosswalk')
  // translators: %s: a time
  return sprintf(__('Started %s.', 'crosswalk'), when(run.createdAt))
}
