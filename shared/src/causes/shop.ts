import { cause } from './cause.ts'

const connection = { severity: 'failed', scope: 'connection' } as const

/** What can be wrong at a shop that is read, or with its address. */
export const SHOP_CAUSES = {
  key_refused: cause(
    'shop',
    {
      title: ['{system} refused the key.'],
      remedy: ['It was removed or is for reading only. Make a new one with Read/Write.'],
      action: 'Make a new key',
      target: { screen: 'connection', field: 'credentials' },
    },
    connection,
  ),
  firewall_blocks: cause(
    'shop',
    {
      title: [
        'A security plugin blocks the connection to {system} ({plugin}).',
        'A firewall or security plugin blocks the connection to {system}.',
      ],
      remedy: [
        'The key is right, the answer is “forbidden”. Allow the address {ip} there.',
        'The key is right, the answer is “forbidden”. Allow the address of this bridge there.',
      ],
      action: 'Show how',
      target: { screen: 'help', field: 'firewall' },
    },
    { ...connection, waits: true },
  ),
  plain_permalinks: cause(
    'shop',
    {
      title: ['The addresses of {system} are set to “Plain”, or it has moved.'],
      remedy: ['It cannot be read that way. Choose “Post name” in the settings for permalinks.'],
      action: 'Open permalinks',
      target: { screen: 'connection', side: 'source', field: 'permalinks' },
    },
    { ...connection, waits: true },
  ),
  api_missing: cause(
    'shop',
    {
      title: ['{system} does not offer its API at the moment.'],
      remedy: ['It is switched off, being updated or too old. Records wait and go out once it is back.'],
      action: 'Check now',
      target: { screen: 'connection', side: 'source' },
    },
    { ...connection, waits: true },
  ),
  signal_off: cause(
    'shop',
    {
      title: ['{system} stopped telling us about changes.'],
      remedy: [
        'It switches the signal off after several deliveries that failed ({when}). We look every minute, nothing is missing.',
        'It switches the signal off after several deliveries that failed. We look every minute, nothing is missing.',
      ],
      action: 'Switch on and test',
      target: { screen: 'connection', side: 'source', field: 'signal' },
    },
    { ...connection, severity: 'attention' },
  ),
  shop_copied: cause(
    'shop',
    {
      title: [
        'This looks like a copy of your shop ({new} instead of {old}).',
        'This looks like a copy of your shop.',
      ],
      remedy: ['All flows are paused so that test orders go nowhere. Say whether it moved or is a copy.'],
      action: 'Moved, or a copy?',
      target: { screen: 'connection', side: 'source', field: 'origin' },
    },
    { ...connection, severity: 'attention' },
  ),
  source_deleted: cause(
    'shop',
    {
      title: ['Record {number} was deleted in {source}.', 'A record was deleted at its source.'],
      remedy: ['What {system} has of it is kept. Choose what to do with it.'],
      action: 'Choose',
      target: { screen: 'record' },
    },
    { severity: 'attention' },
  ),
  text_before_data: cause(
    'shop',
    {
      title: ['{system} sent back text before its data.'],
      remedy: [
        'A plugin prints warnings: «{words}». Switch off the display of errors.',
        'A plugin prints warnings. Switch off the display of errors.',
      ],
      action: 'Show the text',
      target: { screen: 'help', field: 'text' },
    },
    { scope: 'flow', retryable: true },
  ),
  record_unreadable: cause(
    'shop',
    {
      title: ['{source} sent a record of an unknown shape.', 'A record of an unknown shape came.'],
      remedy: [
        'Open it in {source} and save it again. If it stays, send us the technical details.',
        'Save it again at its source. If it stays, send us the technical details.',
      ],
      action: 'Open at the source',
      target: { screen: 'source' },
    },
    { retryable: true, groupBy: ['source'] },
  ),
} as const
