import { describe, expect, it } from 'vitest'
import type { Call } from '../sdk/index.ts'
import { classify } from './classify.ts'
import { reply, testContext } from './test-replies.ts'

const ORDERS: Call = { method: 'POST', path: '/crm/objects/2026-09/orders/batch/create' }
const error = (category: string, message: string, more: object = {}) => ({
  status: 'error',
  message,
  correlationId: '20f98dfa-05b6-4d27-8d96-ecfde54ca211',
  category,
  ...more,
})
const limit = (policyName: string | undefined, message: string) => ({
  status: 'error',
  message,
  errorType: 'RATE_LIMIT',
  ...(policyName === undefined ? {} : { policyName }),
})

const TABLE: [name: string, status: number, body: unknown, expected: object, headers?: Record<string, string>][] = [
  ['duplicate contact', 409, error('CONFLICT', 'Contact already exists. Existing ID: 551'), { kind: 'conflict', vendorCode: 'CONFLICT' }],
  [
    'unique value taken',
    400,
    error('VALIDATION_ERROR', 'Cannot set PropertyValueCoordinates{portalId=42, objectTypeId=ObjectTypeId{legacyObjectType=ORDER}, propertyName=crosswalk_key, value=woo:1} on 900. 901 already has that value.'),
    { kind: 'invalid', fields: ['crosswalk_key'] },
  ],
  [
    'unknown property, by code',
    400,
    error('VALIDATION_ERROR', 'Property values were not valid', { errors: [{ message: 'x', code: 'PROPERTY_DOESNT_EXIST', context: { propertyName: ['loyalty'] } }] }),
    { kind: 'invalid', vendorCode: 'PROPERTY_DOESNT_EXIST', fields: ['loyalty'], breaksMapping: true },
  ],
  [
    'unknown property, in the message',
    400,
    error('VALIDATION_ERROR', 'Property values were not valid: [{"isValid":false,"message":"Property \\"loyalty\\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"loyalty"}]'),
    { kind: 'invalid', vendorCode: 'PROPERTY_DOESNT_EXIST', fields: ['loyalty'], breaksMapping: true },
  ],
  [
    'bad number',
    400,
    error('VALIDATION_ERROR', 'Property values were not valid', { errors: [{ message: 'abc was not a valid long.', code: 'INVALID_INTEGER', context: { propertyName: ['amount'] } }] }),
    { kind: 'invalid', vendorCode: 'INVALID_INTEGER', fields: ['amount'], publicMessage: 'HubSpot refused a value: amount.' },
  ],
  [
    'a stage that is gone',
    400,
    error('VALIDATION_ERROR', 'Property values were not valid', { errors: [{ message: 'x', code: 'INVALID_OPTION', context: { propertyName: ['dealstage'] } }] }),
    { kind: 'invalid', fields: ['dealstage'], breaksMapping: true },
  ],
  ['missing scope', 403, error('MISSING_SCOPES', 'This app has not been granted all required scopes'), { kind: 'forbidden', publicMessage: 'HubSpot does not let this connection write orders: the scope crm.objects.orders.write is missing.' }],
  [
    'missing scope, named by HubSpot',
    403,
    error('MISSING_SCOPES', 'x', { errors: [{ message: 'x', context: { requiredGranularScopes: ['crm.objects.orders.write'] } }] }),
    { kind: 'forbidden', publicMessage: expect.stringContaining('crm.objects.orders.write') },
  ],
  ['unknown id', 404, error('OBJECT_NOT_FOUND', 'resource not found'), { kind: 'not_found', vendorCode: 'OBJECT_NOT_FOUND' }],
  ['wrong token', 401, error('INVALID_AUTHENTICATION', 'Authentication credentials not found.'), { kind: 'unauthorized', vendorCode: 'INVALID_AUTHENTICATION' }],
  ['expired token', 401, error('EXPIRED_AUTHENTICATION', 'The OAuth token used to make this call expired'), { kind: 'unauthorized', vendorCode: 'EXPIRED_AUTHENTICATION' }],
  ['ten seconds', 429, limit('TEN_SECONDLY_ROLLING', 'You have reached your ten_secondly_rolling limit.'), { kind: 'rate_limited', retryAfterMs: 10_000 }],
  ['ten seconds, by message', 429, limit(undefined, 'You have reached your ten_secondly_rolling limit.'), { kind: 'rate_limited', retryAfterMs: 10_000 }],
  ['ten seconds, as a category', 429, error('RATE_LIMITS', 'You have reached your ten_secondly_rolling limit.'), { kind: 'rate_limited', retryAfterMs: 10_000 }],
  ['search', 429, limit('SECONDLY', 'You have reached your secondly limit.'), { kind: 'rate_limited', retryAfterMs: 1_000 }],
  ['search, by message', 429, limit(undefined, 'You have reached your secondly limit.'), { kind: 'rate_limited', retryAfterMs: 1_000 }],
  ['daily', 429, limit('DAILY', 'You have reached your daily limit.'), { kind: 'rate_limited', holdsConnection: true, retryAfterMs: 3 * 3_600_000 }],
  ['daily, by message', 429, limit(undefined, 'You have reached your daily limit.'), { kind: 'rate_limited', holdsConnection: true }],
  ['a pause it names', 429, limit('SECONDLY', 'x'), { retryAfterMs: 3_000 }, { 'retry-after': '3' }],
  ['a pause that ends at a date', 429, limit('TEN_SECONDLY_ROLLING', 'x'), { retryAfterMs: 4_000 }, { 'retry-after': 'Sat, 21 Nov 2026 20:00:04 GMT' }],
  ['locked', 423, error('LOCKED', 'x'), { kind: 'unavailable', retryAfterMs: 2_000 }],
  ['moving', 477, error('MIGRATION', 'x'), { kind: 'unavailable', holdsConnection: true, retryAfterMs: 7_200_000 }, { 'retry-after': '7200' }],
  ['too long an address', 414, '<html>', { kind: 'malformed' }],
  ...[500, 502, 503, 504, 521, 522, 523, 524, 525, 526].map(
    (status): [string, number, unknown, object] => [`status ${status}`, status, '<html>', { kind: 'unavailable' }],
  ),
] // prettier-ignore

