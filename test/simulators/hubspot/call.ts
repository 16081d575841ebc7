import type { SimRequest } from '../server.ts'
import { validationError } from './errors.ts'
import type { Account } from './state.ts'

/** A bearer token of the simulator. Times in ms. */
export interface Token {
  token: string
  kind: 'static' | 'oauth'
  scopes: ReadonlySet<string>
  expiresAt: number | null
  /** App whose token it is; limits are counted per app. */
  clientId: string | null
  appId: number
}

/** An authenticated call to one area of the API. `rest` are the path's parts after area and version, decoded. */
export interface Call {
  account: Account
  request: SimRequest
  token: Token
  rest: string[]
  /** Origin of the simulator, for `paging.next.link`. */
  origin: string
}

export type JsonObject = Record<string, unknown>

/** The JSON object of a body. @throws ApiError 400 */
export function jsonBody(call: Call): JsonObject {
  const { body } = call.request
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw validationError('Invalid input JSON on line 1, column 1: expected an object')
  }
  return body as JsonObject
}

/** `inputs` of a batch body, at least one and at most `max`. @throws ApiError 400 */
export function batchInputs(body: JsonObject, max: number): JsonObject[] {
  const { inputs } = body
  if (!Array.isArray(inputs)) throw validationError('Some required fields were not set: [inputs]')
  if (inputs.length === 0) throw validationError('Invalid input: inputs must not be empty')
  if (inputs.length > max) {
    throw validationError(
      `The maximum number of inputs supported in a batch request is ${max}, got ${inputs.length}`,
    )
  }
  if (inputs.some((input) => typeof input !== 'object' || input === null || Array.isArray(input))) {
    throw validationError('Invalid input JSON: inputs must be objects')
  }
  return inputs as JsonObject[]
}

/** A whole number from the query or body within [1, max]. @throws ApiError 400 */
export function readLimit(value: unknown, fallback: number, max: number): number {
  if (value === undefined || value === null || value === '') return fallback
  const limit = Number(value)
  if (!Number.isInteger(limit) || limit < 1 || limit > max) {
    throw validationError(`Invalid limit ${String(value)}: must be between 1 and ${max}`)
  }
  return limit
}

/** The id that stands in history and `hs_object_source_id` for writes made with this token. */
export const sourceOf = (call: Call): string => String(call.token.appId)
