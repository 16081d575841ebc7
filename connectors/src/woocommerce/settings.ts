import { z } from 'zod'

/** Meta keys under which VAT plugins keep the buyer's VAT number; the first that holds one counts. */
export const VAT_META_KEYS = [
  '_billing_vat',
  'vat_number',
  '_vat_number',
  'billing_vat',
  '_billing_vat_number',
  'billing_eu_vat_number',
]

/** Ends of addresses that people copy from their browser instead of the shop's own. */
const COPIED_ENDS = /\/(?:wp-admin|wp-login\.php|wp-json|index\.php|wc-api)(?:\/.*)?$/i

/**
 * The shop's address as calls are made to it: `https://` put in front where no scheme was given, host in lower case,
 * no query, no slash at the end, no `/wp-admin/...` or `/wp-json/...`. Text that is no address comes back trimmed.
 */
export function normaliseShopUrl(text: string): string {
  const trimmed = text.trim()
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`)
  if (trimmed === '' || url === null || url.username !== '' || url.password !== '') return trimmed
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return trimmed
  return `${url.origin}${url.pathname.replace(COPIED_ENDS, '').replace(/\/+$/, '')}`
}

/** What is wrong with a normalised shop address, in words for the user; null when nothing is. */
export function shopUrlProblem(text: string): string | null {
  if (text === '') return 'Enter the address of your shop, such as https://shop.example.com.'
  const url = URL.parse(text)
  if (url === null) return 'This is not a web address. Enter it as in your browser: https://shop.example.com.'
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'The address must begin with https://.'
  if (url.username !== '' || url.password !== '') {
    return 'Leave user name and password out of the address; the keys go into their own fields.'
  }
  return null
}

/** `transport` is no setting: the connect check finds out how the shop takes its keys and keeps it in the facts. */
export const WooSettings = z.object({
  shopUrl: z
    .string()
    .max(500)
    .overwrite(normaliseShopUrl)
    .superRefine((value, ctx) => {
      const problem = shopUrlProblem(value)
      if (problem !== null) ctx.addIssue({ code: 'custom', message: problem })
    })
    .meta({
      title: 'Shop address',
      description: 'The address of the shop as customers see it, with a sub-folder if it lives in one.',
      examples: ['https://shop.example.com'],
    }),
  vatMetaKeys: z.array(z.string().trim().min(1).max(100)).max(20).default(VAT_META_KEYS).meta({
    title: 'Fields that hold the VAT number',
    description: 'WooCommerce has no field of its own for it; plugins keep it under one of these names.',
    advanced: true,
  }),
})
export type WooSettings = z.infer<typeof WooSettings>

/**
 * The shop's stable name, part of natural keys in the target: `woocommerce:shop.example.com`, with sub-folder and odd
 * port if there are any. `www.` is left out, so that a move to or from it makes no second shop.
 */
export function originOf(shopUrl: string): string {
  const url = URL.parse(shopUrl)
  if (url === null) return `woocommerce:${shopUrl}`
  return `woocommerce:${url.host.replace(/^www\./, '')}${url.pathname.replace(/\/+$/, '')}`
}
