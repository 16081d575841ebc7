import type { Conversation, Found, Matcher } from '../sdk/index.ts'
import { BATCH_MAX } from './batches.ts'
import { foundRecord } from './matchers.ts'
import { searchRecords } from './search.ts'
import type { HubSpotSettings } from './settings.ts'

/** Digits at the end by which two spellings of a number meet, with or without country code; fewer tell nothing. */
const MEETING_DIGITS = 9
const LEAST_DIGITS = 8

const endOf = (phone: string): string | null => {
  const digits = phone.replace(/\D/g, '')
  return digits.length < LEAST_DIGITS ? null : digits.slice(-MEETING_DIGITS)
}

/** HubSpot keeps numbers as they were typed and its search compares them whole, so the usual spellings are asked for. */
function spellings(phone: string): string[] {
  const digits = phone.replace(/\D/g, '')
  const abroad = digits.replace(/^00/, '')
  return [phone.trim(), phone.replace(/[^\d+]/g, ''), digits, `+${abroad}`]
}

/**
 * Contacts with a phone number. Members of a family or a firm share one, so what is found is only proposed. A number
 * typed in a spelling of its own may be missed.
 */
export const byPhone: Matcher<HubSpotSettings> = {
  id: 'phone',
  label: 'Phone number',
  max: BATCH_MAX,
  lagMs: 10_000,
  hint: true,
  *find(values, fields, context): Conversation<readonly Found[]> {
    const wanted = values.filter((value) => endOf(value) !== null)
    const asked = [...new Set(wanted.flatMap(spellings))]
    if (asked.length === 0) return []
    const records = yield* searchRecords('contacts', 'phone', asked, context)
    return wanted.flatMap((value) =>
      records
        .filter((record) => endOf(String(record.properties['phone'] ?? '')) === endOf(value))
        .map((record) => foundRecord('contacts', value, record, fields, context)),
    )
  },
}
