import { cause } from './cause.ts'

/** What keeps a document out of the books. */
export const BOOK_CAUSES = {
  tax_code_missing: cause(
    'books',
    {
      title: [
        'No tax code for {rate} % in {country} ({customer}).',
        'No tax code for {rate} %.',
        'A tax code is missing.',
      ],
      remedy: ['Choose the code {system} uses for it; then the records can be sent.'],
      action: 'Choose a code',
      target: { screen: 'flow-settings', field: 'taxCodes' },
    },
    { groupBy: ['system', 'rate', 'country', 'customer'] },
  ),
  account_missing: cause(
    'books',
    {
      title: ['{system} has no ledger account {account}.', 'A ledger account is missing in {system}.'],
      remedy: ['Choose another account, or open this one there.'],
      action: 'Choose an account',
      target: { screen: 'flow-settings', field: 'revenueAccounts' },
    },
    { groupBy: ['system', 'account'] },
  ),
  period_closed: cause(
    'books',
    {
      title: [
        'The period {month} is closed in {system}.',
        'The period of this record is closed in {system}.',
      ],
      remedy: [
        'Book it on {firstOpen}, or open the period and send it again.',
        'Open the period and send it again, or book it on another day.',
      ],
      action: 'Edit and send',
      target: { screen: 'edit', field: 'date' },
    },
    { retryable: true, groupBy: ['system', 'month'] },
  ),
  year_missing: cause(
    'books',
    {
      title: [
        '{system} has no fiscal year for {date}.',
        '{system} has no fiscal year for the date of this record.',
      ],
      remedy: ['Open the year there and send it again.'],
      action: 'Open {system}',
      target: { screen: 'target' },
    },
    { retryable: true, groupBy: ['system'] },
  ),
  sums_differ: cause('books', {
    title: ['The sums differ by {difference}.', 'The sums differ.'],
    remedy: [
      'Lines give {lines}, the record says {total}. A rounding line can take the rest.',
      'A rounding line can take the rest.',
    ],
    action: 'Use a rounding line',
    target: { screen: 'flow-settings', field: 'roundingLine' },
  }),
  debtor_blocked: cause(
    'books',
    {
      title: ['The debtor is blocked in {system}.'],
      remedy: ['Free the debtor there and send the record again.'],
      action: 'Open in {system}',
      target: { screen: 'target' },
    },
    { retryable: true },
  ),
  already_booked: cause('books', {
    title: ['Invoice {invoice} is booked already.', 'The invoice is booked already.'],
    remedy: ['A booked one cannot be changed. Make a credit note.'],
    action: 'Make a credit note',
    target: { screen: 'target' },
  }),
} as const
