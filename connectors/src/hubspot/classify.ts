import { causeRef, vendorWords } from '@crosswalk/shared/causes'
import { retryAfterOf, type Call, type Context, type FailureDescription, type Reply } from '../sdk/index.ts'
import { causeOf } from './causes.ts'
import { readError, type ErrorBody } from './error-body.ts'
import { factsOf } from './facts.ts'
import { blamedFields, breaksMapping, vendorCode, wordsForKind } from './failure-words.ts'
import { msToMidnight } from './midnight.ts'
import { OBJECT_TYPES, type ObjectName } from './object-types.ts'
import { OBJECT_SCOPES } from './scopes.ts'

const HOUR_MS = 3_600_000
/** "Account is being moved" may last a day; without a Retry-After it is asked again after this. */
const MOVING_MS = 60_000

/** Answers that pass by themselves, with the pause HubSpot asks for or, where it names none, a short one. */
const PAUSES_MS: Readonly<Record<number, number>> = {
  423: 2_000,
  500: 2_000,
  502: 5_000,
  503: 5_000,
  504: 5_000,
  521: 5_000,
  523: 5_000,
  524: 5_000,
  // A broken route or certificate on the way does not pass in seconds.
  522: 30_000,
  525: 30_000,
  526: 30_000,
}

type Known = Pick<Context, 'facts' | 'now'> | undefined

const OAUTH_PATH = /^\/oauth\//

/**
 * What a failed answer means (HubSpot's error handling page and usage guidelines). Undefined leaves it to the common
 * rules. `context` gives the account's time zone, to which the daily limit is bound; without it the connection is
 * held for an hour at a time.
 */
export function classify(reply: Reply, call: Call, context?: Known): FailureDescription | undefined {
  const error = readError(reply.body)
  if (OAUTH_PATH.test(call.path)) return oauthFailure(reply, error, context)
  switch (reply.status) {
    case 400:
      return describe('invalid', error, breaksMapping(error) ? { breaksMapping: true } : {})
    case 401:
      return describe('unauthorized', error, {
        publicMessage: expired(error)
          ? 'The HubSpot access has expired. Connect again if this does not pass.'
          : 'HubSpot does not accept the key of this connection. Check it, or connect again.',
      })
    case 403:
      return forbidden(error, call)
    case 404:
      return describe('not_found', error)
    case 409:
      return describe('conflict', error)
    case 414:
      return describe('malformed', error, {
        publicMessage: 'HubSpot found the address of a call too long.',
        named: causeRef('too_large'),
      })
    case 429:
      return rateLimited(reply, error, context)
    case 477:
      return describe('unavailable', error, {
        publicMessage: 'HubSpot is moving this account to another data centre.',
        named: causeRef('account_moving'),
        retryAfterMs: retryAfter(reply, context) ?? MOVING_MS,
        holdsConnection: true,
      })
    default:
      return passing(reply, error, context)
  }
}

function describe(
  kind: FailureDescription['kind'],
  error: ErrorBody,
  more: Partial<FailureDescription> = {},
): FailureDescription {
  const code = vendorCode(error)
  const fields = blamedFields(error)
  const named = kind === 'invalid' ? causeOf(error) : undefined
  return {
    kind,
    publicMessage: wordsForKind(kind, error),
    words: vendorWords(error.message),
    ...(named === undefined ? {} : { named }),
    ...(code === undefined ? {} : { vendorCode: code }),
    ...(fields.length === 0 ? {} : { fields }),
    ...more,
  }
}

const expired = (error: ErrorBody): boolean => error.codes.includes('EXPIRED_AUTHENTICATION')

function passing(reply: Reply, error: ErrorBody, context: Known): FailureDescription | undefined {
  const pause = PAUSES_MS[reply.status]
  if (pause === undefined) return undefined
  return describe('unavailable', error, {
    publicMessage:
      reply.status === 423
        ? 'HubSpot is busy with other work on these records.'
        : 'HubSpot does not answer properly at the moment.',
    retryAfterMs: Math.max(retryAfter(reply, context) ?? 0, pause),
  })
}

