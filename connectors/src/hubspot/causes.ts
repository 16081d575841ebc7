import { causeRef, type CauseRef } from '@crosswalk/shared/causes'
import { UNKNOWN_PROPERTY, type ErrorBody } from './error-body.ts'
import { blamedFields, blamesStage, vendorCode } from './failure-words.ts'

const CURRENCIES: ReadonlySet<string> = new Set([
  'deal_currency_code',
  'hs_currency_code',
  'hs_line_item_currency_code',
])

/** What a value should have been, by the code of the detail that refuses it. */
const KINDS: Readonly<Record<string, string>> = {
  INVALID_INTEGER: 'a number',
  INVALID_NUMBER: 'a number',
  INVALID_DATE: 'a date',
  // HubSpot's moments are whole numbers of milliseconds.
  INVALID_LONG: 'a date',
  INVALID_EMAIL: 'an e-mail address',
}

const LIMIT = /\b(?:at most|maximum(?: length)?(?: of| is)?|limit of)\s+(\d{1,6})\b/i

/** A cause that the answer's codes and fields tell better than its status; undefined where they do not. */
export function causeOf(error: ErrorBody): CauseRef | undefined {
  const code = vendorCode(error)
  const field = blamedFields(error)[0]
  if (code === UNKNOWN_PROPERTY) return causeRef('field_gone', { field })
  if (error.codes.includes('READ_ONLY_VALUE')) return causeRef('field_read_only', { field })
  if (blamesStage(error)) return causeRef('stage_gone', { field })
  if (field !== undefined && CURRENCIES.has(field)) return causeRef('currency_missing', { field })
  if (error.codes.some((one) => /^REQUIRED/.test(one))) return causeRef('value_missing', { field })
  if (error.codes.some((one) => one === 'INVALID_OPTION' || one === 'INVALID_OWNER_ID')) {
    return causeRef('choice_unknown', { field })
  }
  if (code === 'VALUE_TOO_LONG' || error.messages.some((message) => /\btoo long\b/i.test(message))) {
    const max = error.messages.map((message) => LIMIT.exec(message)?.[1]).find((found) => found !== undefined)
    return causeRef('value_too_long', { field, max })
  }
  const kind = code === undefined ? undefined : KINDS[code]
  return kind === undefined ? undefined : causeRef('value_wrong_kind', { field, kind })
}
