import { vendorWords } from '@crosswalk/shared/causes'
import type { FailureKind } from '../sdk/index.ts'
import { UNKNOWN_PROPERTY, type ErrorBody } from './error-body.ts'

const KIND_OF_CATEGORY: Readonly<Record<string, FailureKind>> = {
  VALIDATION_ERROR: 'invalid',
  INVALID_PARAMETER: 'invalid',
  CONFLICT: 'conflict',
  OBJECT_ALREADY_EXISTS: 'conflict',
  OBJECT_NOT_FOUND: 'not_found',
  MISSING_SCOPES: 'forbidden',
  BANNED: 'forbidden',
  INVALID_AUTHENTICATION: 'unauthorized',
  EXPIRED_AUTHENTICATION: 'unauthorized',
  RATE_LIMITS: 'rate_limited',
  RATE_LIMIT: 'rate_limited',
}

/** Kind of a row's error in a batch answer, by its category; `invalid` for categories not known here. */
export const kindOfCategory = (category: string): FailureKind => KIND_OF_CATEGORY[category] ?? 'invalid'

/** The code that tells most, with one name for "no such property" however it was said. */
export const vendorCode = (error: ErrorBody): string | undefined =>
  error.unknownProperties.length > 0 || error.codes.includes(UNKNOWN_PROPERTY)
    ? UNKNOWN_PROPERTY
    : error.codes[0]

/** Fields to show: a property that is not there before a value that is not liked. */
export const blamedFields = (error: ErrorBody): readonly string[] =>
  error.unknownProperties.length > 0 ? error.unknownProperties : error.fields

/** Properties that say where in a pipeline a record is. */
const STAGE_PROPERTIES = new Set(['pipeline', 'dealstage', 'hs_pipeline', 'hs_pipeline_stage'])

/** Whether an answer blames a stage or a pipeline. */
export const blamesStage = (error: ErrorBody): boolean =>
  error.fields.some((field) => STAGE_PROPERTIES.has(field))

/** True when every record would be refused alike: a property, a pipeline or a stage is gone, or cannot be written. */
export const breaksMapping = (error: ErrorBody): boolean =>
  vendorCode(error) === UNKNOWN_PROPERTY || error.codes.includes('READ_ONLY_VALUE') || blamesStage(error)

const list = (names: readonly string[]): string => names.slice(0, 5).join(', ')

/** Longest part of HubSpot's own message that is passed on. */
const HINT_LENGTH = 160

/** What HubSpot said, without the values it repeats: they may be personal. Empty where nothing is left to say. */
export const hintOf = (message: string): string => vendorWords(message).slice(0, HINT_LENGTH)

/** Words for a refused value: the field where one is named, else what HubSpot said without the value itself. */
function wordsForInvalid(error: ErrorBody): string {
  const fields = blamedFields(error)
  const named = fields.length === 0 ? '' : `: ${list(fields)}`
  if (vendorCode(error) === UNKNOWN_PROPERTY) return `HubSpot has no such property${named}.`
  if (fields.includes('deal_currency_code')) {
    return 'HubSpot does not take this currency. Add it to the currencies of the HubSpot account.'
  }
  if (fields.length > 0) return `HubSpot refused a value${named}.`
  const hint = hintOf(error.message)
  return hint === '' ? 'HubSpot refused the values.' : `HubSpot refused the values. It says: ${hint}`
}

export const wordsForKind = (kind: FailureKind, error: ErrorBody): string => {
  switch (kind) {
    case 'conflict':
      return error.fields.length === 0
        ? 'Another HubSpot record already has one of these values.'
        : `Another HubSpot record already has this value: ${list(error.fields)}.`
    case 'not_found':
      return 'HubSpot no longer has this record.'
    case 'forbidden':
      return error.scopes.length === 0
        ? 'HubSpot does not permit this.'
        : `HubSpot does not permit this: the scope ${list(error.scopes)} is missing.`
    case 'unauthorized':
      return 'HubSpot no longer accepts the key of this connection.'
    case 'rate_limited':
      return 'HubSpot asked to go slower.'
    default:
      return wordsForInvalid(error)
  }
}
