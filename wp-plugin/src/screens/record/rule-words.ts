import { __, _n, sprintf } from '@wordpress/i18n'
import type { FieldRule } from '@crosswalk/shared/mapping'
import { shown } from './words.ts'

/** How fields and steps are called; without them by their own names. */
export interface RuleWords {
  field: (path: readonly (string | number)[]) => string
  /** Null for a step that nobody has a name for. */
  step: (use: string) => string | null
}

const dotted = (path: readonly unknown[]): string =>
  path.map((step) => (typeof step === 'object' ? JSON.stringify(step) : String(step))).join('.')

const NAMES: RuleWords = { field: dotted, step: () => null }

/** Where a rule takes its value from. */
export function sourceText(value: FieldRule['value'], { field }: RuleWords = NAMES): string {
  switch (value.kind) {
    case 'field':
      return field(value.path)
    case 'constant':
      // translators: %s: a value
      return sprintf(__('the fixed value %s', 'crosswalk'), shown(value.value))
    case 'first_of':
      // translators: %s: names of fields
      return sprintf(__('the first that is filled of %s', 'crosswalk'), value.paths.map(field).join(', '))
    default:
      return value.parts.map((part) => (typeof part === 'string' ? `“${part.trim() || ' '}”` : field(part.path))).join(' + ') // prettier-ignore
  }
}

/** What a step does to a value, with its settings. */
export function stepText(step: FieldRule['transforms'][number], words: RuleWords = NAMES): string {
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
    default: {
      const settings = Object.values(step.with).filter((one) => one !== '' && one !== null && one !== undefined)
      const name = words.step(step.use) ?? step.use
      // translators: 1: name of a step, such as "Shorten"; 2: its settings
      return settings.length === 0 || words === NAMES ? name : sprintf(__('%1$s (%2$s)', 'crosswalk'), ...([name, settings.map(setting).join(', ')] as const))
    }
  } // prettier-ignore
}

/** A setting of a step, in short: text in quotes, for it may be a comma; of a list of pairs how many there are. */
const setting = (value: unknown): string =>
  !Array.isArray(value)
    ? typeof value === 'string'
      ? `“${shown(value)}”`
      : shown(value)
    : value.every((part) => typeof part !== 'object')
      ? value.join('.')
      : // translators: %s: number of lines of a small table
        sprintf(_n('%s line', '%s lines', value.length, 'crosswalk'), String(value.length))

/** A rule in one line: where the value comes from and what is done to it; empty where the rule is not known. */
export const ruleText = (rule: FieldRule | undefined): string =>
  rule === undefined
    ? ''
    : [sourceText(rule.value), ...rule.transforms.map((step) => stepText(step))].join(', ')
