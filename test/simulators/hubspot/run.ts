import { parseArgs } from 'node:util'
import { startHubSpot, type HubSpotOptions } from './index.ts'

/**
 * The simulator as a process of its own: prints `{"url":…}` as one line and stops on SIGTERM or SIGINT,
 * with `--parent-stdin` also when the process that started it is gone. `--latency` is in ms, for every answer.
 * Clients are given as `--client id,secret,redirectUri`, tokens as `--token value` (static).
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    portal: { type: 'string', default: '42' },
    'no-limits': { type: 'boolean', default: false },
    'no-record': { type: 'boolean', default: false },
    'search-lag': { type: 'string', default: '2000' },
    'rotate-refresh-tokens': { type: 'boolean', default: false },
    latency: { type: 'string', default: '0' },
    'parent-stdin': { type: 'boolean', default: false },
    token: { type: 'string', multiple: true },
    client: { type: 'string', multiple: true },
  },
})

const options: HubSpotOptions = {
  port: Number(values.port),
  portalId: Number(values.portal),
  record: !values['no-record'],
  searchLagMs: Number(values['search-lag']),
  rotatesRefreshTokens: values['rotate-refresh-tokens'],
  clients: (values.client ?? []).map((text) => {
    const [clientId = '', clientSecret = '', ...redirectUris] = text.split(',')
    return { clientId, clientSecret, redirectUris }
  }),
}
if (values['no-limits']) options.limits = null
if (values.token) options.tokens = values.token.map((token) => ({ token, kind: 'static' }))

const simulator = await startHubSpot(options)
simulator.latencyMs = Number(values.latency)
console.log(JSON.stringify({ url: simulator.url }))
const stop = (): void => void simulator.close().then(() => process.exit(0))
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)
if (values['parent-stdin']) process.stdin.resume().once('end', stop).once('error', stop)
