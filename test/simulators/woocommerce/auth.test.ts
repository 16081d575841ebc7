import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { manualClock } from '../clock.ts'
import { startWooCommerce, type ApiKey, type WooCommerceOptions, type WooCommerceSimulator } from './index.ts'
import { basic } from './lab.ts'

let sim: WooCommerceSimulator
afterEach(() => sim.close())
const start = async (options: WooCommerceOptions = {}): Promise<void> =>
  void (sim = await startWooCommerce(options))

const orders = '/wp-json/wc/v3/orders'
const keyAt = (index: number): ApiKey => sim.keys[index] as ApiKey

interface Outcome {
  status: number
  type: string
  code: string
  message: string
}

async function get(path: string, init: RequestInit = {}): Promise<Outcome> {
  const response = await fetch(sim.url + path, init)
  const type = response.headers.get('content-type') ?? ''
  const text = await response.text()
  const body = (type.includes('json') && text ? JSON.parse(text) : {}) as Partial<Outcome>
  return { status: response.status, type, code: body.code ?? '', message: body.message ?? '' }
}

const encode = (value: string): string =>
  encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** A URL signed as RFC 5849 says, by an implementation of its own. */
function signed(
  method: string,
  url: string,
  key: ApiKey,
  change: Partial<Record<'nonce' | 'timestamp' | 'method' | 'secret', string>> = {},
): string {
  const target = new URL(url)
  const params: [string, string][] = [
    ...target.searchParams,
    ['oauth_consumer_key', key.key],
    ['oauth_nonce', change.nonce ?? Math.random().toString(36)],
    ['oauth_signature_method', change.method ?? 'HMAC-SHA256'],
    ['oauth_timestamp', change.timestamp ?? String(Math.floor(sim.clock.now() / 1000))],
  ]
  const pairs = params.map(([name, value]) => [encode(name), encode(value)] as const)
  const query = [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&')
  const base = `${method}&${encode(`${target.origin}${target.pathname}`)}&${encode(query)}`
  const hash = change.method === 'HMAC-SHA1' ? 'sha1' : 'sha256'
  const signature = createHmac(hash, `${change.secret ?? key.secret}&`)
    .update(base)
    .digest('base64')
  return `${target.pathname}?${pairs.map((pair) => pair.join('=')).join('&')}&oauth_signature=${encode(signature)}`
}

describe('keys over TLS', () => {
  it('takes Basic, and keys in the query string, which win', async () => {
    await start()
    const { key, secret } = keyAt(0)
    expect((await get(orders, { headers: { authorization: basic(keyAt(0)) } })).status).toBe(200)
    const query = `?consumer_key=${key}&consumer_secret=${secret}`
    expect((await get(orders + query)).status).toBe(200)
    expect((await get(orders + query, { headers: { authorization: 'Basic bad' } })).status).toBe(200)
    const wrong = await get(`${orders}?consumer_key=${key}&consumer_secret=x`, {
      headers: { authorization: basic(keyAt(0)) },
    })
    expect(wrong).toMatchObject({ status: 401, message: 'Consumer secret is invalid.' })
  })

  it('holds read and write permissions apart', async () => {
    await start()
    const [, read, write] = sim.keys as [ApiKey, ApiKey, ApiKey]
    const post = { method: 'POST', headers: { authorization: basic(read) } }
    expect(await get(orders, post)).toMatchObject({
      status: 401,
      code: 'woocommerce_rest_authentication_error',
      message: 'The API key provided does not have write permissions.',
    })
    expect(await get(orders, { headers: { authorization: basic(write) } })).toMatchObject({
      status: 401,
      message: 'The API key provided does not have read permissions.',
    })
    expect((await get(orders, { method: 'POST', headers: { authorization: basic(write) } })).status).toBe(201)
  })

  it('sees only query-string keys where the host strips the header', async () => {
    await start({ stripAuthorization: true })
    const { key, secret } = keyAt(0)
    const refused = await get(orders, { headers: { authorization: basic(keyAt(0)) } })
    expect(refused).toMatchObject({ status: 401, code: 'woocommerce_rest_cannot_view' })
    expect((await get(`${orders}?consumer_key=${key}&consumer_secret=${secret}`)).status).toBe(200)
  })
})

describe('plain permalinks', () => {
  it('knows only ?rest_route=, and keys only with wp-json/wc/ in the URI', async () => {
    await start({ plainPermalinks: true })
    const headers = { authorization: basic(keyAt(0)) }
    expect(await get(orders, { headers })).toMatchObject({ status: 200, type: 'text/html; charset=UTF-8' })
    expect(await get('/?rest_route=/wc/v3/orders', { headers })).toMatchObject({ status: 401 })
    expect((await get('/?rest_route=/wc/v3/orders&x=wp-json/wc/', { headers })).status).toBe(200)
    const home = await fetch(sim.url)
    expect(home.headers.get('link')).toBe(`<${sim.url}/index.php?rest_route=/>; rel="https://api.w.org/"`)
  })
})

describe('a security plugin', () => {
  it('answers 403 with a page, key or not', async () => {
    await start({ securityPlugin: true })
    const answer = await get(orders, { headers: { authorization: basic(keyAt(0)) } })
    expect(answer).toMatchObject({ status: 403, type: 'text/html; charset=UTF-8' })
    expect((await get('/wp-json/')).status).toBe(200)
  })
})

describe('OAuth 1.0a over plain HTTP', () => {
  const begin = () => start({ https: 'none', clock: manualClock(Date.parse('2026-11-21T20:00:00Z')) })

  it('takes HMAC-SHA256 and HMAC-SHA1, with lists and odd characters in the query', async () => {
    await begin()
    const url = `${sim.url}${orders}?status[0]=pending&status[1]=failed&search=a%20b!(c)*%27`
    expect((await get(signed('GET', url, keyAt(0)))).status).toBe(200)
    expect((await get(signed('GET', sim.url + orders, keyAt(0), { method: 'HMAC-SHA1' }))).status).toBe(200)
  })

  it('refuses Basic and query-string keys', async () => {
    await begin()
    const { key, secret } = keyAt(0)
    const cannotView = { status: 401, code: 'woocommerce_rest_cannot_view' }
    expect(await get(orders, { headers: { authorization: basic(keyAt(0)) } })).toMatchObject(cannotView)
    expect(await get(`${orders}?consumer_key=${key}&consumer_secret=${secret}`)).toMatchObject(cannotView)
  })

  it('refuses a nonce used before, an old timestamp, another method and a wrong signature', async () => {
    await begin()
    const url = signed('GET', sim.url + orders, keyAt(0))
    expect((await get(url)).status).toBe(200)
    expect(await get(url)).toMatchObject({
      status: 401,
      message: 'Invalid nonce - nonce has already been used.',
    })
    const old = String(sim.clock.now() / 1000 - 901)
    const refused: [Parameters<typeof signed>[3], string][] = [
      [{ timestamp: old }, 'Invalid timestamp.'],
      [{ method: 'PLAINTEXT' }, 'Invalid signature - signature method is invalid.'],
      [{ secret: 'cs_wrong' }, 'Invalid signature - provided signature does not match.'],
    ]
    for (const [change, message] of refused) {
      const answer = await get(signed('GET', sim.url + orders, keyAt(0), change))
      expect(answer).toMatchObject({ status: 401, code: 'woocommerce_rest_authentication_error', message })
    }
    const asPost = signed('POST', sim.url + orders, keyAt(0))
    expect((await get(asPost)).message).toBe('Invalid signature - provided signature does not match.')
  })

  it('names unknown keys and missing parameters', async () => {
    await begin()
    const stranger: ApiKey = { key: 'ck_x', secret: 'cs_x', permissions: 'read' }
    expect((await get(signed('GET', sim.url + orders, stranger))).message).toBe('Consumer key is invalid.')
    expect(await get(`${orders}?oauth_consumer_key=x&oauth_nonce=1`)).toMatchObject({
      status: 401,
      code: 'woocommerce_rest_authentication_missing_parameter',
      message: 'Missing OAuth parameters oauth_timestamp, oauth_signature, oauth_signature_method',
    })
  })
})
