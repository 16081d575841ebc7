import { z } from 'zod'
import { HUBSPOT_API_VERSION } from './version.ts'

/** All have a safe answer. */
const MORE = { section: '', advanced: true }

export const HubSpotSettings = z.strictObject({
  /** One host serves every region. */
  apiBaseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://api.hubapi.com')
    .transform((url) => url.replace(/\/+$/, ''))
    .meta({ title: 'Address of the API', description: 'One address serves all accounts. Change it only for tests.', ...MORE }),
  apiVersion: z
    .string()
    .regex(/^\d{4}-\d{2}(-beta)?$/, 'a version looks like 2026-09')
    .default(HUBSPOT_API_VERSION)
    .meta({ title: 'Version of the API', description: 'The one this bridge was built for.', ...MORE }),
  /** Calls per ten seconds. Null: what HubSpot's answers say, and 100 (the smallest plan's) until they say it. */
  callsPer10Seconds: z.int().min(1).max(250).nullable().default(null).meta({
    title: 'Calls in ten seconds at most', description: 'Empty: as many as HubSpot allows. Lower it to leave room to other programs.', ...MORE,
  }),
  /** How long HubSpot's search may lack what was just written. */
  searchLagSeconds: z.number().min(2).max(10).default(5).meta({
    title: 'Seconds until the search knows', description: 'How long HubSpot may take to find what was just written.', ...MORE,
  }),
}) // prettier-ignore
export type HubSpotSettings = z.infer<typeof HubSpotSettings>
