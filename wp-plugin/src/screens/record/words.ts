import { __, sprintf } from '@wordpress/i18n'
import type { RuleOutcome } from '@crosswalk/shared/mapping'
import { singular } from '../parts/records.ts'
import type { SentPart } from './detail.ts'

/** A value of a rule or a field as text, short enough for a line. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return __('(empty)', 'crosswalk')
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > 200 ? `${text.slice(0, 200)} …` : text
}

/** What an attempt came to. */
export function attemptWord(outcome: string): string {
  switch (outcome) {
    case 'created':
      return __('New', 'crosswalk')
    case 'updated':
      return __('Changed', 'crosswalk')
    case 'unchanged':
      return __('Nothing to change', 'crosswalk')
    case 'skipped':
      return __('Left out', 'crosswalk')
    case 'failed':
      return __('Failed', 'crosswalk')
    case 'waiting':
      return __('Waiting', 'crosswalk')
    case 'deleted':
      return __('Deleted', 'crosswalk')
    default:
      return outcome
  }
}

/** What became of a rule. */
export function ruleWord(outcome: RuleOutcome): string {
  switch (outcome) {
    case 'written':
      return __('filled', 'crosswalk')
    case 'left_out':
      return __('left as it is, no value came', 'crosswalk')
    case 'cleared':
      return __('emptied, no value came', 'crosswalk')
    case 'skipped_condition':
      return __('not used, its condition does not hold', 'crosswalk')
    case 'skipped_update':
      return __('left as it is, only filled for new ones', 'crosswalk')
    case 'edited':
      return __('not asked, a value was given by hand', 'crosswalk')
    default:
      return __('failed', 'crosswalk')
  }
}

/** How a part of a record was found in the target. */
export function foundWord(by: string | null): string {
  switch (by) {
    case 'link':
      return __('known from before', 'crosswalk')
    case 'key':
      return __('found by its key', 'crosswalk')
    case 'match':
      return __('found by a match', 'crosswalk')
    case 'exists':
      return __('was there already', 'crosswalk')
    case 'created':
      return __('new', 'crosswalk')
    default:
      return by ?? ''
  }
}

/** What was done to a part. */
export function partWord({ wrote, state }: SentPart): string {
  switch (wrote ?? state) {
    case 'archive':
      return __('Taken away', 'crosswalk')
    case 'same':
      return __('Left as it is', 'crosswalk')
    case 'create':
      return wrote ? __('Made', 'crosswalk') : __('Not sent', 'crosswalk')
    case 'update':
      return wrote ? __('Changed', 'crosswalk') : __('Not sent', 'crosswalk')
    case 'planned':
      return __('Not sent', 'crosswalk')
    case 'left_out':
      return __('Not wanted here', 'crosswalk')
    case 'failed':
      return __('Failed', 'crosswalk')
    case 'later':
      return __('Waits', 'crosswalk')
    case 'unknown':
      return __('Answer was lost, it is looked up', 'crosswalk')
    default:
      return state
  }
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** A part of a record as people say it: `Deal`, `Line Espresso beans 1 kg`, `Contact anna@example.com`. */
export function partName({ part, object, draft }: Pick<SentPart, 'part' | 'object' | 'draft'>): string {
  const [role = '', ...rest] = part.split(':')
  if (role === 'document') return object ? capital(singular(object)) : __('Document', 'crosswalk')
  if (role === 'line') {
    const name = typeof draft?.['name'] === 'string' ? draft['name'] : rest.join(':').replace(':', ' ')
    // translators: %s: name of a product, or of what a line of an order is for
    return sprintf(__('Line %s', 'crosswalk'), name)
  }
  const key = rest.join(':').replace(/^(name|vat):/, '').split('|')[0] ?? '' // prettier-ignore
  return `${capital(role)} ${key}`.trim()
}
