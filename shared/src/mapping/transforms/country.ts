import { z } from 'zod'
import { ALPHA2, ALPHA3 } from './country-codes.ts'
import { defineTransform, ok, problem, type Transform } from './transform.ts'
import { asText, show } from './values.ts'

/** A code of two or three letters in capitals, null for anything else. */
function codeOf(value: unknown): string | null {
  const text = asText(value)
  if (text === null || text.length > 20) return null
  const code = text.trim().toUpperCase()
  return /^[A-Z]{2,3}$/.test(code) ? code : null
}

const notCountry = (value: unknown) =>
  problem(`${show(value)} is not a country code; one is two letters such as "NL".`)

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

const names = new Map<string, Map<string, string>>()

/** Names of countries in a language by code; making the formatter costs far more than using it. */
function namesIn(language: string): Map<string, string> {
  let known = names.get(language)
  if (!known) {
    const formatter = new Intl.DisplayNames([language], { type: 'region', fallback: 'code' })
    known = new Map([...ALPHA3.keys()].map((code) => [code, formatter.of(code) ?? code]))
    if (names.size < 200) names.set(language, known)
  }
  return known
}

export const countryTransforms: readonly Transform[] = [
  defineTransform({
    id: 'country.name',
    label: 'Country in words',
    help: 'Name of a country from its code, in a language.',
    from: 'text',
    to: 'text',
    params: z.strictObject({
      language: z
        .string()
        .min(2)
        .max(35)
        .refine(isLanguage, 'a language is a tag such as "en" or "nl-BE"')
        .default('en')
        .describe('Language of the name, such as "nl"'),
      // Shops know codes of their own (IC, XI); no order should fail for the want of a name.
      unknown: z
        .enum(['keep', 'fail'])
        .default('keep')
        .describe('For a text that is no country code: keep it, or fail the record'),
    }),
    run: (value, { language, unknown }) => {
      const code = codeOf(value)
      const alpha2 = code !== null && code.length === 3 ? ALPHA2.get(code) : code
      if (alpha2 === undefined || alpha2 === null || !ALPHA3.has(alpha2)) {
        const kept = unknown === 'keep' ? asText(value) : null
        return kept === null ? notCountry(value) : ok(kept)
      }
      return ok(namesIn(language).get(alpha2) ?? alpha2)
    },
  }),
  defineTransform({
    id: 'country.alpha3',
    label: 'Country in three letters',
    help: 'NL becomes NLD.',
    from: 'text',
    to: 'text',
    params: z.strictObject({}),
    run: (value) => {
      const code = codeOf(value)
      const alpha3 = code !== null && (ALPHA2.has(code) ? code : ALPHA3.get(code))
      return alpha3 ? ok(alpha3) : notCountry(value)
    },
  }),
  defineTransform({
    id: 'country.alpha2',
    label: 'Country in two letters',
    help: 'NLD becomes NL.',
    from: 'text',
    to: 'text',
    params: z.strictObject({}),
    run: (value) => {
      const code = codeOf(value)
      const alpha2 = code !== null && (ALPHA3.has(code) ? code : ALPHA2.get(code))
      return alpha2 ? ok(alpha2) : notCountry(value)
    },
  }),
]
