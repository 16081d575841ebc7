import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add } from '@crosswalk/shared/model'
import type { PropertyFact } from './facts.ts'
import { normaliseValue, soundText } from './normalise.ts'
import { testContext } from './test-replies.ts'

const fact = (type: string): PropertyFact => ({ label: type, type, group: '' })
const context = testContext({
  properties: {
    orders: {
      amount: fact('number'),
      paid: fact('datetime'),
      day: fact('date'),
      yes: fact('bool'),
      name: fact('string'),
    },
  },
})

describe('normaliseValue', () => {
  it.each([
    ['name', null, null],
    ['name', undefined, null],
    ['name', '', null],
    ['name', ' Tea ', ' Tea '],
    ['name', ['a', 'b'], 'a;b'],
    ['name', [], null],
    ['name', 12.5, '12.5'],
    ['amount', '12.50', '12.5'],
    ['amount', '1200', '1200'],
    ['amount', '-0.00', '0'],
    ['amount', 0.0000001, '0.0000001'],
    ['amount', '12345678901234567.891', '12345678901234567.891'],
    ['amount', 'twelve', 'twelve'],
    ['paid', '2026-11-01T10:00:00Z', '2026-11-01T10:00:00.000Z'],
    ['paid', '2026-11-01T10:00:00', '2026-11-01T10:00:00.000Z'],
    ['paid', '1793527200000', '2026-11-01T10:00:00.000Z'],
    ['paid', 'soon', 'soon'],
    ['day', '2026-11-01', '2026-11-01'],
    ['day', 1793491200000, '2026-11-01'],
    ['day', '2026-11-01T23:59:59Z', '2026-11-01'],
    ['yes', true, 'true'],
    ['yes', 'FALSE', 'false'],
    ['yes', 1, 'true'],
    ['unknown', 1.5, '1.5'],
    ['unknown', true, 'true'],
  ])('%s %j is %j', (field, value, expected) => {
    expect(normaliseValue('orders', field, value, context)).toBe(expected)
  })

  it('holds an e-mail address in lower case', () => {
    expect(normaliseValue('contacts', 'email', ' Jan@Example.COM ', context)).toBe('jan@example.com')
  })

  it('gives the same for what was given back', () => {
    for (const [field, value] of [
      ['amount', '3.10'],
      ['paid', '2026-11-01T10:00:00Z'],
      ['yes', true],
    ] as const) {
      const once = normaliseValue('orders', field, value, context)
      expect(normaliseValue('orders', field, once, context)).toBe(once)
    }
  })

  it('holds an e-mail address with an international domain in the form it is looked for by', () => {
    expect(normaliseValue('contacts', 'email', 'Jan@Bücher.example', context)).toBe(
      'jan@xn--bcher-kva.example',
    )
  })

  it('cuts long text between characters as people see them, with a mark', () => {
    expect(soundText('a'.repeat(65_536))).toBe('a'.repeat(65_536))
    expect(soundText('a'.repeat(70_000))).toBe(`${'a'.repeat(65_535)}…`)
    expect(soundText('a'.repeat(65_534) + '😀'.repeat(3))).toBe(`${'a'.repeat(65_534)}…`)
    expect(soundText('a'.repeat(65_533) + 'e\u0301'.repeat(3))).toBe(`${'a'.repeat(65_533)}e\u0301…`)
  })

  it('holds no NUL and no half of a character', () => {
    expect(normaliseValue('orders', 'name', 'A\0B\ud83d', context)).toBe('AB\ufffd')
    expect(normaliseValue('orders', 'name', '\0', context)).toBeNull()
  })
})

describe('an amount', () => {
  it('is written as the decimal library writes it', () => {
    const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`))
    const amounts = fc.tuple(fc.constantFrom('', '-'), digits(20), fc.option(digits(12)))
    fc.assert(
      fc.property(amounts, ([sign, whole, part]) => {
        const text = `${sign}${whole}${part === null ? '' : `.${part}`}`
        expect(normaliseValue('orders', 'amount', text, context)).toBe(add(text))
      }),
    )
  })
})
