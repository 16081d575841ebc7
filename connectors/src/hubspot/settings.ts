import { z } from 'zod'
import { HUBSPOT_API_VERSION } from './version.ts'

export const HubSpotSettings = z.strictObject({
  /** One host serves every region. */
  apiBaseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://api.hubapi.com')
    .transform((url) => url.replace(/\/+$/, '')),
  apiVersion: z
    .string()
    .regex(/^\d{4}-\d{2}(-beta)?$/, 'a version looks like 2026-09')
    .default(HUBSPOT_API_VERSION),
  /** Calls per ten seconds. Null: what HubSpot's answers say, and 100 (the smallest plan's) until they say it. */
  callsPer10Seconds: z.int().min(1).max(250).nullable().default(null),
  /** How long HubSpot's search may lack what was just written. */
  searchLagSeconds: z.number().min(2).max(10).default(5),
})
export type HubSpotSettings = z.infer<typeof HubSpotSettings>
