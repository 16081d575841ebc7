import { __, _n, sprintf } from '@wordpress/i18n'
import type { PartDiff } from '@crosswalk/shared/contract'
import type { Field, FieldRule } from '@crosswalk/shared/mapping'
import { describeCondition } from '@crosswalk/shared/mapping'
import { type RuleWords, sourceText, stepText } from '../record/rule-words.ts'
import { changedWord, onEmptyWord, onWord } from './words.ts'

export interface DiffNames {
  words: RuleWords
  /** Name of a part of the target, such as "Deal". */
  part: (role: string) => string
  field: (role: string, target: string) => Field | null
}

/** What differs between two versions, in words. */
export function DiffWords({ parts, names }: { parts: readonly PartDiff[]; names: DiffNames }) {
  if (parts.length === 0) return <p>{__('Both say the same.', 'crosswalk')}</p>
  return (
    <>
      {parts.map((diff) => (
        <section key={`${diff.part} ${diff.list ?? ''}`} className="cw-diff">
          <p className="cw-name">
            {diff.list === null ? names.part(diff.part) : `${names.part(diff.part)}: ${diff.list}`}
          </p>
          <ul>
            {diff.listMoved && <li>{__('It is made from another list of the record.', 'crosswalk')}</li>}
            {diff.added.map(({ rule, index }) => (
              <li key={`added ${index}`}>
                <strong>{__('Added', 'crosswalk')}</strong> <Target {...{ names, diff }} target={rule.target} />:{' '}
                <ins>{allOf(rule, names.words)}</ins>
              </li>
            ))}
            {diff.changed.map(({ target, before, after, fields, to }) => (
              <li key={`changed ${to}`}>
                <strong>{__('Changed', 'crosswalk')}</strong> <Target {...{ names, diff }} target={target} />:{' '}
                {fields.map((field, at) => (
                  <Change key={field} {...{ field, before, after }} words={names.words} isLast={at === fields.length - 1} />
                ))}
              </li>
            ))}
            {diff.removed.map(({ rule, index }) => (
              <li key={`removed ${index}`}>
                <strong>{__('Removed', 'crosswalk')}</strong> <Target {...{ names, diff }} target={rule.target} />:{' '}
                <del>{allOf(rule, names.words)}</del>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
} // prettier-ignore

/** `3 changes`. */
export function countChanges(parts: readonly PartDiff[]): number {
  return parts.reduce((sum, { added, changed, removed, listMoved }) => sum + added.length + changed.length + removed.length + (listMoved ? 1 : 0), 0) // prettier-ignore
}

export const changesWord = (parts: readonly PartDiff[]): string => {
  const number = countChanges(parts)
  // translators: %s: number of changes
  return sprintf(_n('%s change', '%s changes', number, 'crosswalk'), String(number))
}

function Target({ names, diff, target }: { names: DiffNames; diff: PartDiff; target: string }) {
  const field = names.field(diff.part, diff.list === null ? target : `${diff.list}.${target}`)
  return <bdi>{field?.label ?? target}</bdi>
}

const allOf = (rule: FieldRule, words: RuleWords): string =>
  [sourceText(rule.value, words), ...rule.transforms.map((step) => stepText(step, words))].join(', ')

/** One side of a change, in words. */
function said(rule: FieldRule, field: string, words: RuleWords): string {
  switch (field) {
    case 'value':
      return sourceText(rule.value, words)
    case 'transforms':
      return rule.transforms.map((step) => stepText(step, words)).join(', ') || __('no steps', 'crosswalk')
    case 'when':
      return rule.when === undefined ? __('no condition', 'crosswalk') : describeCondition(rule.when)
    case 'on':
      return onWord(rule.on)
    case 'onEmpty':
      return onEmptyWord(rule.onEmpty)
    default:
      return rule.note ?? __('no note', 'crosswalk')
  }
}

function Change(props: {
  field: string
  before: FieldRule
  after: FieldRule
  words: RuleWords
  isLast: boolean
}) {
  const { field, before, after, words, isLast } = props
  return (
    <>
      {changedWord(field)} <span>{__('from', 'crosswalk')}</span> <del>{said(before, field, words)}</del>{' '}
      <span>{__('to', 'crosswalk')}</span> <ins>{said(after, field, words)}</ins>
      {isLast ? '' : '; '}
    </>
  )
}
