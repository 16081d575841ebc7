import { defineConnector } from '../sdk/index.ts'
import { associate } from './associate.ts'
import { authorize } from './authorize.ts'
import { check } from './check.ts'
import { classify } from './classify.ts'
import { HubSpotCredentials } from './credentials.ts'
import { contact } from './documents/contact.ts'
import { deal } from './documents/deal.ts'
import { order } from './documents/order.ts'
import { product } from './documents/product.ts'
import { windows } from './limits.ts'
import { objects } from './objects.ts'
import { prepare } from './prepare.ts'
import { SCOPES } from './scopes.ts'
import { HubSpotSettings } from './settings.ts'
import { HUBSPOT_OAUTH_VERSION } from './version.ts'

/** HubSpot as a target: contacts, companies, products, and orders as orders or deals with their line items. */
export const hubspot = defineConnector<HubSpotSettings, HubSpotCredentials>({
  id: 'hubspot',
  label: 'HubSpot',
  docsUrl: 'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/overview',
  caveat: null,
  settings: HubSpotSettings,
  credentials: HubSpotCredentials,
  auth: {
    methods: [
      {
        id: 'oauth',
        label: 'Sign in with HubSpot',
        kind: 'oauth2',
        authorizeUrl: 'https://app.hubspot.com/oauth/authorize',
        tokenPath: `/oauth/${HUBSPOT_OAUTH_VERSION}/token`,
        revokePath: `/oauth/${HUBSPOT_OAUTH_VERSION}/token/revoke`,
        clientAuth: 'body',
        scopes: SCOPES,
        rotatesRefreshToken: 'unknown',
        // The token call takes a code verifier, but whether the sign-in page keeps a challenge is not documented.
        pkce: false,
      },
      {
        id: 'static',
        label: 'Service key or private app token',
        kind: 'keys',
        limits: 'A static key gets no notices from HubSpot, and belongs to one account.',
      },
    ],
    authorize,
  },
  http: {
    baseUrl: (settings) => settings.apiBaseUrl,
    concurrency: 8,
    windows,
    timeoutMs: 30_000,
    classify,
  },
  check,
  prepare,
  sweep: { everySeconds: 900, overlapSeconds: 300 },
  sources: {},
  objects,
  associate,
  documents: { order, deal, contact, product },
})
