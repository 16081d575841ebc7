import { z } from 'zod'

/** The buyer of a document: a person, or a company with a person under it. Empty text where the source has none. */
export const Party = z.object({
  /** The source's customer id, null for a guest or an anonymous sale. */
  customerId: z.string().nullable(),
  guest: z.boolean(),
  /** As given by the source, trimmed; null where there is none or it is no address. */
  email: z.string().nullable(),
  firstName: z.string(),
  lastName: z.string(),
  phone: z.string(),
  company: z.string(),
  vatId: z.string(),
  /** Name of a customer group or class at the source. */
  group: z.string(),
})
export type Party = z.infer<typeof Party>

// Labels and a dot are enough to tell an address from a remark; whether it exists only a mail can tell.
// The last label begins with a letter: a URL parser would read "1.23" as an IPv4 address.
const EMAIL = /^[^\s@<>()",;:\\[\]]{1,64}@(?:[\p{L}\p{M}\p{N}_-]+\.)+\p{L}[\p{L}\p{M}\p{N}-]+$/u

/**
 * The form of an e-mail address in which two spellings of it meet: trimmed, lower case, an internationalised domain
 * in its ASCII form. A plus-address stays distinct. Null when the text is no address.
 */
export function normaliseEmail(text: string): string | null {
  const trimmed = text.trim().toLowerCase()
  if (trimmed.length > 254 || !EMAIL.test(trimmed)) return null
  const at = trimmed.lastIndexOf('@')
  const domain = trimmed.slice(at + 1)
  // The URL parser applies IDNA (UTS 46) to host names.
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(trimmed)) return trimmed
  try {
    return `${trimmed.slice(0, at)}@${new URL(`http://${domain}`).hostname}`
  } catch {
    return null
  }
}

const LEGAL_FORMS =
  /[ ,]+(b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|gmbh( & co\.? kg)?|ag|kg|ug|e\.?k\.?|ltd\.?|limited|llc|inc\.?|plc|s\.?a\.?|s\.?a\.?r\.?l\.?|s\.?r\.?l\.?|s\.?p\.?a\.?|ab|aktiebolag|as|a\/s|aps|oy|oyj|sas|bvba|srl|a\.?ş\.?|ltd\. şti\.)$/iu

/** A company's name in the form in which "ACME B.V." and "Acme BV" meet: lower case, no legal form, single spaces. */
export function normaliseCompanyName(name: string): string {
  const base = name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim().slice(0, 200)
  const stripped = base.replace(LEGAL_FORMS, '').trim()
  return stripped === '' ? base : stripped
}

/** A VAT number without spaces, dots and dashes, in capitals; empty when nothing is left. */
export const normaliseVatId = (text: string): string =>
  text
    .replace(/[\s.-]/g, '')
    .toUpperCase()
    .slice(0, 20)
