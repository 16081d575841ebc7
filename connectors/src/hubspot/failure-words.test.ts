import { describe, expect, it } from 'vitest'
import { hintOf } from './failure-words.ts'

describe('what HubSpot said, without the values', () => {
  it.each([
    ['Property values were not valid', 'Property values were not valid'],
    ['"anna@example.com" is not a valid email', '… is not a valid email'],
    ['anna@example.com is not a valid email', '… is not a valid email'],
    [
      "Value 'Anna Jansen' is too long, at most 65536 characters",
      'Value … is too long, at most 65536 characters',
    ],
    ['phone=+31 20 123 4567 is wrong', 'phone=… … is wrong'],
    [
      'Cannot set PropertyValueCoordinates{portalId=42, value=Anna} on 900',
      'Cannot set PropertyValueCoordinates… on 900',
    ],
    ['call +31 6 1234 5678 first', 'call … first'],
    ['Anna Jansen was not a valid number.', '… was not a valid number.'],
    ['', ''],
    ['"only a value"', ''],
  ])('%j becomes %j', (message, words) => {
    expect(hintOf(message)).toBe(words)
  })

  it('is one short line', () => {
    expect(hintOf(`line\n{"level":"info"} ${'x'.repeat(500)}`)).toHaveLength(160)
    expect(hintOf('first\nsecond')).toBe('first second')
  })
})
