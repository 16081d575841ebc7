import { Client } from '@hubspot/api-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_TOKEN, startHubSpot, type HubSpotSimulator } from './index.ts'
import { link } from './test-client.ts'

/** HubSpot's own client, which calls the v1, v3 and v4 names, as a stranger's view of the simulator. */
const redirectUri = 'https://bridge.example.test/callback'
let sim: HubSpotSimulator
let client: Client
beforeAll(async () => {
  sim = await startHubSpot({
    limits: null,
    searchLagMs: 0,
    clients: [{ clientId: 'app-1', clientSecret: 'secret-1', redirectUris: [redirectUri] }],
  })
  client = new Client({ accessToken: DEFAULT_TOKEN, basePath: sim.url })
})
afterAll(() => sim.close())

// The client's types want the literal `HUBSPOT_DEFINED` from an enum of its own.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const associated = (id: string, ...typeIds: number[]): any => link(id, ...typeIds)

describe('the official client', () => {
  it('creates, reads, updates, finds and archives contacts', async () => {
    const { basicApi, searchApi } = client.crm.contacts
    const made = await basicApi.create({ properties: { email: 'client@example.com' }, associations: [] })
    expect(made.createdAt).toBeInstanceOf(Date)
    await basicApi.update(made.id, { properties: { firstname: 'Ann' } })
    const read = await basicApi.getById(made.id, ['firstname', 'email'])
    expect(read.properties).toMatchObject({ firstname: 'Ann', email: 'client@example.com' })
    const filters = [{ propertyName: 'email', operator: 'EQ', value: 'client@example.com' }]
    const found = await searchApi.doSearch({ filterGroups: [{ filters }], limit: 10 } as never)
    expect(found.results.map((contact) => contact.id)).toEqual([made.id])
    await expect(
      basicApi.create({ properties: { email: 'client@example.com' }, associations: [] }),
    ).rejects.toMatchObject({
      code: 409,
      body: { message: `Contact already exists. Existing ID: ${made.id}` },
    })
    await basicApi.archive(made.id)
    await expect(basicApi.getById(made.id)).rejects.toMatchObject({ code: 404 })
  })
  it('upserts and reads batches of contacts', async () => {
    const { batchApi } = client.crm.contacts
    const inputs = ['u1@example.com', 'u2@example.com'].map((id) => ({
      id,
      idProperty: 'email',
      properties: { city: 'Ghent' },
    }))
    const upserted = await batchApi.upsert({ inputs })
    expect(upserted.results.map((row) => row._new)).toEqual([true, true])
    const ids = upserted.results.map(({ id }) => ({ id }))
    const read = await batchApi.read({
      inputs: [...ids, { id: '1' }],
      properties: ['email'],
      propertiesWithHistory: [],
    })
    expect(read).toMatchObject({ status: 'COMPLETE', numErrors: 1 })
    expect(read.results.map((row) => row.properties['email'])).toEqual(['u1@example.com', 'u2@example.com'])
  })
  it('creates orders with associations in a batch and reads them back', async () => {
    const contact = sim.createRecord('contacts', { email: 'buyer@example.com' })
    const { results } = await client.crm.objects.batchApi.create('orders', {
      inputs: ['a', 'b'].map((objectWriteTraceId) => ({
        objectWriteTraceId,
        properties: { hs_order_name: objectWriteTraceId },
        associations: [associated(contact.id, 507)],
      })),
    })
    expect(results.map((order) => order.objectWriteTraceId)).toEqual(['a', 'b'])
    const page = await client.crm.associations.v4.basicApi.getPage('contacts', contact.id, 'orders')
    expect(page.results.map((row) => row.toObjectId)).toEqual(results.map((order) => order.id))
  })
  it('makes properties and reads pipelines and owners', async () => {
    await client.crm.properties.groupsApi.create('orders', { name: 'bridge', label: 'Bridge' })
    const made = await client.crm.properties.coreApi.create('orders', {
      name: 'bridge_order_key',
      label: 'Key',
      type: 'string',
      fieldType: 'text',
      groupName: 'bridge',
      hasUniqueValue: true,
    } as never)
    expect(made.hasUniqueValue).toBe(true)
    const pipelines = await client.crm.pipelines.pipelinesApi.getAll('deals')
    expect(pipelines.results[0]?.id).toBe('default')
    expect((await client.crm.owners.ownersApi.getPage('dana@example.com')).results).toHaveLength(1)
  })
  it('exchanges and refreshes tokens', async () => {
    const { tokensApi } = client.oauth
    const code = sim.issueCode('app-1', redirectUri, ['crm.objects.contacts.read'])
    const first = await tokensApi.create('authorization_code', code, redirectUri, 'app-1', 'secret-1')
    const second = await tokensApi.create(
      'refresh_token',
      undefined,
      undefined,
      'app-1',
      'secret-1',
      first.refreshToken,
    )
    const own = new Client({ accessToken: second.accessToken, basePath: sim.url })
    expect((await own.crm.contacts.basicApi.getPage()).results.length).toBeGreaterThan(0)
    await expect(own.crm.companies.basicApi.getPage()).rejects.toMatchObject({ code: 403 })
  })
})
