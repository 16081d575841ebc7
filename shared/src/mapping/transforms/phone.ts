import { z } from 'zod'
import { defineTransform, ok, problem, type Transform } from './transform.ts'
import { asText, show } from './values.ts'

/** Calling code of a country and the digit it dials before a national number, where it has one. */
const PLANS: Readonly<Record<string, readonly [code: string, trunk: string]>> = {
  AT: ['43', '0'], AU: ['61', '0'], BE: ['32', '0'], CA: ['1', '1'], CH: ['41', '0'], CZ: ['420', ''],
  DE: ['49', '0'], DK: ['45', ''], ES: ['34', ''], FI: ['358', '0'], FR: ['33', '0'], GB: ['44', '0'],
  GR: ['30', ''], IE: ['353', '0'], IT: ['39', ''], LU: ['352', ''], NL: ['31', '0'], NO: ['47', ''],
  PL: ['48', ''], PT: ['351', ''], RO: ['40', '0'], SE: ['46', '0'], TR: ['90', '0'], US: ['1', '1'],
} // prettier-ignore

/**
 * A number in international form ("+31612345678") where it is plain that it is one, else as it came, trimmed. It
 * knows no numbering plan: it takes separators out, reads 00 and the country's own leading digit, and checks the
 * length (E.164: 7 to 15 digits). Letters, extensions and several numbers in one field stay as they are.
 */
export function tidyPhone(text: string, country: string): string {
  const given = text.trim()
  if (given.length > 40 || !/^\+?[\d\s().\-/\u00a0]+$/.test(given)) return given
  const plan = PLANS[country]
  const digits = given.replace(/\(0\)/, '').replace(/\D/g, '')
  const abroad = given.startsWith('+') ? digits : digits.startsWith('00') ? digits.slice(2) : null
  if (abroad !== null) return fits(abroad) ? `+${abroad}` : given
  if (!plan) return given
  const [code, trunk] = plan
  const all = given.replace(/\D/g, '')
  if (trunk === '0' && !all.startsWith('0')) return given
  // Without a leading digit of its own, a number may as well carry its country code without the plus.
  if (trunk === '' && all.startsWith(code)) return given
  const national = trunk !== '' && all.startsWith(trunk) ? all.slice(1) : all
  return fits(code + national) ? `+${code}${national}` : given
}

const fits = (digits: string): boolean => /^[1-9]\d{6,14}$/.test(digits)

export const phoneTransforms: readonly Transform[] = [
  defineTransform({
    id: 'phone.tidy',
    label: 'Tidy a phone number',
    help: 'Writes a plain phone number as +31612345678. What is not plainly one stays as it is.',
    from: 'text',
    to: 'text',
    params: z.strictObject({
      country: z
        .string()
        .regex(/^[A-Z]{2}$/, 'a country is two capital letters such as "NL"')
        .describe('Country of numbers without a country code'),
    }),
    run: (value, { country }) => {
      const text = asText(value)
      return text === null ? problem(`${show(value)} is not text.`) : ok(tidyPhone(text, country))
    },
  }),
]
