import { z } from 'zod'

/**
 * How a connection proves itself: tokens of an installed app, or a static key (service key, or the token of a private
 * app). Token lengths are not fixed.
 */
export const HubSpotCredentials = z.discriminatedUnion('kind', [
  // Loose: what else came with the tokens (the portal's id) is kept beside them.
  z.looseObject({
    kind: z.literal('oauth'),
    accessToken: z.string().min(1),
    refreshToken: z.string().min(1),
    /** ISO instant, null where the answer told none; an access token lives for 30 minutes. */
    expiresAt: z.iso.datetime().nullable(),
    scopes: z.array(z.string()).default([]),
  }),
  z.strictObject({
    kind: z.literal('static'),
    token: z.string().trim().min(1).meta({
      title: 'Token',
      description:
        'In HubSpot: Settings > Integrations, a service key or a private app with the permissions to read and write contacts, companies, deals or orders, products and line items. It begins with pat-.',
    }),
  }),
])
export type HubSpotCredentials = z.infer<typeof HubSpotCredentials>
