import { z } from 'zod'

/** Every code an answer can carry, with its HTTP status. */
export const ERROR_STATUS = {
  bad_request: 400,
  unauthorized: 401,
  /** A signed request from a clock that differs too much from the bridge's. */
  clock_differs: 401,
  forbidden: 403,
  not_found: 404,
  /** What is there now does not allow it: another version, another state. */
  conflict: 409,
  already_connected: 409,
  /** Of pairing codes: not known here · made for another site · used, or tried too often · older than ten minutes. */
  pairing_code_unknown: 404,
  pairing_code_other_site: 409,
  pairing_code_spent: 409,
  pairing_code_expired: 410,
  too_large: 413,
  unsupported_media_type: 415,
  /** Understood, but it cannot be applied: settings that do not fit, an address that must not be called. */
  not_applicable: 422,
  mapping_problems: 422,
  unsafe_address: 422,
  rate_limited: 429,
  internal: 500,
  /** The connected system failed or refused. */
  other_system_failed: 502,
  not_ready: 503,
} as const

export type ErrorCode = keyof typeof ERROR_STATUS
export const ErrorCode = z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]])

/** One thing wrong with what was sent: where, what, and what would be right. */
export const Issue = z
  .object({
    /** `body`, `query` or `params`, then the way to the field. */
    path: z.array(z.union([z.string(), z.number()])),
    message: z.string(),
    expected: z.string().optional(),
  })
  .meta({ id: 'Issue' })
export type Issue = z.infer<typeof Issue>

/** Every answer that is not a good one. `id` names the log line of a failure of ours. */
export const ErrorBody = z
  .object({
    error: z.object({
      code: ErrorCode,
      message: z.string(),
      issues: z.array(Issue).optional(),
      id: z.string().optional(),
    }),
  })
  .meta({ id: 'Error' })
export type ErrorBody = z.infer<typeof ErrorBody>
