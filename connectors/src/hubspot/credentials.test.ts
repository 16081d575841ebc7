import { describe, expect, it } from 'vitest'
import { authorize } from './authorize.ts'
import { HubSpotCredentials } from './credentials.ts'
import { HubSpotSettings } from './settings.ts'

const request = { method: 'GET', url: 'https://api.hubapi.com/x', headers: {}, body: '' }

describe('credentials', () => {
  it('are an app’s tokens', () => {
    const oauth = HubSpotCredentials.parse({
      kind: 'oauth',
      accessToken: 'CJT',
      refreshToken: 'eu1-r',
      expiresAt: '2026-11-21T20:30:00.000Z',
      extra: { hub_id: 42 },
    })
    expect(authorize(request, oauth)).toEqual({ headers: { authorization: 'Bearer CJT' } })
    expect(oauth).toMatchObject({ extra: { hub_id: 42 } })
  })

  it('are a static key, without the blanks it was pasted with', () => {
    const fixed = HubSpotCredentials.parse({ kind: 'static', token: ' pat-eu1-x\n' })
    expect(authorize(request, fixed)).toEqual({ headers: { authorization: 'Bearer pat-eu1-x' } })
  })

  it('are nothing else', () => {
    expect(HubSpotCredentials.safeParse({ kind: 'static', token: ' ' }).success).toBe(false)
    expect(HubSpotCredentials.safeParse({ token: 'x' }).success).toBe(false)
  })
})

describe('settings', () => {
  it('need nothing from the user', () => {
    expect(HubSpotSettings.parse({})).toEqual({
      apiBaseUrl: 'https://api.hubapi.com',
      apiVersion: '2026-09',
      callsPer10Seconds: null,
      searchLagSeconds: 5,
    })
    expect(HubSpotSettings.parse({ apiBaseUrl: 'http://localhost:8080/' }).apiBaseUrl).toBe(
      'http://localhost:8080',
    )
  })

  it.each([[{ apiBaseUrl: 'ftp://example.com' }], [{ apiVersion: 'v3' }], [{ searchLagSeconds: 1 }]])(
    'refuse %j',
    (settings) => {
      expect(HubSpotSettings.safeParse(settings).success).toBe(false)
    },
  )
})
