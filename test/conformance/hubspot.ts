import { hubspot } from '@crosswalk/connectors/hubspot'
import {
  DEFAULT_TOKEN,
  startHubSpot,
  ALL_SCOPES,
  type HubSpotSimulator,
} from '../simulators/hubspot/index.ts'
import type { HubSpotOptions } from '../simulators/hubspot/index.ts'
import type { Running, Subject } from './subject.ts'

interface RunningHubSpot extends Running {
  sim: HubSpotSimulator
}

const client = { clientId: 'app-of-the-suite', clientSecret: 'hush-the-app-of-the-suite' }
const redirectUri = 'https://bridge.example.com/oauth/callback'
const NARROW = 'pat-eu1-without-contacts'

async function start(options: HubSpotOptions = {}): Promise<RunningHubSpot> {
  const sim = await startHubSpot({
    limits: null,
    tokens: [
      { token: DEFAULT_TOKEN, kind: 'static' },
      {
        token: NARROW,
        kind: 'static',
        scopes: [...ALL_SCOPES].filter((scope) => !scope.includes('contacts')),
      },
    ],
    ...options,
  })
  return { sim, settings: { apiBaseUrl: sim.url }, credentials: { kind: 'static', token: DEFAULT_TOKEN } }
}

const startWithApp = () =>
  start({ clients: [{ ...client, redirectUris: [redirectUri] }], rotatesRefreshTokens: true })

const refusal = (category: string) => ({ status: 'error', message: 'Sorry.', correlationId: 'c', category })

export const hubspotSubject: Subject<RunningHubSpot> = {
  connector: hubspot,
  start: () => start(),
  anyCall: { path: '/crm/objects/2026-03/contacts' },
  refusals: {
    401: refusal('INVALID_AUTHENTICATION'),
    403: refusal('MISSING_SCOPES'),
    404: refusal('OBJECT_NOT_FOUND'),
  },
  refused: [
    {
      name: 'a wrong key',
      credentials: () => ({ kind: 'static', token: 'pat-eu1-wrong-key' }),
      finding: 'wrong-token',
    },
    {
      name: 'an expired token',
      credentials: ({ credentials }) => credentials,
      finding: 'expired',
      before: ({ sim }) => sim.expireToken(DEFAULT_TOKEN),
    },
    {
      name: 'a missing scope',
      credentials: () => ({ kind: 'static', token: NARROW }),
      finding: 'read-contacts',
    },
  ],
  target: {
    // HubSpot refuses a property it does not know, whatever the object.
    spoil: (_, draft) => ({ ...draft, no_such_property: 'x' }),
    ids: ({ sim }, object) => sim.all(object).map((record) => record.id),
  },
  oauth: {
    client,
    redirectUri,
    start: startWithApp,
    code: ({ sim }) => sim.issueCode(client.clientId, redirectUri, [...ALL_SCOPES]),
    credentials: (tokens) => ({ kind: 'oauth', ...tokens }),
    expire: ({ sim }, accessToken) => sim.expireToken(accessToken),
    revoke: ({ sim }, refreshToken) => sim.revoke(refreshToken),
  },
}
