import { __, _n, sprintf } from '@wordpress/i18n'
import type { PreviewResult } from '@crosswalk/shared/contract'
import { count } from '../parts/format.ts'
import type { State } from '../parts/state.tsx'

export type PreviewedRecord = PreviewResult['records'][number]
export type Action = PreviewedRecord['action']
export type Field = PreviewedRecord['parts'][number]['fields'][number]

/** Shape and word of what would become of a record. */
export function actionChip(action: Action): { state: State; word: string } {
  switch (action) {
    case 'create':
      return { state: 'live', word: __('Would be new', 'crosswalk') }
    case 'update':
      return { state: 'waiting', word: __('Would be changed', 'crosswalk') }
    case 'unchanged':
      return { state: 'untouched', word: __('Stays as it is', 'crosswalk') }
    case 'skip':
      return { state: 'off', word: __('Left out', 'crosswalk') }
    default:
      return { state: 'failed', word: __('Would fail', 'crosswalk') }
  }
}

/** `7 would be new · 1 changed · 2 left out · 0 would fail`. */
export function countWords(counts: PreviewResult['counts']): string {
  const words = [
    // translators: %s: number of records
    sprintf(_n('%s would be new', '%s would be new', counts.create, 'crosswalk'), count(counts.create)),
    // translators: %s: number of records
    sprintf(_n('%s would be changed', '%s would be changed', counts.update, 'crosswalk'), count(counts.update)),
    // translators: %s: number of records
    sprintf(_n('%s stays as it is', '%s stay as they are', counts.unchanged, 'crosswalk'), count(counts.unchanged)),
    // translators: %s: number of records
    sprintf(_n('%s is left out by your rules', '%s are left out by your rules', counts.skip, 'crosswalk'), count(counts.skip)),
    // translators: %s: number of records
    sprintf(_n('%s would fail', '%s would fail', counts.fail, 'crosswalk'), count(counts.fail)),
  ] // prettier-ignore
  return words.join(' · ')
}

/** What would become of a part of a record. */
export function partWord(action: PreviewedRecord['parts'][number]['action']): string {
  switch (action) {
    case 'create':
      return __('would be new', 'crosswalk')
    case 'update':
      return __('would be changed', 'crosswalk')
    case 'same':
      return __('stays as it is', 'crosswalk')
    case 'leave_out':
      return __('left out', 'crosswalk')
    case 'archive':
      return __('would be taken away, it is gone at the source', 'crosswalk')
    default:
      return __('would fail', 'crosswalk')
  }
}

/** A value as text; empty where there is none. */
export const valueText = (value: unknown): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
