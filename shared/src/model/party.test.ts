import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseCompanyName, normaliseEmail, normaliseVatId } from './party.ts'

describe('normaliseEmail', () => {
  it.each([
    [' Jo.Jansen@Example.COM ', 'jo.jansen@example.com'],
    ['jo+shop@example.com', 'jo+shop@example.com'],
    ['info@bücher.example', 'info@xn--bcher-kva.example'],
    ['info@xn--bcher-kva.example', 'info@xn--bcher-kva.example'],
    ['jö@example.com', 'jö@example.com'],
    ["o'neil@mail.example.co.uk", "o'neil@mail.example.co.uk"],
  ])('makes %j %s', (text, expected) => {
    expect(normaliseEmail(text)).toBe(expected)
  })

  it.each([
    '', 'jo', 'jo@', '@example.com', 'jo@example', 'jo@example.c', 'a@b@example.com', 'jo@example..com', 'jo @example.com',
    'jo@example.com, piet@example.com', 'Jo <jo@example.com>', `${'x'.repeat(65)}@example.com`, `a@${'x'.repeat(250)}.com`,
    'jö@1.23', 'jo@example.com/path.nl', 'jo@ü/x.de', 'jö@example.com:80', 'jo@exa\u0000mple.com', 'jo@.com',
  ])('refuses %j', (text) => {
    expect(normaliseEmail(text)).toBeNull()
  }) // prettier-ignore

  it('is settled after one pass and never throws', () => {
    const texts = fc.oneof(
      fc.emailAddress(),
      fc.string({ unit: 'binary-ascii' }),
      fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme', minLength: 1 })).map(([a, b]) => `${a}@${b}.example`), // prettier-ignore
    )
    fc.assert(
      fc.property(texts, (text) => {
        const once = normaliseEmail(text)
        if (once !== null) expect(normaliseEmail(once)).toBe(once)
      }),
    )
  })

  it('takes common addresses', () => {
    fc.assert(
      fc.property(fc.emailAddress({ size: 'small' }), (address) => {
        fc.pre(address.length <= 254)
        expect(normaliseEmail(address)).toBe(address.toLowerCase())
      }),
    )
  })
})

describe('normaliseCompanyName', () => {
  it.each([
    ['ACME B.V.', 'Acme BV'],
    ['Acme, Inc.', 'acme inc'],
    ['Müller GmbH & Co. KG', 'müller'],
    ['  Acme   Holding  N.V. ', 'acme holding'],
    ['Nordic A/S', 'nordic'],
  ])('lets %j meet %j', (one, other) => {
    expect(normaliseCompanyName(one)).toBe(normaliseCompanyName(other))
  })

  it('keeps a name that is nothing but a legal form', () => {
    expect(normaliseCompanyName('BV')).toBe('bv')
    expect(normaliseCompanyName(' , BV')).not.toBe('')
  })

  it('tells different companies apart', () => {
    expect(normaliseCompanyName('Bas')).toBe('bas')
    expect(normaliseCompanyName('Acme Holding BV')).not.toBe(normaliseCompanyName('Acme BV'))
  })

  it('never throws, and is empty only for a name without characters', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 250 }),
          fc.string({ unit: 'binary-ascii', maxLength: 400 }),
        ),
        (name) => {
          const made = normaliseCompanyName(name)
          expect(made.length).toBeLessThanOrEqual(200)
          if (made === '') expect(name.normalize('NFKC').trim().slice(0, 200).trim()).toBe('')
        },
      ),
    )
  })
})

describe('normaliseVatId', () => {
  it('keeps letters and digits in capitals', () => {
    expect(normaliseVatId(' nl 8123.45.678-b01 ')).toBe('NL812345678B01')
    expect(normaliseVatId(' .- ')).toBe('')
    expect(normaliseVatId('X'.repeat(500))).toHaveLength(20)
  })
})
