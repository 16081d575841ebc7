/** Longest part of another system's own words that is kept. */
export const MAX_WORDS = 500
/** What is looked at before it is cut. */
const MAX_READ = 4_000

/** Tokens and keys as the systems here write them, and what stands behind the name of a secret. */
const SECRETS: readonly RegExp[] = [
  /\b(?:Bearer|Basic|Token)\s+[\w.~+/=-]{6,}/gi,
  /\b(?:ck|cs|cw|sk|pk|pat|key|secret|shpat|ghp)[-_][\w-]{6,}/gi,
  /\beyJ[\w-]+(?:\.[\w-]*){1,2}/g,
  /\b(?:access_?token|refresh_?token|token|api_?key|apikey|client_?secret|secret|password|passwd|pwd|signature|authorization)\b["']?\s*[:=]\s*["']?[^\s"',;&}]+/gi,
  // Long runs that mix letters and digits are keys or hashes, not words.
  /\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{24,}\b/gi,
]

/** A quoted name of a field says what is meant; anything else in quotes is a value, which may name a person. */
const FIELD_NAME = /^[a-z][a-z0-9]*(?:[_.][a-z0-9]+)+$/

/**
 * What another system said, as far as it may be kept and shown: without secrets, without values it repeats (quoted or
 * bracketed text, addresses, long numbers, what stands behind an equals sign), one line, at most 500 characters. It is
 * text and no mark-up: whoever shows it escapes it. Empty where nothing is left to say.
 */
export function vendorWords(text: string): string {
  let said = text.slice(0, MAX_READ)
  for (const secret of SECRETS) said = said.replace(secret, '…')
  said = said
    .replace(/<[^<>]{0,2000}>/g, ' ')
    .replace(
      /"([^"]*)"|'([^']*)'|`([^`]*)`|“([^”]*)”|«([^»]*)»/g,
      (whole, ...parts: (string | undefined)[]) => {
        const inside = parts.slice(0, 5).find((part) => part !== undefined) ?? ''
        return FIELD_NAME.test(inside) ? whole : '…'
      },
    )
    .replace(/\{[^{}]*\}|\[[^[\]]*\]/g, '…')
    .replace(/^.*(?= (?:was|is) not (?:a|an|one) )/, '…')
    .replace(/=\s*[^\s,;)]+/g, '=…')
    .replace(/\S+@\S+/g, '…')
    .replace(/https?:\/\/\S+/gi, '…')
    .replace(/\+?\d[\d\s().-]{6,}\d/g, '…')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .toWellFormed()
  return /\p{L}{3}/u.test(said.replaceAll('…', '')) ? cut(said) : ''
}

const cut = (text: string): string =>
  text.length <= MAX_WORDS ? text : `${text.slice(0, MAX_WORDS - 1).replace(/[\ud800-\udbff]$/, '')}…`
