import { describe, expect, it } from 'vitest'
import { MAX_WORDS, vendorWords } from './index.ts'

describe('the words of another system', () => {
  it.each([
    ['a secret behind its name', 'bad client_secret=hunter2secret given', 'bad … given'],
    ['a bearer token', 'Authorization: Bearer abc.def.ghi123 is wrong', /^(?!.*abc).*wrong$/],
    ['keys of a shop', 'consumer ck_0123456789abcdef refused', 'consumer … refused'],
    ['a token of HubSpot', 'pat-eu1-1234-abcd is not active', '… is not active'],
    ['a signed token', 'token eyJhbGciOi.eyJzdWIi.c2ln was refused', /^(?!.*eyJ).*refused$/],
    ['a long hash', 'no 20f98dfa05b64d278d96ecfde54ca211 here', 'no … here'],
    ['an address', 'anna@example.com is taken', '… is taken'],
    ['a phone number', 'call +31 6 1234 5678 first', 'call … first'],
    ['a name in quotes', 'the value "Anna Jansen" is taken', 'the value … is taken'],
    ['a name before its verdict', 'Anna Jansen was not a valid number.', '… was not a valid number.'],
    ['an address of the web', 'see https://example.com/x?key=1 for more', 'see … for more'],
    ['mark-up', '<script>alert(1)</script><b>bad</b> request', 'alert(1) bad request'],
    ['control characters', 'line\u0000one\u202e\ntwo', 'line one two'],
  ])('leave out %s', (_name, said, kept) => {
    const words = vendorWords(said)
    if (typeof kept === 'string') expect(words).toBe(kept)
    else expect(words).toMatch(kept)
  })
  it('keep the name of a field', () => {
    expect(vendorWords('The field "hs_total_price" is wrong')).toBe('The field "hs_total_price" is wrong')
  })
  it('end after 500 characters, between two of them', () => {
    const words = vendorWords(`nope ${'😀 '.repeat(400)}`)
    expect(words.length).toBeLessThanOrEqual(MAX_WORDS)
    expect(words.isWellFormed()).toBe(true)
    expect(words.endsWith('…')).toBe(true)
  })
  it('are nothing where nothing is left', () => {
    for (const said of ['', '"only a value"', '12', '{}']) expect(vendorWords(said)).toBe('')
  })
  it('are read in no time, whatever was sent', () => {
    for (const piece of ['a1-', '"', '<', '+1 ', '= ', 'a@', '{', 'token:']) {
      const began = performance.now()
      vendorWords(piece.repeat(100_000))
      expect(performance.now() - began).toBeLessThan(2_000)
    }
  })
})
