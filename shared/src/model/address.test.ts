import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitStreet } from './address.ts'

const split = (line: string, country = 'NL') => {
  const { streetName, houseNumber, houseNumberAddition } = splitStreet(line, country)
  return [streetName, houseNumber, houseNumberAddition]
}

describe('splitStreet', () => {
  it.each([
    ['Dorpsstraat 12', 'NL', ['Dorpsstraat', '12', null]],
    ['Dorpsstraat 12a', 'NL', ['Dorpsstraat', '12', 'a']],
    ['Dorpsstraat 12-A', 'NL', ['Dorpsstraat', '12', 'A']],
    ['Dorpsstraat 12 bis', 'NL', ['Dorpsstraat', '12', 'bis']],
    ['Plein 1944 7', 'NL', ['Plein 1944', '7', null]],
    ['  Lange Nieuwstraat 101 ', 'NL', ['Lange Nieuwstraat', '101', null]],
    ['Hauptstraße 5', 'DE', ['Hauptstraße', '5', null]],
    ['10 Downing Street', 'GB', ['Downing Street', '10', null]],
    ['221B Baker Street', 'GB', ['Baker Street', '221', 'B']],
    ['12, rue de la Paix', 'FR', ['rue de la Paix', '12', null]],
    ['Postbus 12', 'NL', ['Postbus', '12', null]],
    ['Atatürk Caddesi 34/5', 'TR', ['Atatürk Caddesi', '34', '5']],
  ])('reads %s in %s', (line, country, expected) => {
    expect(split(line, country)).toEqual(expected)
  })

  it.each(['', '   ', 'Dorpsstraat', '12', '1234 5678', '-', '\u0000'])('leaves %j alone', (line) => {
    expect(split(line)).toEqual([null, null, null])
  })

  it('gives parts that stand in the line, in quick time, whatever it is', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.string({ unit: 'binary-ascii', maxLength: 300 }),
      fc.constantFrom('a '.repeat(5000), 'a 1 '.repeat(50), `a${' '.repeat(100_000)}!`, '1 a,'.repeat(500)),
    )
    fc.assert(
      fc.property(hostile, fc.constantFrom('NL', 'GB', ''), (line, country) => {
        const { streetName, houseNumber } = splitStreet(line, country)
        if (streetName !== null) expect(line).toContain(streetName)
        if (houseNumber !== null) expect(houseNumber).toMatch(/^\d{1,5}$/)
        expect(streetName === null).toBe(houseNumber === null)
      }),
    )
  })
})
