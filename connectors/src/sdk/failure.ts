import { causeRef, vendorWords, type CauseRef } from '@crosswalk/shared/causes'
import type { Call, Reply } from './call.ts'
import type { FailureDescription } from './connector.ts'
import { ConnectorError, type FailureKind } from './errors.ts'
import { UnsafeAddressError } from './safe-address.ts'
import { TransportError } from './transport.ts'

/** What the common rules need to know of a connector. */
export interface FailureSource {
  label: string
  classify?: ((reply: Reply, call: Call) => FailureDescription | undefined) | undefined
}

/** Longest wait believed; beyond it the caller asks again. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60_000
/** A certificate is put right by people, not within seconds. */
const CERTIFICATE_RETRY_MS = 5 * 60_000

/** Answers where the other side may have done the work before it failed. */
const isAmbiguous = (status: number): boolean => status >= 500 || status === 408

/**
 * A refused answer as an error: the connector's own reading first, then the common rules by status.
 * `host` is the host that was called and `now` the time of the answer, in milliseconds.
 */
export function failureOf(
  reply: Reply,
  call: Call,
  source: FailureSource,
  host: string,
  now: number,
): ConnectorError {
  const read = source.classify?.(reply, call) ?? byStatus(reply, source.label, host)
  const retryAfterMs = longest(read.retryAfterMs, retryAfterOf(reply.headers['retry-after'], now))
  return new ConnectorError({
    kind: read.kind,
    publicMessage: read.publicMessage,
    status: reply.status,
    retryAfterMs: read.kind === 'rate_limited' || read.kind === 'unavailable' ? retryAfterMs : undefined,
    vendorCode: read.vendorCode,
    fields: read.fields,
    named: read.named,
    words: (read.words ?? vendorWords(messageOf(reply.body))) || undefined,
    ambiguous: isAmbiguous(reply.status),
    holdsConnection: read.holdsConnection ?? false,
    breaksMapping: read.breaksMapping ?? false,
    wrongTime: read.wrongTime ?? false,
    body: reply.body,
  })
}

/** Where the systems put what they have to say; the first that is there counts. */
const SAID_IN = ['message', 'errorMessage', 'DeveloperErrorMessage', 'developermessage', 'detail', 'title']

/** The message of a refused answer, also of one that lies in its `error`. */
function messageOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  for (const name of SAID_IN) {
    const said = (body as Record<string, unknown>)[name]
    if (typeof said === 'string' && said !== '') return said
  }
  const inside = (body as { error?: unknown }).error
  return typeof inside === 'object' ? messageOf(inside) : ''
}

const longest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)

function byStatus(reply: Reply, label: string, host: string): FailureDescription {
  const { status } = reply
  if (status >= 300 && status < 400) {
    const target = hostOfLocation(reply.headers['location'], host)
    return {
      kind: 'invalid',
      publicMessage: `${label} at ${host} sends calls on to ${target}. Enter that address if it is the right one.`,
      named: causeRef('address_moved', { host, to: target }),
    }
  }
  const [kind, words] = wordsFor(status)
  const named = status === 413 ? { named: causeRef('too_large') } : {}
  return { kind, publicMessage: `${label} ${words} (answer ${status}).`, ...named }
}

const BY_STATUS: Readonly<Record<number, readonly [FailureKind, string]>> = {
  401: ['unauthorized', 'does not accept the credentials of this connection'],
  403: ['forbidden', 'does not permit this to the account of this connection'],
  404: ['not_found', 'does not know this record or address'],
  408: ['unavailable', 'gave up waiting for the call'],
  409: ['conflict', 'refused the change because it conflicts with another one'],
  410: ['not_found', 'says that this record is gone for good'],
  413: ['invalid', 'refused the call because it is too large'],
  423: ['unavailable', 'has this locked for the moment'],
  429: ['rate_limited', 'asks for fewer calls'],
  477: ['unavailable', 'is moving this account to another place'],
}

function wordsFor(status: number): readonly [FailureKind, string] {
  const known = BY_STATUS[status]
  if (known !== undefined) return known
  return status >= 500 ? ['unavailable', 'has a problem of its own'] : ['invalid', 'refused the call']
}

function hostOfLocation(location: string | undefined, host: string): string {
  if (location === undefined) return 'an address it does not name'
  try {
    return new URL(location, `https://${host}`).host || 'an address it does not name'
  } catch {
    return 'an address that cannot be read'
  }
}

/**
 * Milliseconds to wait by a Retry-After header (RFC 9110 10.2.3): seconds or an HTTP date. Undefined where there is
 * none or it cannot be read; a date in the past is 0.
 */
export function retryAfterOf(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (text === '') return undefined
  const ms = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS)
}

/** A try without an answer as an error. Errors that are no fault of the wire (an abort) come back as they are. */
export function failureOfTry(error: unknown, label: string, host: string): unknown {
  if (!(error instanceof TransportError)) return error
  const passing: Passing = (publicMessage, more) =>
    new ConnectorError({
      kind: 'unavailable',
      publicMessage,
      ...more,
      ambiguous: error.sent,
      cause: error,
    })
  switch (error.fault) {
    case 'timeout':
      return passing(`${label} at ${host} did not answer in time.`)
    case 'too_large':
    case 'undecodable': {
      const what =
        error.fault === 'too_large' ? 'an answer larger than 20 MB' : 'an answer that cannot be unpacked'
      return new ConnectorError({
        kind: 'malformed',
        publicMessage: `${label} sent ${what}.`,
        ambiguous: true,
        cause: error,
      })
    }
    case 'network':
      return ofNetwork(error, passing, label, host)
  }
}

type Passing = (publicMessage: string, more?: { retryAfterMs?: number; named?: CauseRef }) => ConnectorError

function ofNetwork(error: TransportError, passing: Passing, label: string, host: string): ConnectorError {
  const { cause } = error
  if (cause instanceof UnsafeAddressError) {
    return new ConnectorError({
      kind: 'unsafe',
      publicMessage: `${host} leads to an address that is not public, so it is not called.`,
      cause: error,
    })
  }
  const code = codeOf(cause)
  const certificate = CERTIFICATES[code]
  if (certificate !== undefined) {
    return passing(`The certificate of ${host} ${certificate}.`, {
      retryAfterMs: CERTIFICATE_RETRY_MS,
      named: causeRef('certificate_bad', { host, why: certificate }),
    })
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new ConnectorError({
      kind: 'invalid',
      publicMessage: `The call to ${label} could not be built.`,
      cause: error,
    })
  }
  if (code === 'ENOTFOUND') return passing(`The name ${host} was not found.`)
  if (!error.sent) return passing(`${label} at ${host} cannot be reached.`)
  return passing(`The connection to ${label} at ${host} was lost before the answer came.`, {
    named: causeRef('answer_lost'),
  })
}

const CERTIFICATES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed, so it proves nothing',
  SELF_SIGNED_CERT_IN_CHAIN: 'leads to an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'cannot be verified (an intermediate certificate may be missing)',
  UNABLE_TO_GET_ISSUER_CERT: 'cannot be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'leads to an authority that is not trusted',
  CERT_REVOKED: 'was revoked',
}

/** Code of an error; the first one of several tried addresses. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && !('code' in error)) return codeOf(error.errors[0])
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}
