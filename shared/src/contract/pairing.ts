import { z } from 'zod'
import { Removed, SiteId, Time } from './common.ts'
import { endpoint } from './endpoint.ts'

/** A WordPress site that may call this bridge in the name of its users. */
export const Site = z
  .object({
    id: SiteId,
    /** As visitors see it, without a slash at the end. */
    url: z.string(),
    pluginVersion: z.string(),
    createdAt: Time,
    lastSeenAt: Time.nullable(),
  })
  .meta({ id: 'Site' })
export type Site = z.infer<typeof Site>

/** An address of a site, http or https, without user, query and fragment. */
export const SiteUrl = z
  .string()
  .trim()
  .max(300)
  .refine((text) => {
    const url = URL.parse(text)
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return false
    return url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  }, 'Enter the address of the site, such as https://shop.example.com.')

export const pairing = {
  createCode: endpoint({
    method: 'POST',
    path: '/pairing/codes',
    summary: 'Make a one-time code that a WordPress site is paired with; it is shown this once',
    role: 'owner',
    sites: false,
    status: 201,
    body: z.strictObject({
      /** Only this site may use it; any, where absent. */
      site: SiteUrl.optional(),
    }),
    response: z.object({ code: z.string(), expiresAt: Time }),
  }),
  sites: endpoint({
    method: 'GET',
    path: '/pairing/sites',
    summary: 'Paired WordPress sites of the workspace',
    role: 'owner',
    response: z.object({ items: z.array(Site) }),
  }),
  removeSite: endpoint({
    method: 'DELETE',
    path: '/pairing/sites/:siteId',
    summary: 'Forget a paired site: its signed requests are refused from now on',
    role: 'owner',
    params: z.object({ siteId: SiteId }),
    response: Removed,
  }),
}

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`), `${bytes * 2} digits of [0-9a-f]`)
const unixSeconds = z.int().nonnegative()

/**
 * How a site and a bridge find out that they know the same code, without either telling it. Anyone may call these. With
 * `K = HKDF-SHA256(code, 'crosswalk/pairing/1')`, a proof is HMAC-SHA256 by K over the lines `crosswalk-pairing-1`, the
 * side that proves (`bridge`, `site`), the site's nonce, the bridge's, the site's address as sent, and the site's id. The
 * key that signs requests from then on is the same over `key`; it is never sent.
 */
export const handshake = {
  hello: endpoint({
    method: 'GET',
    path: '/pairing/hello',
    summary: 'Tells that this is a bridge, and its time in seconds since 1970',
    response: z.object({ crosswalk: z.literal('bridge'), pairing: z.literal(1), time: unixSeconds }),
  }),
  start: endpoint({
    method: 'POST',
    path: '/pairing/start',
    summary: 'A site names a code by its hash; the bridge proves that it knows the code',
    body: z.strictObject({
      /** HKDF-SHA256(code, 'crosswalk/pairing-name/1'), 16 bytes. */
      codeName: hex(16),
      site: SiteUrl,
      nonce: hex(32),
      pluginVersion: z.string().max(20),
    }),
    response: z.object({ siteId: SiteId, nonce: hex(32), proof: hex(32), time: unixSeconds }),
  }),
  finish: endpoint({
    method: 'POST',
    path: '/pairing/finish',
    summary: 'The site proves that it knows the code; from now on it signs its requests',
    body: z.strictObject({ codeName: hex(16), siteId: SiteId, proof: hex(32) }),
    response: z.object({ siteId: SiteId, workspace: z.string() }),
  }),
}
