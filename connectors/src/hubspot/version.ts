/** Version in the paths of the CRM and account APIs; each is supported for 18 months. A connection may override it. */
export const HUBSPOT_API_VERSION = '2026-09'

/** Version of the OAuth token API, which has no settings of a connection to go by. */
export const HUBSPOT_OAUTH_VERSION = '2026-03'
