import { cause } from './cause.ts'

/** What the target lacks or does not take. */
export const TARGET_CAUSES = {
  stage_missing: cause(
    'target',
    {
      title: ['{system} has no stage for the status “{status}”.', '{system} has no stage for a status.'],
      remedy: ['Choose a stage for it; then the records can be sent.'],
      action: 'Choose a stage',
      target: { screen: 'flow-settings', field: 'stages' },
    },
    { groupBy: ['system', 'status'] },
  ),
  stage_gone: cause(
    'target',
    {
      title: ['A stage or pipeline of your rules is gone in {system}.'],
      remedy: ['Choose another one for the statuses that used it.'],
      action: 'Choose a stage',
      target: { screen: 'flow-settings', field: 'stages' },
    },
    { scope: 'flow' },
  ),
  field_gone: cause(
    'target',
    {
      title: ['The field “{label}” is gone in {system}.', 'A field of your rules is gone in {system}.'],
      remedy: [
        'It was in version {version} of your rules. Choose another field or take the rule out.',
        'Choose another field or take the rule out.',
      ],
      action: 'Choose another field',
      target: { screen: 'mapping', field: '{field}' },
    },
    { scope: 'flow', groupBy: ['system', 'part', 'field'] },
  ),
  field_read_only: cause(
    'target',
    {
      title: [
        'The field “{label}” can only be read in {system}.',
        'A field of your rules can only be read in {system}.',
      ],
      remedy: ['Take its rule out, or choose another field.'],
      action: 'Change the rule',
      target: { screen: 'mapping', field: '{field}' },
    },
    { scope: 'flow', groupBy: ['system', 'part', 'field'] },
  ),
  choice_unknown: cause(
    'target',
    {
      title: [
        '“{value}” is not on the list of {system} for “{label}”.',
        'A value is not on the list of {system} for “{label}”.',
        'A value is not on a list of {system}.',
      ],
      remedy: ['Add it to the list there, or let a rule replace it.'],
      action: 'Map it',
      target: { screen: 'mapping', field: '{field}' },
    },
    { groupBy: ['system', 'part', 'field', 'value'] },
  ),
  currency_missing: cause(
    'target',
    {
      title: ['{system} has no currency {currency}.', '{system} does not have the currency of this record.'],
      remedy: ['Add it there. Amounts are never converted by us.'],
      action: 'Open the currencies',
      target: { screen: 'target', field: 'currencies' },
    },
    { retryable: true, groupBy: ['system', 'currency'] },
  ),
  contact_ambiguous: cause(
    'target',
    {
      title: ['Two contacts in {system} fit this customer.'],
      remedy: ['Choose the right one; the answer is kept.'],
      action: 'Choose one',
      target: { screen: 'match' },
    },
    { severity: 'attention' },
  ),
  several_fit: cause(
    'target',
    {
      title: [
        '{system} has several records that may be the {part} of this one.',
        '{system} has several records that fit this one.',
      ],
      remedy: ['Choose the right one, or let a new one be made; the answer is kept.'],
      action: 'Choose one',
      target: { screen: 'match' },
    },
    { severity: 'attention', groupBy: ['system', 'part'] },
  ),
  value_refused: cause(
    'target',
    {
      title: [
        '{system} does not take the value of “{label}”.',
        '{system} does not take a value of this record.',
      ],
      remedy: ['Send the record with another value, or change the rule.'],
      action: 'Edit and send',
      target: { screen: 'edit', field: '{field}' },
    },
    { groupBy: ['system', 'part', 'field'] },
  ),
  value_taken: cause(
    'target',
    {
      title: [
        'Another record in {system} already has this “{label}”.',
        'Another record in {system} already has one of these values.',
      ],
      remedy: ['Correct one of the two, then send this one again.'],
      action: 'Open in {system}',
      target: { screen: 'target', field: '{field}' },
    },
    { retryable: true, groupBy: ['system', 'part', 'field'] },
  ),
  record_gone: cause(
    'target',
    {
      title: ['{system} no longer has something this record points at.'],
      remedy: ['Send it again: what is missing is found or made anew.'],
      action: 'Send again',
      target: { screen: 'record' },
    },
    { retryable: true },
  ),
  not_writable: cause(
    'target',
    {
      title: ['{system} does not let us write this kind of record.'],
      remedy: ['Change what the flow does with it.'],
      action: 'Open the settings',
      target: { screen: 'flow-settings' },
    },
    { groupBy: ['system', 'part'] },
  ),
  too_large: cause('target', {
    title: ['This record is too large for {system}.'],
    remedy: ['Shorten a long text or leave out pictures, then send it again.'],
    action: 'Edit and send',
    target: { screen: 'edit' },
  }),
  record_limit: cause(
    'target',
    {
      title: [
        '{system} takes no more {kind}: the limit of the plan is reached.',
        '{system} takes no more records: the limit of the plan is reached.',
      ],
      remedy: ['Remove what is not needed there, or change the plan.'],
      action: 'Open {system}',
      target: { screen: 'target' },
    },
    { retryable: true, groupBy: ['system', 'kind'] },
  ),
  picture_unreachable: cause(
    'target',
    {
      title: ['{system} could not fetch a picture of this product.'],
      remedy: ['Check that the picture opens in a browser, then send the product again.'],
      action: 'Open at the source',
      target: { screen: 'source', field: 'images' },
    },
    { retryable: true },
  ),
  unknown_answer: cause(
    'target',
    {
      title: ['{system} refused this record and gave no reason we know.'],
      remedy: ['Its words: «{words}».', 'Look at its technical details.'],
      action: 'Copy for support',
      target: { screen: 'record' },
    },
    { retryable: true, groupBy: ['system', 'words'] },
  ),
} as const
