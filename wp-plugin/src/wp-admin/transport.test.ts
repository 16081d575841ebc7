import apiFetch from '@wordpress/api-fetch'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { throughWordPress } from './transport.ts'

vi.mock('@wordpress/api-fetch', () => ({ default: vi.fn() }))
const fetched = vi.mocked(apiFetch)

const answer = (status: number, body: unknown): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })
const ask = throughWordPress('/crosswalk/v1/bridge', 'bridge.example.com')

describe('the way through WordPress', () => {
  beforeEach(() => fetched.mockReset())

  it('hands the path over with its query, as one parameter', async () => {
    fetched.mockResolvedValue(answer(200, { items: [] }))
    const got = await ask({ method: 'GET', path: '/records?limit=5&search=%23a%26b' })
    expect(got).toEqual({ status: 200, json: { items: [] } })
    const { path } = fetched.mock.calls[0]?.[0] as { path: string }
    expect(new URL(path, 'https://x').searchParams.get('path')).toBe('/records?limit=5&search=%23a%26b')
  })

  it('gives refusals of the bridge as they are, and those of WordPress in the same form', async () => {
    const refusal = { error: { code: 'conflict', message: 'Another version is there.' } }
    fetched.mockRejectedValueOnce(answer(409, refusal))
    expect(await ask({ method: 'PUT', path: '/x', body: {} })).toEqual({ status: 409, json: refusal })
    fetched.mockRejectedValueOnce(
      answer(403, { code: 'rest_cookie_invalid_nonce', message: 'Cookie check failed' }),
    )
    expect((await ask({ method: 'GET', path: '/x' })).json).toEqual({
      error: { code: 'forbidden', message: 'Cookie check failed' },
    })
    fetched.mockRejectedValueOnce(answer(500, '<html>'))
    expect(await ask({ method: 'GET', path: '/x' })).toEqual({ status: 500, json: undefined })
  })

  it('tells a bridge that does not answer from a WordPress that does not', async () => {
    fetched.mockRejectedValueOnce(answer(502, { code: 'crosswalk_timeout', message: 'late' }))
    await expect(ask({ method: 'GET', path: '/x' })).rejects.toThrow('bridge.example.com does not answer')
    fetched.mockRejectedValueOnce(new TypeError('fetch failed'))
    await expect(ask({ method: 'GET', path: '/x' })).rejects.toThrow(`${location.host} does not answer`)
  })
})
