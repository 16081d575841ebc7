import { __, sprintf } from '@wordpress/i18n'
import type { TransformInfo } from '@crosswalk/shared/contract'
import type { Field, FieldRule } from '@crosswalk/shared/mapping'
import { nameOfPath } from '../form/condition.ts'
import type { RuleWords } from '../record/rule-words.ts'

/** Kind of value, in a word. */
export function typeWord(type: string): string {
  switch (type) {
    case 'text':
      return __('text', 'crosswalk')
    case 'number':
      return __('number', 'crosswalk')
    case 'amount':
      return __('amount', 'crosswalk')
    case 'boolean':
      return __('yes or no', 'crosswalk')
    case 'date':
      return __('day', 'crosswalk')
    case 'datetime':
      return __('time', 'crosswalk')
    case 'choice':
      return __('choice', 'crosswalk')
    case 'list':
      return __('list', 'crosswalk')
    default:
      return type
  }
}

/** Names of fields by their place; of those that share one, with the group: a line may have a code as an order has. */
export function labelsOf(fields: readonly Field[]): Map<string, string> {
  const named = new Map<string, number>()
  for (const { label } of fields) named.set(label, (named.get(label) ?? 0) + 1)
  return new Map(
    fields.map(({ name, path, group, label }) => [
      nameOfPath(path ?? [name]),
      group === '' || named.get(label) === 1
        ? label
        : // translators: 1: group of fields, such as "Billing address"; 2: a field of it, such as "City"
          sprintf(__('%1$s: %2$s', 'crosswalk'), ...([group, label] as const)),
    ]),
  )
}

/** Names of fields and steps for people, from both catalogues. */
export function wordsFrom(fields: readonly Field[], transforms: readonly TransformInfo[]): RuleWords {
  // The same field is read by several parts.
  const each = new Map(fields.map((field) => [nameOfPath(field.path ?? [field.name]), field]))
  const labels = labelsOf([...each.values()])
  const steps = new Map(transforms.map(({ id, label }) => [id, label]))
  return {
    field: (path) => labels.get(nameOfPath(path)) ?? nameOfPath(path),
    step: (use) => steps.get(use) ?? null,
  }
}

/** When a rule writes. */
export function onWord(on: FieldRule['on']): string {
  switch (on) {
    case 'create':
      return __('new records only', 'crosswalk')
    case 'update':
      return __('changed records only', 'crosswalk')
    default:
      return __('new and changed records', 'crosswalk')
  }
}

/** What a rule does when there is no value. */
export function onEmptyWord(onEmpty: FieldRule['onEmpty']): string {
  switch (onEmpty) {
    case 'clear':
      return __('Empty the field', 'crosswalk')
    case 'fail':
      return __('Stop and ask me', 'crosswalk')
    default:
      return __('Leave the field as it is', 'crosswalk')
  }
}

/** Names of what differs between two versions of a rule. */
export function changedWord(field: string): string {
  switch (field) {
    case 'value':
      return __('where it comes from', 'crosswalk')
    case 'transforms':
      return __('its steps', 'crosswalk')
    case 'when':
      return __('its condition', 'crosswalk')
    case 'on':
      return __('when it is written', 'crosswalk')
    case 'onEmpty':
      return __('what happens without a value', 'crosswalk')
    default:
      return __('its note', 'crosswalk')
  }
}
