import { describe, expect, it } from 'vitest'
import type { Call, Facts, Reply } from '../sdk/index.ts'
import { check } from './check.ts'
import { windows } from './limits.ts'
import { HubSpotSettings } from './settings.ts'
import { lead, reply, testContext } from './test-replies.ts'

const ACCOUNT = {
  portalId: 42,
  accountType: 'STANDARD',
  timeZone: 'Europe/Brussels',
  companyCurrency: 'EUR',
  additionalCurrencies: ['SEK'],
  uiDomain: 'app-eu1.hubspot.com',
}
const HEADERS = { 'x-hubspot-ratelimit-max': '190', 'x-hubspot-ratelimit-interval-milliseconds': '10000' }
const without =
  (...missing: string[]) =>
  (call: Call): Reply => {
    if (call.path.startsWith('/account-info/')) return reply(200, ACCOUNT)
    const object = call.path.split('/').pop() ?? ''
    return missing.includes(object)
      ? reply(403, { category: 'MISSING_SCOPES', message: 'x' })
      : reply(200, { results: [] }, HEADERS)
  }
const states = (...missing: string[]) => {
  const { result } = lead(check(testContext()), without(...missing))
  return Object.fromEntries(
    result.findings.map(({ id, state, blocking }) => [id, blocking ? 'blocking' : state]),
  )
}

describe('check', () => {
  it('learns the account and reads one record of each object', () => {
    const { result, calls } = lead(check(testContext()), without())
    expect(result).toMatchObject({
      origin: 'hubspot:42',
      account: 'HubSpot 42 (standard)',
      facts: {
        portalId: 42,
        currency: 'EUR',
        additionalCurrencies: ['SEK'],
        timeZone: 'Europe/Brussels',
        uiDomain: 'app-eu1.hubspot.com',
        rateLimitMax: 190,
        objects: { contacts: true, companies: true, orders: true },
      },
    })
    expect(result.findings.every(({ state }) => state === 'ok')).toBe(true)
    expect(calls.every(({ method }) => (method ?? 'GET') === 'GET')).toBe(true)
  })

  it('goes on without companies, and with deals or orders alone', () => {
    expect(states('companies')).toMatchObject({ 'read-companies': 'warning' })
    expect(states('deals')).toMatchObject({ 'read-deals': 'warning', 'read-orders': 'ok' })
    expect(states('deals', 'orders')).toMatchObject({ 'read-deals': 'blocking', 'read-orders': 'blocking' })
  })

  it('names the scope an object needs', () => {
    const { result } = lead(check(testContext()), without('contacts'))
    expect(result.findings.find(({ id }) => id === 'read-contacts')).toMatchObject({
      blocking: true,
      text: 'Cannot read contacts: the scope crm.objects.contacts.read is missing.',
    })
  })

  it.each([
    ['INVALID_AUTHENTICATION', 401, 'wrong-token'],
    ['EXPIRED_AUTHENTICATION', 401, 'expired'],
    ['MISSING_SCOPES', 403, 'account-scope'],
  ])('tells %s', (category, status, id) => {
    const { result } = lead(check(testContext()), () => reply(status, { category, message: 'x' }))
    expect(result).toMatchObject({ origin: '', findings: [{ id, blocking: true }] })
  })

  it('is no judgement on the key while HubSpot is away', () => {
    expect(() => lead(check(testContext()), () => reply(503, ''))).toThrow(
      expect.objectContaining({ kind: 'unavailable' }),
    )
  })

  it('fails loudly on an account of another shape', () => {
    expect(() => lead(check(testContext()), () => reply(200, {}))).toThrow(
      expect.objectContaining({ kind: 'malformed' }),
    )
  })
})

describe('windows', () => {
  const all = (settings: object, facts: Facts) => windows(HubSpotSettings.parse(settings), facts)[0]?.calls
  it('keep to the smallest plan until an answer tells, and to a lower setting', () => {
    expect(all({}, {})).toBe(100)
    expect(all({}, { rateLimitMax: 190 })).toBe(190)
    expect(all({ callsPer10Seconds: 50 }, { rateLimitMax: 190 })).toBe(50)
    expect(all({ callsPer10Seconds: 250 }, { rateLimitMax: 110 })).toBe(110)
  })
})
