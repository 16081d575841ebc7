import type { SimCall } from '../../simulators/server.ts'
import type { HubSpotOptions, HubSpotSimulator } from '../../simulators/hubspot/index.ts'
import { ALL_SCOPES } from '../../simulators/hubspot/index.ts'
import type { ServiceProcess } from '../service.ts'

const CLIENT = { clientId: 'crosswalk-app', clientSecret: 'crosswalk-secret' }

/** The service's environment for an app at HubSpot. */
export const appEnv = {
  HUBSPOT_CLIENT_ID: CLIENT.clientId,
  HUBSPOT_CLIENT_SECRET: CLIENT.clientSecret,
}

const redirectUri = (port: number): string => `http://127.0.0.1:${port}/oauth/hubspot/callback`

/** A HubSpot that knows the app of the service at that port, and ends a refresh token that was used. */
export const withApp = (port: number): HubSpotOptions => ({
  clients: [{ ...CLIENT, redirectUris: [redirectUri(port)] }],
  rotatesRefreshTokens: true,
})

/**
 * Signs in as a user does: the address they are sent to, their yes, and the way back.
 * @returns the connection's id
 */
export async function signIn(
  service: ServiceProcess,
  crm: HubSpotSimulator,
  port: number,
  connectionId?: string,
): Promise<string> {
  const { url } = await service.api.connections.oauthStart({
    body: {
      connector: 'hubspot',
      method: 'oauth',
      settings: { apiBaseUrl: crm.url },
      ...(connectionId === undefined ? {} : { connectionId }),
    },
  })
  const state = new URL(url).searchParams.get('state') ?? ''
  const code = crm.issueCode(CLIENT.clientId, redirectUri(port), [...ALL_SCOPES])
  const back = await fetch(`${redirectUri(port)}?${String(new URLSearchParams({ state, code }))}`)
  if (back.status !== 200) throw new Error(`not signed in: ${await back.text()}`)
  const { items } = await service.api.connections.list()
  const made = items.find((one) => one.connector === 'hubspot')
  if (!made) throw new Error('there is no HubSpot connection')
  return made.id
}

/** Calls of the token endpoint since the first `from` calls: each a refresh, once somebody has signed in. */
export const tokenCalls = (crm: HubSpotSimulator, from = 0): SimCall[] =>
  crm.calls.slice(from).filter((call) => /^\/oauth\/[^/]+\/token$/.test(call.url))

/** The access token that HubSpot saw last. */
export const lastToken = (crm: HubSpotSimulator): string =>
  String(
    crm.calls.findLast((call) => call.url.startsWith('/crm/') && call.status !== 401)?.headers.authorization,
  ).replace('Bearer ', '')
