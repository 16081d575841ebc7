import { describe, expect, it } from 'vitest'
import { causeOf, renderCause, type CauseKey } from '@crosswalk/shared/causes'
import type { Call } from '../sdk/index.ts'
import { classify } from './classify.ts'
import { objects } from './objects.ts'
import { part, reply, testContext } from './test-replies.ts'

const DEALS: Call = { method: 'POST', path: '/crm/objects/2026-09/deals/batch/create' }
const TOKEN: Call = { method: 'POST', path: '/oauth/2026-03/token' }

const error = (category: string, message: string, details: object[] = []) => ({
  status: 'error',
  message,
  category,
  ...(details.length === 0 ? {} : { errors: details }),
})
const refusing = (code: string, field: string, message = 'x') =>
  error('VALIDATION_ERROR', 'Property values were not valid', [
    { message, code, context: { propertyName: [field] } },
  ])

/** A refused call and what people are told of it. */
const CALLS: [name: string, status: number, body: unknown, cause: CauseKey, params?: object, call?: Call][] = [
  ['an unknown property', 400, refusing('PROPERTY_DOESNT_EXIST', 'loyalty'), 'field_gone', { field: 'loyalty' }],
  ['a property said not to exist', 400, error('VALIDATION_ERROR', 'Property "loyalty" does not exist'), 'field_gone', { field: 'loyalty' }],
  ['a read-only property', 400, refusing('READ_ONLY_VALUE', 'hs_object_id'), 'field_read_only', { field: 'hs_object_id' }],
  ['a stage of a deal', 400, refusing('INVALID_OPTION', 'dealstage'), 'stage_gone'],
  ['a pipeline of an order', 400, refusing('INVALID_OPTION', 'hs_pipeline'), 'stage_gone'],
  ['a currency', 400, refusing('INVALID_OPTION', 'deal_currency_code'), 'currency_missing'],
  ['a choice', 400, refusing('INVALID_OPTION', 'hs_lead_status'), 'choice_unknown', { field: 'hs_lead_status' }],
  ['an owner', 400, refusing('INVALID_OWNER_ID', 'hubspot_owner_id'), 'choice_unknown'],
  ['a number', 400, refusing('INVALID_INTEGER', 'amount'), 'value_wrong_kind', { field: 'amount', kind: 'a number' }],
  ['a negative price', 400, refusing('INVALID_NUMBER', 'price'), 'value_wrong_kind'],
  ['a day', 400, refusing('INVALID_DATE', 'closedate'), 'value_wrong_kind', { kind: 'a date' }],
  ['a moment', 400, refusing('INVALID_LONG', 'hs_processed_date'), 'value_wrong_kind', { kind: 'a date' }],
  ['an e-mail address', 400, refusing('INVALID_EMAIL', 'email'), 'value_wrong_kind', { kind: 'an e-mail address' }],
  ['a long text', 400, refusing('VALUE_TOO_LONG', 'dealname', 'Value is too long, at most 65536 characters'), 'value_too_long', { field: 'dealname', max: '65536' }],
  ['a required property', 400, refusing('REQUIRED_PROPERTY', 'dealname'), 'value_missing', { field: 'dealname' }],
  ['a value it names no reason for', 400, refusing('STRANGE', 'dealname'), 'value_refused', { field: 'dealname' }],
  ['values it names no field of', 400, error('VALIDATION_ERROR', 'Nothing goes today'), 'unknown_answer', { words: 'Nothing goes today' }],
  ['a duplicate', 409, error('CONFLICT', 'Contact already exists. Existing ID: 551'), 'value_taken'],
  ['an id that is gone', 404, error('OBJECT_NOT_FOUND', 'resource not found'), 'record_gone'],
  ['a missing scope', 403, error('MISSING_SCOPES', 'x'), 'permission_missing', { permission: 'write deals' }],
  ['a ban', 403, error('BANNED', 'x'), 'permission_missing', {}, { path: '/account-info' }],
  ['a wrong token', 401, error('INVALID_AUTHENTICATION', 'x'), 'sign_in_refused'],
  ['an expired token', 401, error('EXPIRED_AUTHENTICATION', 'x'), 'sign_in_refused'],
  ['a window of calls', 429, { policyName: 'TEN_SECONDLY_ROLLING', message: 'x' }, 'slow_down'],
  ['the search', 429, { policyName: 'SECONDLY', message: 'x' }, 'slow_down'],
  ['the day', 429, { policyName: 'DAILY', message: 'x' }, 'daily_limit', { time: '2026-11-21T23:00:00.000Z' }],
  ['a lock', 423, error('LOCKED', 'x'), 'system_silent'],
  ['a move', 477, error('MIGRATION', 'x'), 'account_moving'],
  ['a long address', 414, '<html>', 'too_large'],
  ...[500, 502, 503, 504, 521, 522, 523, 524, 525, 526].map((status): [string, number, unknown, CauseKey] => [`status ${status}`, status, '<html>', 'system_silent']),
  ['a dead refresh token', 400, { status: 'BAD_REFRESH_TOKEN' }, 'sign_in_refused', {}, TOKEN],
  ['an account that is gone', 400, { status: 'BAD_HUB' }, 'account_gone', {}, TOKEN],
  ['a client of ours that is wrong', 401, { error: 'invalid_client' }, 'installation_unknown', {}, TOKEN],
  ['a token endpoint that is down', 502, '<html>', 'system_silent', {}, TOKEN],
] // prettier-ignore

const told = (kind: string, more: { fields?: readonly string[]; named?: ReturnType<typeof causeOf>; words?: string }) =>
  causeOf({ code: kind, step: 'deliver', part: 'document', entity: 'order', system: 'HubSpot', source: 'WooCommerce', field: more.fields?.[0], named: more.named, words: more.words }) // prettier-ignore

describe('the cause of a refused call', () => {
  it.each(CALLS)('%s', (_name, status, body, cause, params = {}, call = DEALS) => {
    const read = classify(reply(status, body), call, testContext({ timeZone: 'Europe/Brussels' }))
    const ref = read && told(read.kind, read)
    expect(ref).toMatchObject({ key: cause, params: { system: 'HubSpot', ...params } })
  })
})

describe('the cause of a refused row of a batch', () => {
  it.each(
    CALLS.filter(([, status]) => status === 400 || status === 404 || status === 409).filter(
      ([, , , , , call]) => call === undefined,
    ),
  )('%s', (name, _status, body, cause, params = {}) => {
    const rows = [{ ...(body as object), context: { objectWriteTraceId: ['a'] } }]
    const [outcome] = objects.deals?.update?.outcomes(reply(207, { results: [], errors: rows }), [part('a', {}, { id: '1' })], testContext()) ?? [] // prettier-ignore
    if (outcome?.result !== 'failed') throw new Error(`${name} was not refused`)
    expect(told(outcome.kind, outcome)).toMatchObject({ key: cause, params })
  })
})

it('tells no value that HubSpot repeats', () => {
  const body = refusing('INVALID_EMAIL', 'email', 'Email address anna@example.com is invalid')
  const read = classify(reply(400, { ...body, message: 'Email address anna@example.com is invalid' }), DEALS)
  const cause = renderCause(told(read?.kind ?? '', read ?? {}))
  expect(JSON.stringify(cause)).not.toContain('anna@')
})
