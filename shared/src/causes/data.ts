import { cause } from './cause.ts'

/** What the record itself lacks or brings along. */
export const DATA_CAUSES = {
  email_missing: cause('data', {
    title: ['The customer has no e-mail address.'],
    remedy: ['{system} finds people by e-mail. Add it at the source, or send it once with one.'],
    action: 'Edit and send',
    target: { screen: 'edit', field: 'email' },
  }),
  sku_missing: cause('data', {
    title: ['A product has no SKU.'],
    remedy: ['{system} finds products by it. Add one at the source.'],
    action: 'Add a SKU',
    target: { screen: 'source', field: 'sku' },
  }),
  sku_shared: cause(
    'data',
    {
      title: ['{n} products share the SKU “{sku}”.', 'Two products share a SKU.'],
      remedy: ['We cannot tell which is meant. Give one of them another SKU.'],
      action: 'Show the products',
      target: { screen: 'source', field: 'sku' },
    },
    { groupBy: ['system', 'sku'] },
  ),
  key_missing: cause(
    'data',
    {
      title: [
        'This record has no {label}, by which it would be found again in {system}.',
        'This record has nothing by which it would be found again in {system}.',
      ],
      remedy: ['Add it at the source, or let the flow leave such records out.'],
      action: 'Open at the source',
      target: { screen: 'source', field: '{field}' },
    },
    { groupBy: ['system', 'field'] },
  ),
  key_shared: cause('data', {
    title: ['Two records have the same key for {system}.'],
    remedy: [
      'Record {other} holds it already. Give one of them another one at the source.',
      'Give one of them another one at the source.',
    ],
    action: 'Open at the source',
    target: { screen: 'source' },
  }),
  both_changed: cause(
    'data',
    {
      title: [
        'Both sides changed “{label}” since {since}.',
        'Both sides changed “{label}”.',
        'Both sides changed this record.',
      ],
      remedy: ['Choose whose value is kept.'],
      action: 'Choose',
      target: { screen: 'record', field: '{field}' },
    },
    { severity: 'attention', groupBy: ['system', 'part', 'field'] },
  ),
} as const
