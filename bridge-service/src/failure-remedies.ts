const REMEDIES: Readonly<Record<string, string>> = {
  invalid: 'Correct the named field at the source or in the mapping, then try again.',
  conflict: 'Another record stands in the way. Correct one of the two, then try again.',
  not_found: 'Something it points to is gone in the target. Try again; it is made or found anew.',
  forbidden: 'Give the connection the missing permission, then try again.',
  unauthorized: 'Connect the account again, then try again.',
  rate_limited: 'Nothing to do: it is tried again by itself.',
  unavailable: 'Nothing to do: it is tried again by itself.',
  malformed: 'An answer could not be understood. Try again; if it stays, tell the makers of Crosswalk.',
  unsafe: 'The address of the connection may not be called. Correct it.',
  mapping: 'Correct the rule in the mapping, or the value at the source, then try again.',
  missing: 'Make what is missing in the target, or let the flow make it, then try again.',
  ambiguous: 'Choose which record of the target is meant; then it goes on by itself.',
  policy: 'The settings of the flow forbid it. Change them or the record, then try again.',
}
/** What to do about records that fail, by the code of their cause. */
export const remedyFor = (code: string): string =>
  REMEDIES[code] ?? 'Look at one of the records, then try again.'
