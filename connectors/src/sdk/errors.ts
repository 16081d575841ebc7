import type { CauseRef } from '@crosswalk/shared/causes'

/**
 * What a failure means for the caller, not what it was called:
 * `unauthorized` pauses the connection · `forbidden` marks this kind of object as not permitted · `rate_limited` and
 * `unavailable` are tried later · `invalid` and `conflict` fail this record, the rest goes on · `not_found` relinks ·
 * `malformed` is a bug of ours or theirs and fails loudly · `unsafe` an address that must not be called.
 */
export type FailureKind =
  | 'unauthorized'
  | 'forbidden'
  | 'rate_limited'
  | 'unavailable'
  | 'invalid'
  | 'conflict'
  | 'not_found'
  | 'malformed'
  | 'unsafe'

export interface ConnectorErrorDetails {
  kind: FailureKind
  /** What happened, in words for the user: no secret, no personal data, no vendor body. */
  publicMessage: string
  status?: number | undefined
  /** Milliseconds to wait before the next call, where the answer told. */
  retryAfterMs?: number | undefined
  /** The vendor's own code (`rest_invalid_param`, `VALIDATION_ERROR`). */
  vendorCode?: string | undefined
  /** Fields of the draft the vendor named. */
  fields?: readonly string[] | undefined
  /** The cause, where the connector knows it better than the kind tells. */
  named?: CauseRef | undefined
  /** What the vendor said, as `vendorWords` leaves it. */
  words?: string | undefined
  /** True when the call may have been carried out although no good answer came. */
  ambiguous?: boolean
  /** True when the whole account is held (daily limit), not this call. */
  holdsConnection?: boolean
  /** True when every record with this mapping will be refused alike. */
  breaksMapping?: boolean
  /** True when the time that the call was signed with was refused. */
  wrongTime?: boolean
  /** The answer's body, for the connector's own reading; never logged, never shown. */
  body?: unknown
  cause?: unknown
}

/** The only error that crosses the border between a connector and the pipeline. */
export class ConnectorError extends Error {
  readonly kind: FailureKind
  readonly publicMessage: string
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined
  readonly vendorCode: string | undefined
  readonly fields: readonly string[]
  readonly named: CauseRef | undefined
  readonly words: string | undefined
  readonly ambiguous: boolean
  readonly holdsConnection: boolean
  readonly breaksMapping: boolean
  readonly wrongTime: boolean
  readonly body: unknown

  constructor(details: ConnectorErrorDetails) {
    super(details.publicMessage, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'ConnectorError'
    this.kind = details.kind
    this.publicMessage = details.publicMessage
    this.status = details.status
    this.retryAfterMs = details.retryAfterMs
    this.vendorCode = details.vendorCode
    this.fields = details.fields ?? []
    this.named = details.named
    this.words = details.words
    this.ambiguous = details.ambiguous ?? false
    this.holdsConnection = details.holdsConnection ?? false
    this.breaksMapping = details.breaksMapping ?? false
    this.wrongTime = details.wrongTime ?? false
    this.body = details.body
  }
}

/** True for kinds that pass by themselves. */
export const isPassing = (kind: FailureKind): boolean => kind === 'rate_limited' || kind === 'unavailable'