/** The object a call is about, by its path. */
export function objectOf(call: Pick<Call, 'path'>): ObjectName | undefined {
  const part = /^\/crm\/(?:objects|properties|pipelines)\/[^/]+\/([^/?]+)/.exec(call.path)?.[1]
  return part !== undefined && Object.hasOwn(OBJECT_TYPES, part) ? (part as ObjectName) : undefined
}

function forbidden(error: ErrorBody, call: Call): FailureDescription {
  const object = objectOf(call)
  if (object === undefined) return describe('forbidden', error)
  const needed = OBJECT_SCOPES[object]
  const isRead = (call.method ?? 'GET') === 'GET' || /\/(?:batch\/read|search)$/.test(call.path)
  const own = isRead ? needed.read : call.path.startsWith('/crm/properties/') ? needed.schema : needed.write
  const scopes = error.scopes.length === 0 ? own : error.scopes.slice(0, 5).join(', ')
  const permission = `${isRead ? 'read' : 'write'} ${OBJECT_TYPES[object].plural}`
  return describe('forbidden', error, {
    named: causeRef('permission_missing', { permission }),
    publicMessage: `HubSpot does not let this connection ${isRead ? 'read' : 'write'} ${OBJECT_TYPES[object].plural}: the scope ${scopes} is missing.`,
  })
}

/** Decided by the policy's name first, then by the message: some answers carry only one of the two. */
function rateLimited(reply: Reply, error: ErrorBody, context: Known): FailureDescription {
  const said = `${error.policyName} ${error.policyName === '' ? error.message : ''}`.toLowerCase()
  const told = retryAfter(reply, context)
  const limit = (publicMessage: string, more: Partial<FailureDescription>): FailureDescription =>
    describe('rate_limited', error, { publicMessage, vendorCode: error.policyName || 'RATE_LIMITS', ...more })
  if (/daily/.test(said)) {
    const zone = context === undefined ? undefined : factsOf(context).timeZone
    const midnight = zone === undefined || context === undefined ? null : msToMidnight(zone, context.now)
    const retryAfterMs = told ?? midnight ?? HOUR_MS
    const time = context && new Date(context.now.getTime() + retryAfterMs).toISOString()
    return limit('The daily number of HubSpot calls is used up. It starts anew at midnight.', {
      named: causeRef('daily_limit', { time }),
      retryAfterMs,
      holdsConnection: true,
    })
  }
  if (!/ten_secondly/.test(said) && /secondly/.test(said)) {
    return limit('HubSpot asked to search more slowly.', { retryAfterMs: told ?? 1_000 })
  }
  // The answer does not tell how much of the window is left, so the whole of it is waited for.
  const interval = Number(reply.headers['x-hubspot-ratelimit-interval-milliseconds'])
  const window = Number.isFinite(interval) && interval > 0 && interval <= 60_000 ? interval : 10_000
  return limit('HubSpot asked to go slower.', { retryAfterMs: told ?? window })
}

/** A dead refresh token is for the user; the other codes are our own configuration. */
function oauthFailure(reply: Reply, error: ErrorBody, context: Known): FailureDescription | undefined {
  if (reply.status === 429 || reply.status >= 477) {
    return describe(reply.status === 429 ? 'rate_limited' : 'unavailable', error, {
      publicMessage: 'HubSpot does not renew the access at the moment.',
      retryAfterMs: retryAfter(reply, context) ?? 5_000,
    })
  }
  const ours = error.codes.some((code) =>
    /^(?:BAD_CLIENT|BAD_REDIRECT|BAD_GRANT_TYPE|invalid_client)/.test(code),
  )
  if (ours) {
    return describe('malformed', error, {
      publicMessage:
        'HubSpot does not know this installation: its client id, secret or redirect address is wrong.',
      named: causeRef('installation_unknown'),
    })
  }
  const gone = error.codes.includes('BAD_HUB')
  return describe('unauthorized', error, {
    publicMessage: gone
      ? 'The HubSpot account is gone. Connect another one.'
      : 'HubSpot no longer accepts this connection. Connect again.',
    ...(gone ? { named: causeRef('account_gone') } : {}),
  })
}

/** What the answer says of waiting, in milliseconds: seconds or a date, which counts from `context`'s time. */
const retryAfter = (reply: Reply, context: Known): number | undefined =>
  retryAfterOf(reply.headers['retry-after'], context?.now.getTime() ?? Date.now())
