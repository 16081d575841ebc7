import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { authorize } from './authorize.ts'
import { oneLegged, signatureBase } from './oauth1.ts'
import { contextOf } from './test-drive.ts'

const keys = { consumerKey: `ck_${'1'.repeat(40)}`, consumerSecret: `cs_${'2'.repeat(40)}` }
const ask = (url: string, facts: Record<string, unknown> = {}, nonce = 'n1') =>
  authorize({ method: 'GET', url, headers: {}, body: '' }, keys, { ...contextOf(facts), nonce })
const ROUTE = 'https://shop.example.test/wp-json/wc/v3/orders'

describe('OAuth 1.0a', () => {
  it('makes the base string of RFC 5849, section 3.4.1.1', () => {
    const base = signatureBase('post', 'http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b', [
      ['oauth_consumer_key', '9djdj82h48djs9d2'],
      ['oauth_token', 'kkk9d7dh3k39sjv7'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131201'],
      ['oauth_nonce', '7d8f3e4a'],
      ['c2', ''],
      ['a3', '2 q'],
    ])
    expect(base).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    )
  })
  it('signs with the secret and an ampersand, over all parameters but the signature', () => {
    const url = 'http://shop.example.test/wp-json/wc/v3/orders?status=any&after=2026-01-01T00%3A00%3A00Z'
    const signed = oneLegged({
      method: 'GET',
      url,
      key: 'ck_1',
      secret: 'cs_1',
      nonce: 'abc',
      timestamp: 1_700_000_000,
    })
    const { oauth_signature: signature, ...rest } = signed
    const base = signatureBase('GET', url, Object.entries(rest))
    expect(signature).toBe(createHmac('sha256', 'cs_1&').update(base).digest('base64'))
    expect(rest).toEqual({
      oauth_consumer_key: 'ck_1',
      oauth_nonce: 'abc',
      oauth_signature_method: 'HMAC-SHA256',
      oauth_timestamp: '1700000000',
      oauth_version: '1.0',
    })
  })
})

describe('proof of who calls', () => {
  it('is Basic over https, and goes into the address only where the check found that it must', () => {
    const basic = Buffer.from(`${keys.consumerKey}:${keys.consumerSecret}`).toString('base64')
    expect(ask(ROUTE)).toEqual({ headers: { authorization: `Basic ${basic}` } })
    expect(ask(ROUTE, { transport: 'query' })).toEqual({
      query: { consumer_key: keys.consumerKey, consumer_secret: keys.consumerSecret },
    })
  })
  it('is a signature over plain http whatever the facts say, with a fresh nonce each time', () => {
    const http = ROUTE.replace('https', 'http')
    const [one, other] = [ask(http, { transport: 'query' }, 'n1'), ask(http, {}, 'n2')]
    expect(one.headers).toBeUndefined()
    expect(JSON.stringify(one)).not.toContain(keys.consumerSecret)
    expect(one.query?.['oauth_nonce']).toBe('n1')
    expect(one.query?.['oauth_signature']).not.toBe(other.query?.['oauth_signature'])
    // A shop that believes to be on http checks the signature against its http address.
    expect(ask(ROUTE, { transport: 'oauth1' })).toEqual(ask(http))
    expect(ask(http, { transport: 'oauth1', signedScheme: 'https' })).not.toEqual(ask(http))
  })
  it('follows the mark of the check', () => {
    expect(ask(`${ROUTE}?crosswalk_transport=query`).query).toHaveProperty('consumer_key')
    expect(ask(`${ROUTE}?crosswalk_transport=basic`, { transport: 'query' }).headers).toHaveProperty(
      'authorization',
    )
  })
  it('is kept from every other address', () => {
    expect(ask('https://shop.example.test/wp-json/')).toEqual({})
    expect(ask('https://shop.example.test/wp-json/wp/v2/users')).toEqual({})
    expect(ask('https://shop.example.test/')).toEqual({})
    expect(
      ask('https://shop.example.test/?rest_route=%2Fwc%2Fv3%2Forders&x=wp-json%2Fwc%2F').headers,
    ).toBeDefined()
  })
})
