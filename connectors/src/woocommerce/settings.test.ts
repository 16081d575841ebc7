import { describe, expect, it } from 'vitest'
import { WooCredentials } from './credentials.ts'
import { originOf, VAT_META_KEYS, WooSettings } from './settings.ts'

const messageOf = (result: { error?: { issues: { message: string }[] } | undefined }): string =>
  result.error?.issues[0]?.message ?? ''

describe('shop address', () => {
  it.each([
    ['shop.example.com', 'https://shop.example.com'],
    [' HTTPS://Shop.Example.com/ ', 'https://shop.example.com'],
    ['https://example.com/shop/wp-admin/admin.php?page=wc-settings', 'https://example.com/shop'],
    ['https://example.com/wp-json/wc/v3/', 'https://example.com'],
    ['https://example.com/index.php', 'https://example.com'],
    ['http://127.0.0.1:8081', 'http://127.0.0.1:8081'],
    ['https://bücher.example.com/?utm=1#top', 'https://xn--bcher-kva.example.com'],
  ])('%s becomes %s', (given, expected) => {
    expect(WooSettings.parse({ shopUrl: given })).toEqual({ shopUrl: expected, vatMetaKeys: VAT_META_KEYS })
  })
  it.each([
    ['', /Enter the address/],
    ['   ', /Enter the address/],
    ['my shop', /not a web address/],
    ['ftp://example.com', /begin with https/],
    ['https://user:pass@example.com', /Leave user name/],
  ])('%j is refused with a reason', (given, words) => {
    expect(messageOf(WooSettings.safeParse({ shopUrl: given }))).toMatch(words)
  })
  it('gives a stable name', () => {
    expect(originOf('https://www.example.com')).toBe('woocommerce:example.com')
    expect(originOf('https://example.com/shop')).toBe('woocommerce:example.com/shop')
    expect(originOf('http://127.0.0.1:8081')).toBe('woocommerce:127.0.0.1:8081')
  })
})

describe('keys', () => {
  const [ck, cs] = [`ck_${'a1'.repeat(20)}`, `cs_${'b2'.repeat(20)}`]
  const problem = (consumerKey: string, consumerSecret = cs) =>
    messageOf(WooCredentials.safeParse({ consumerKey, consumerSecret }))
  it('are taken with the spaces of a copy dropped', () => {
    expect(WooCredentials.parse({ consumerKey: ` ${ck}\n`, consumerSecret: cs })).toEqual({
      consumerKey: ck,
      consumerSecret: cs,
    })
  })
  it('that look wrong come with what to do', () => {
    expect(problem('')).toMatch(/REST API/)
    expect(problem(cs, ck)).toMatch(/swapped/)
    expect(problem('…1a2b3c4')).toMatch(/only the end/)
    expect(problem('abc')).toMatch(/begins with ck_/)
    expect(problem(ck.slice(0, 30))).toMatch(/30 characters instead of 43/)
    expect(problem(`${ck.slice(0, -1)}!`)).toMatch(/characters no key has/)
    expect(problem(ck, '')).toMatch(/consumer secret/)
  })
})