describe('classify', () => {
  it.each(TABLE)('%s', (_name, status, body, expected, headers) => {
    const context = testContext({ timeZone: 'Europe/Brussels' })
    expect(classify(reply(status, body, headers), ORDERS, context)).toMatchObject(expected)
  })

  it('never passes on what HubSpot wrote, which holds values', () => {
    const body = error('VALIDATION_ERROR', 'Email address jan@example.com is invalid', {
      errors: [{ message: 'jan@example.com', code: 'INVALID_EMAIL', context: { propertyName: ['email'] } }],
    })
    const failure = classify(reply(400, body), ORDERS)
    expect(failure?.publicMessage).toBe('HubSpot refused a value: email.')
    expect(JSON.stringify(failure)).not.toContain('jan@')
  })

  it('names the scope a property needs', () => {
    const call: Call = { method: 'POST', path: '/crm/properties/2026-09/line_items/batch/create' }
    expect(classify(reply(403, error('MISSING_SCOPES', 'x')), call)?.publicMessage).toBe(
      'HubSpot does not let this connection write line items: the scope e-commerce is missing.',
    )
  })

  it('holds for an hour where the time zone is not known', () => {
    const failure = classify(reply(429, limit('DAILY', 'x')), ORDERS)
    expect(failure).toMatchObject({ retryAfterMs: 3_600_000, holdsConnection: true })
  })

  it('leaves other statuses to the common rules', () => {
    expect(classify(reply(418, null), ORDERS)).toBeUndefined()
  })
})

describe('classify of the token endpoint', () => {
  const TOKEN: Call = { method: 'POST', path: '/oauth/2026-03/token' }
  it.each([
    [400, { status: 'BAD_REFRESH_TOKEN', message: 'x', error: 'invalid_grant' }, 'unauthorized'],
    [400, { status: 'BAD_HUB', message: 'x' }, 'unauthorized'],
    [400, { status: 'BAD_CLIENT_SECRET', message: 'x' }, 'malformed'],
    [401, { error: 'invalid_client' }, 'malformed'],
    [429, { message: 'x' }, 'rate_limited'],
    [502, '<html>', 'unavailable'],
    [477, {}, 'unavailable'],
  ] as const)('%i %j is %s', (status, body, kind) => {
    expect(classify(reply(status, body), TOKEN)?.kind).toBe(kind)
  })
})
