import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_PREFIX, contract, createClient, type Client } from '@crosswalk/shared/contract'
import { createApp } from '../bridge-service/src/app.ts'
import { readConfig } from '../bridge-service/src/config.ts'
import { createService, type CrosswalkService } from '../bridge-service/src/service.ts'
import { createAccessKey } from '../bridge-service/src/store/access-keys.ts'
import { silentLog } from '../bridge-service/src/store/testing.ts'
import { createWorkspace } from '../bridge-service/src/store/workspaces.ts'
import { ALL_SCOPES, DEFAULT_TOKEN, startHubSpot, type HubSpotSimulator } from './simulators/hubspot/index.ts'
import { startWooCommerce } from './simulators/woocommerce/index.ts'

type Shop = Awaited<ReturnType<typeof startWooCommerce>>

const REDIRECT = 'https://bridge.example.com/oauth/hubspot/callback'
const KEYS = { consumerKey: `ck_${'a'.repeat(40)}`, consumerSecret: `cs_${'b'.repeat(40)}` }

let shop: Shop
let hubspot: HubSpotSimulator
let service: CrosswalkService
let app: ReturnType<typeof createApp>
let client: Client<typeof contract>
const root = mkdtempSync(join(tmpdir(), 'crosswalk-connect-'))

beforeAll(async () => {
  shop = await startWooCommerce({
    keys: [{ key: KEYS.consumerKey, secret: KEYS.consumerSecret, permissions: 'read_write' }],
    orderCount: 3,
  })
  hubspot = await startHubSpot({
    limits: null,
    clients: [{ clientId: 'client', clientSecret: 'hush', redirectUris: [REDIRECT] }],
  })
  const config = readConfig({
    NODE_ENV: 'test',
    DATA_DIR: join(root, 'data'),
    LOG_LEVEL: 'silent',
    WORK: 'false',
    PUBLIC_URL: 'https://bridge.example.com',
    ALLOW_HOSTS: [shop, hubspot].map((simulator) => `127.0.0.1:${simulator.port}`).join(','),
    HUBSPOT_CLIENT_ID: 'client',
    HUBSPOT_CLIENT_SECRET: 'hush',
  })
  service = await createService(config, { log: silentLog })
  app = createApp(service)
  const { id } = await createWorkspace(service.store.db, 'Example')
  const { key } = await createAccessKey(service.store.db, { workspaceId: id, name: 'Test', role: 'owner' })
  client = createClient(contract, async ({ method, path, body }) => {
    const verb = method.toLowerCase() as 'get' | 'post' | 'patch' | 'put' | 'delete'
    const request = supertest(app)[verb](`${API_PREFIX}${path}`).set('authorization', `Bearer ${key}`)
    const { status, body: json } = await (body === undefined ? request : request.send(body as object))
    return { status, json: json as unknown }
  })
}, 90_000)
afterAll(async () => {
  await service.stop()
  await Promise.all([shop.close(), hubspot.close()])
  rmSync(root, { recursive: true, force: true })
})

describe('connecting real connectors', () => {
  it('describes each of them with forms for settings and keys', async () => {
    const { connectors, pairs } = await client.connectors.list()
    for (const connector of connectors) {
      expect(connector.settings.length, connector.id).toBeGreaterThan(0)
      for (const method of connector.methods) {
        if (method.kind === 'keys')
          expect(method.fields.length, `${connector.id} ${method.id}`).toBeGreaterThan(0)
      }
    }
    const pair = pairs.find((one) => one.source === 'woocommerce' && one.target === 'hubspot')
    expect(pair?.flows.map((flow) => flow.entity)).toEqual(
      expect.arrayContaining(['order', 'customer', 'product']),
    )
  })

  it('takes a shop with its keys, a portal by signing in, and makes a flow with stages and a sound mapping', async () => {
    const from = await client.connections.create({
      body: { connector: 'woocommerce', settings: { shopUrl: shop.url }, credentials: KEYS },
    })
    expect(from.connection, JSON.stringify(from.findings)).toMatchObject({
      origin: `127.0.0.1:${shop.port}`,
      state: 'active',
    })

    const { url } = await client.connections.oauthStart({
      body: { connector: 'hubspot', settings: { apiBaseUrl: hubspot.url } },
    })
    const asked = new URL(url).searchParams
    expect(asked.get('redirect_uri')).toBe(REDIRECT)
    const code = hubspot.issueCode('client', REDIRECT, [...ALL_SCOPES])
    const page = await supertest(app).get(`/oauth/hubspot/callback?state=${asked.get('state')}&code=${code}`)
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('is connected')])
    const { items } = await client.connections.list()
    const to = items.find((one) => one.connector === 'hubspot')
    expect(to).toMatchObject({ origin: '42', state: 'active', credentials: { set: true } })

    const flow = await client.flows.create({
      body: {
        sourceConnectionId: from.connection?.id ?? '',
        targetConnectionId: to?.id ?? '',
        entity: 'order',
        document: 'deal',
      },
    })
    expect(Object.keys((flow.settings['stages'] ?? {}) as object)).toEqual(
      expect.arrayContaining(['processing', 'completed', 'cancelled']),
    )
    const params = { flowId: flow.id }
    const { document } = await client.mappings.get({ params: { ...params, version: '1' } })
    expect(await client.mappings.check({ params, body: { document } })).toEqual({ problems: [] })
    const preview = await client.mappings.preview({ params, body: { limit: 3 } })
    expect(preview.counts, JSON.stringify(preview.records)).toMatchObject({ fail: 0 })
    expect(preview.records).toHaveLength(3)
    expect(hubspot.all('deals')).toEqual([])

    // A token that ran out is renewed on the way, once, without anybody noticing.
    const used = String(hubspot.calls.at(-1)?.headers.authorization).replace('Bearer ', '')
    hubspot.expireToken(used)
    const checked = await client.connections.check({ params: { connectionId: to?.id ?? '' } })
    expect(checked.findings.filter((finding) => finding.state === 'failed')).toEqual([])
    expect(checked.connection?.state).toBe('active')
    const refreshes = hubspot.calls.filter(
      (call) => JSON.stringify(call.body ?? '').includes('refresh') || call.url.endsWith('/token'),
    )
    expect(refreshes.length).toBeGreaterThanOrEqual(2)

    const ended = await client.connections.disconnect({ params: { connectionId: to?.id ?? '' } })
    expect(ended).toMatchObject({
      findings: [],
      connection: { state: 'disconnected', credentials: { set: false } },
    })
    expect(hubspot.calls.some((call) => call.url.endsWith('/token/revoke') && call.status < 300)).toBe(true)
  })

  it('takes a portal back with a static key, under its old id', async () => {
    const before = (await client.connections.list()).items.find((one) => one.connector === 'hubspot')
    const back = await client.connections.create({
      body: {
        connector: 'hubspot',
        settings: { apiBaseUrl: hubspot.url },
        credentials: { token: DEFAULT_TOKEN },
      },
    })
    expect(back.connection).toMatchObject({ id: before?.id, state: 'active' })
  })
})
