import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { manualClock } from '../clock.ts'
import { startHubSpot, type HubSpotSimulator } from './index.ts'
import { link, O, send, sendForm } from './test-client.ts'

const clock = manualClock(Date.parse('2026-11-21T20:00:00Z'))
const redirectUri = 'https://bridge.example.test/oauth/hubspot/callback'
const app = { client_id: 'app-1', client_secret: 'secret-1' }
const T = '/oauth/2026-09/token'
let sim: HubSpotSimulator
const options = {
  limits: null,
  clock,
  clients: [{ clientId: 'app-1', clientSecret: 'secret-1', redirectUris: [redirectUri] }],
  tokens: [
    { token: 'reader', kind: 'static' as const, scopes: ['crm.objects.contacts.read'] },
    {
      token: 'shop',
      kind: 'static' as const,
      scopes: ['e-commerce', 'crm.objects.orders.write', 'crm.objects.orders.read'],
    },
    { token: 'short', kind: 'oauth' as const, expiresAt: clock.now() + 1_000 },
  ],
}
beforeAll(async () => {
  sim = await startHubSpot(options)
})
afterAll(() => sim.close())

const exchange = (code: string, rest: object = {}) =>
  sendForm(sim, T, { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...app, ...rest })
const connect = async () =>
  (await exchange(sim.issueCode('app-1', redirectUri, ['crm.objects.contacts.read']))).body
const refresh = (refresh_token: string, on = sim) =>
  sendForm(on, T, { grant_type: 'refresh_token', refresh_token, ...app })

describe('bearer tokens', () => {
  it('answers 401 without a token, with an unknown and with an expired one', async () => {
    for (const token of [null, 'nobody']) {
      const { status, body } = await send(sim, 'GET', O('contacts'), undefined, token)
      expect([status, body.category]).toEqual([401, 'INVALID_AUTHENTICATION'])
    }
    expect((await send(sim, 'GET', O('contacts'), undefined, 'short')).status).toBe(200)
    clock.advance(5_000)
    const { status, body } = await send(sim, 'GET', O('contacts'), undefined, 'short')
    expect([status, body.category, body.message]).toEqual([
      401,
      'EXPIRED_AUTHENTICATION',
      expect.stringContaining('4 second(s) ago'),
    ])
  })
  it('answers 403 naming the scopes that would do', async () => {
    const { status, body } = await send(
      sim,
      'POST',
      O('contacts'),
      { properties: { email: 'a@example.com' } },
      'reader',
    )
    expect([status, body.category]).toEqual([403, 'MISSING_SCOPES'])
    expect(body.errors[0].context.requiredGranularScopes).toEqual(['crm.objects.contacts.write'])
  })
  it.each([
    ['GET', O('contacts'), 'reader', 200],
    ['GET', O('companies'), 'reader', 403],
    ['GET', O('products'), 'shop', 200],
    ['GET', O('line_items'), 'shop', 200],
    ['GET', O('contacts'), 'shop', 403],
    ['GET', O('products'), 'reader', 403],
    ['GET', '/crm/properties/2026-09/contacts', 'reader', 200],
    ['POST', '/crm/properties/2026-09/contacts', 'reader', 403],
    ['POST', '/crm/properties/2026-09/products/groups', 'shop', 201],
    ['POST', '/crm/properties/2026-09/orders/groups', 'shop', 201],
    ['GET', '/crm/pipelines/2026-09/orders', 'shop', 200],
    ['GET', '/crm/pipelines/2026-09/deals', 'shop', 403],
    ['GET', '/crm/owners/2026-09', 'shop', 403],
    ['GET', '/account-info/2026-09/details', 'shop', 403],
  ])('%s %s with token %s: %i', async (method, path, token, status) => {
    const body = method === 'POST' ? { name: 'g', label: 'g' } : undefined
    expect((await send(sim, method, path, body, token)).status).toBe(status)
  })
  it('wants the scopes of both sides of an association', async () => {
    const contact = sim.createRecord('contacts', { firstname: 'A' })
    const order = sim.createRecord('orders', {}, [link(contact.id, 507)])
    const path = `${O('orders')}/${order.id}/associations/contacts`
    expect((await send(sim, 'GET', path, undefined, 'shop')).status).toBe(403)
  })
})

