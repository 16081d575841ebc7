import { __, sprintf } from '@wordpress/i18n'
import type { FieldRule } from '@crosswalk/shared/mapping'
import { shown } from './words.ts'

const dotted = (path: readonly unknown[]): string =>
  path.map((step) => (typeof step === 'object' ? JSON.stringify(step) : String(step))).join('.')

/** Where a rule takes its value from. */
function source(value: FieldRule['value']): string {
  switch (value.kind) {
    case 'field':
      return dotted(value.path)
    case 'constant':
      // translators: %s: a value
      return sprintf(__('the fixed value %s', 'crosswalk'), shown(value.value))
    case 'first_of':
      // translators: %s: names of fields
      return sprintf(__('the first that is filled of %s', 'crosswalk'), value.paths.map(dotted).join(', '))
    default:
      return value.parts.map((part) => (typeof part === 'string' ? `“${part.trim()}”` : dotted(part.path))).join(' + ') // prettier-ignore
  }
}

function stepText(step: FieldRule['transforms'][number]): string {
  // translators: %s: name of a lookup table
  if (step.with['table'])
    return sprintf(__('looked up in the table %s', 'crosswalk'), String(step.with['table']))
  switch (step.use) {
    case 'text.trim':
      return __('without spaces around it', 'crosswalk')
    case 'text.lower':
      return __('in lower case', 'crosswalk')
    case 'text.upper':
      return __('in capitals', 'crosswalk')
    case 'country.name':
      return __('as the name of the country', 'crosswalk')
    default:
      return step.use
  }
}

/** A rule in one line: where the value comes from and what is done to it; empty where the rule is not known. */
export const ruleText = (rule: FieldRule | undefined): string =>
  rule === undefined ? '' : [source(rule.value), ...rule.transforms.map(stepText)].join(', ')
