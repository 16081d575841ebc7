import { cause } from './cause.ts'

const byField = { groupBy: ['system', 'part', 'field'] } as const
const toRule = { screen: 'mapping', field: '{field}' } as const

/** Where the user's own rules and settings do not fit a record. */
export const RULE_CAUSES = {
  value_missing: cause(
    'rules',
    {
      title: [
        'The rule for “{label}” has no value for this record, and the field is required.',
        'A required field has no value for this record.',
      ],
      remedy: ['Set a default in the rule, or send the record once with a value.'],
      action: 'Set a default',
      target: toRule,
    },
    byField,
  ),
  value_too_long: cause(
    'rules',
    {
      title: [
        'A value is too long for “{label}” ({n} of {max} characters).',
        'A value is too long for “{label}”.',
        'A value is too long.',
      ],
      remedy: ['Let the rule shorten it from now on, or edit it once.'],
      action: 'Shorten from now on',
      target: toRule,
    },
    byField,
  ),
  value_wrong_kind: cause(
    'rules',
    {
      title: [
        '“{value}” is not {kind} (“{label}”).',
        'The value of “{label}” is not {kind}.',
        'The value of “{label}” is of the wrong kind.',
        'A value is of the wrong kind.',
      ],
      remedy: ['Send the record once with another value, or change the rule.'],
      action: 'Edit and send',
      target: { screen: 'edit', field: '{field}' },
    },
    { groupBy: ['system', 'part', 'field', 'kind'] },
  ),
  lookup_missing: cause(
    'rules',
    {
      title: [
        'The list “{list}” has no entry for “{value}”.',
        'The list “{list}” has no entry for a value.',
        'A list has no entry for a value.',
      ],
      remedy: ['Add an entry; then the records can be sent.'],
      action: 'Add an entry',
      target: { screen: 'lookup', field: '{list}' },
    },
    { groupBy: ['list', 'value'] },
  ),
  lookup_gone: cause(
    'rules',
    {
      title: ['There is no list “{list}”, which a rule asks for.', 'A rule asks for a list that is gone.'],
      remedy: ['Make it again, or change the rule for “{label}”.', 'Make it again, or change the rule.'],
      action: 'Change the rule',
      target: toRule,
    },
    { groupBy: ['list'] },
  ),
  pair_missing: cause(
    'rules',
    {
      title: [
        'The rule for “{label}” has no answer for “{value}”.',
        'The rule for “{label}” has no answer for a value.',
        'A rule has no answer for a value.',
      ],
      remedy: ['Add a pair to the rule; then the records can be sent.'],
      action: 'Change the rule',
      target: toRule,
    },
    { groupBy: ['part', 'field', 'value'] },
  ),
  rule_failed: cause(
    'rules',
    {
      title: ['The rule for “{label}” could not be applied.', 'A rule could not be applied.'],
      remedy: [
        'It says: «{words}» Change the rule, or the value at its source.',
        'Change the rule, or the value at its source.',
      ],
      action: 'Change the rule',
      target: toRule,
    },
    byField,
  ),
  settings_forbid: cause('rules', {
    title: ['The settings of this flow forbid it.'],
    remedy: ['Change the settings, or ignore the record.'],
    action: 'Open the settings',
    target: { screen: 'flow-settings' },
  }),
  part_missing: cause(
    'rules',
    {
      title: [
        'The {part} of this record is missing in {system}, and the flow may not make it.',
        'Something this record needs is missing in {system}.',
      ],
      remedy: ['Let the flow make it, or make it there and send the record again.'],
      action: 'Open the settings',
      target: { screen: 'flow-settings' },
    },
    { retryable: true, groupBy: ['system', 'part'] },
  ),
  product_missing: cause(
    'rules',
    {
      title: ['The product “{sku}” is not in {system}.', 'A product of this record is not in {system}.'],
      remedy: ['Make it there and send again, or let the flow make missing products.'],
      action: 'Let it make products',
      target: { screen: 'flow-settings', field: 'missingProducts' },
    },
    { retryable: true },
  ),
} as const