describe('OAuth', () => {
  it('exchanges a code once and gives tokens that work for 30 minutes', async () => {
    const code = sim.issueCode('app-1', redirectUri, ['crm.objects.contacts.read'])
    const { status, body } = await exchange(code)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      token_type: 'bearer',
      expires_in: 1800,
      hub_id: 42,
      scopes: ['oauth', 'crm.objects.contacts.read'],
    })
    expect((await send(sim, 'GET', O('contacts'), undefined, body.access_token)).status).toBe(200)
    expect((await exchange(code)).body.status).toBe('BAD_AUTH_CODE')
    clock.advance(1_800_000)
    expect((await send(sim, 'GET', O('contacts'), undefined, body.access_token)).status).toBe(401)
    const again = await refresh(body.refresh_token)
    expect(again.body.refresh_token).toBe(body.refresh_token)
    expect((await send(sim, 'GET', O('contacts'), undefined, again.body.access_token)).status).toBe(200)
    sim.expireToken(again.body.access_token)
    expect((await send(sim, 'GET', O('contacts'), undefined, again.body.access_token)).status).toBe(401)
  })
  it('sends the browser back with a code and the state', async () => {
    const query = new URLSearchParams({
      client_id: 'app-1',
      redirect_uri: redirectUri,
      scope: 'oauth',
      state: 's1',
    })
    const answer = await fetch(`${sim.url}/oauth/authorize?${query}`, { redirect: 'manual' })
    const target = new URL(answer.headers.get('location') ?? '')
    expect([answer.status, target.searchParams.get('state')]).toEqual([302, 's1'])
    expect((await exchange(target.searchParams.get('code') ?? '')).status).toBe(200)
    query.set('redirect_uri', 'https://elsewhere.example.com/')
    expect((await fetch(`${sim.url}/oauth/authorize?${query}`, { redirect: 'manual' })).status).toBe(400)
  })
  it.each([
    ['BAD_CLIENT_ID', { client_id: 'other' }],
    ['BAD_CLIENT_SECRET', { client_secret: 'wrong' }],
    ['BAD_REDIRECT_URI', { redirect_uri: 'https://elsewhere.example.com/' }],
    ['BAD_GRANT_TYPE', { grant_type: 'password' }],
    ['BAD_AUTH_CODE', { code: 'none' }],
  ])('answers 400 %s', async (code, wrong) => {
    const { status, body } = await exchange(sim.issueCode('app-1', redirectUri, []), wrong)
    expect([status, body.status, typeof body.error]).toEqual([400, code, 'string'])
  })
  it('answers BAD_REFRESH_TOKEN once the token is revoked', async () => {
    const tokens = await connect()
    expect((await sendForm(sim, `${T}/revoke`, { ...app, token: tokens.refresh_token })).status).toBe(200)
    const { status, body } = await refresh(tokens.refresh_token)
    expect([status, body]).toEqual([
      400,
      expect.objectContaining({ status: 'BAD_REFRESH_TOKEN', error: 'invalid_grant' }),
    ])
    expect((await send(sim, 'GET', O('contacts'), undefined, tokens.access_token)).status).toBe(401)
  })
  it('introspects both kinds of token', async () => {
    const tokens = await connect()
    const look = (token: string) => sendForm(sim, `${T}/introspect`, { ...app, token })
    expect((await look(tokens.access_token)).body).toMatchObject({
      active: true,
      token_use: 'access_token',
      hub_id: 42,
    })
    expect((await look(tokens.refresh_token)).body).toMatchObject({
      active: true,
      token_use: 'refresh_token',
    })
    expect((await look('none')).body).toEqual({ active: false })
  })
  it('wants a form, not JSON', async () => {
    expect((await send(sim, 'POST', T, { grant_type: 'refresh_token' })).status).toBe(415)
  })
  it('takes everything away on uninstall', async () => {
    const tokens = await connect()
    const gone = await send(
      sim,
      'DELETE',
      '/appinstalls/2026-09/external-install',
      undefined,
      tokens.access_token,
    )
    expect([gone.status, (await refresh(tokens.refresh_token)).status]).toEqual([204, 400])
  })
  it('rotates refresh tokens where told to', async () => {
    const rotating = await startHubSpot({ ...options, rotatesRefreshTokens: true })
    const code = rotating.issueCode('app-1', redirectUri, [])
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...app }
    const first = (await sendForm(rotating, '/oauth/v1/token', form)).body.refresh_token
    const second = await refresh(first, rotating)
    const stale = await refresh(first, rotating)
    await rotating.close()
    expect([second.status, second.body.refresh_token === first, stale.status]).toEqual([200, false, 400])
  })
})
