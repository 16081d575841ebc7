import { __, _n, sprintf } from '@wordpress/i18n'
import type { Flow, ReconcileDay, ReconcileRecord } from '@crosswalk/shared/contract'
import { exactCount, money } from '../parts/format.ts'
import { differenceOf, isRounding } from './days.ts'

const MINUS = '\u2212'

const signed = (amount: string, currency: string | null): string =>
  currency === null ? amount.replace('-', MINUS) : money(amount, currency)

/** `2 only in the shop`, `1 amount differs`: what does not agree on a day, each kind once. */
export function whatDiffers(day: ReconcileDay, flow: Flow): string[] {
  const { missing, incomplete, differing, failed } = day
  const difference = differenceOf(day)
  const words: string[] = []
  const only = missing + failed
  if (only > 0) {
    // translators: 1: number of records; 2: name of a system
    words.push(sprintf(_n('%1$s only in %2$s', '%1$s only in %2$s', only, 'crosswalk'), ...([exactCount(only), flow.source.label] as const))) // prettier-ignore
  }
  if (incomplete > 0) {
    // translators: %s: number of records
    words.push(sprintf(_n('%s not up to date', '%s not up to date', incomplete, 'crosswalk'), exactCount(incomplete))) // prettier-ignore
  }
  if (differing > 0) {
    // translators: %s: number of records
    words.push(sprintf(_n('%s amount differs', '%s amounts differ', differing, 'crosswalk'), exactCount(differing))) // prettier-ignore
  }
  if (words.length === 0 && isRounding(difference)) words.push(__('rounding', 'crosswalk'))
  return words
}

/** The difference as a number: records, and money where both sides have it. */
export function differenceText(day: Pick<ReconcileDay, 'source' | 'target' | 'currency'>): string {
  const { count, amount } = differenceOf(day)
  const words: string[] = []
  if (count !== 0) words.push(`${count < 0 ? '+' : MINUS}${exactCount(Math.abs(count))}`)
  if (amount !== null && !/^-?0*\.?0*$/.test(amount)) words.push(signed(negated(amount), day.currency))
  return words.join(' · ')
}

/** Told from the other system's side: what it lacks is below zero. */
const negated = (amount: string): string => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`)

/** What is the matter with a record, and what is done about it. */
export function recordSentence(one: ReconcileRecord, flow: Flow): { text: string; remedy: string } {
  const { what, record, source, target, currency } = one
  const system = flow.target.label
  if (record?.state === 'failed' || what === 'failed') {
    const cause = record?.error?.message ?? record?.reason ?? ''
    return {
      // translators: %s: name of a system
      text: cause === '' ? sprintf(__('It failed on its way to %s.', 'crosswalk'), system) : cause,
      remedy: __('Open it to see what to do, or retry it from Failures.', 'crosswalk'),
    }
  }
  if (record?.state === 'skipped') {
    return {
      // translators: %s: the rule that leaves it out
      text: sprintf(__('Left out by your rules: %s', 'crosswalk'), record.reason ?? ''),
      remedy: __('Nothing to do, unless the rule is not as you want it.', 'crosswalk'),
    }
  }
  if (record?.state === 'deleted') {
    return {
      text: __('It was deleted at its source meanwhile.', 'crosswalk'),
      remedy: __('Nothing to do.', 'crosswalk'),
    }
  }
  switch (what) {
    case 'missing':
      return record?.state === 'linked'
        ? {
            // translators: %s: name of a system
            text: sprintf(__('It was not in %s when both sides were compared. It was sent again and is there now.', 'crosswalk'), system),
            remedy: __('Nothing to do.', 'crosswalk'),
          } // prettier-ignore
        : {
            // translators: %s: name of a system
            text: sprintf(__('It was not in %s. It was sent again and is on its way.', 'crosswalk'), system),
            remedy: __('Look again in a minute.', 'crosswalk'),
          }
    case 'incomplete':
      return {
        // translators: %s: name of a system
        text: sprintf(__('It was not whole in %s, or not as it is at its source. It was sent again.', 'crosswalk'), system), // prettier-ignore
        remedy: record?.state === 'linked' ? __('Nothing to do.', 'crosswalk') : __('Look again in a minute.', 'crosswalk'), // prettier-ignore
      }
    default: {
      const sides = [money(source ?? '–', currency), money(target ?? '–', currency), system] as const
      return {
        // translators: 1: an amount at the source; 2: another one; 3: name of the system that has the other one
        text: sprintf(__('%1$s at its source, %2$s in %3$s. Nothing was changed.', 'crosswalk'), ...sides),
        remedy: __('Open it and choose Sync now to write the amount of the source, or correct it there.', 'crosswalk'), // prettier-ignore
      }
    }
  }
}
