import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHubSpot, type HubSpotSimulator } from './index.ts'
import { link, O, send, sendForm } from './test-client.ts'

/** HubSpot's published schemas are not ours to ship; where a copy lies beside the repository, answers are checked against it. */
const folder = resolve(import.meta.dirname, '../../../../shared/specs/hubspot')

interface Validate {
  (value: unknown): boolean
  errors?: unknown
}
interface AjvLike {
  addSchema(schema: object): unknown
  compile(schema: object): Validate
}

function loadAjv(): (new (options: object) => AjvLike) | null {
  try {
    const loaded = createRequire(import.meta.url)('ajv') as { default?: unknown }
    return (loaded.default ?? loaded) as new (options: object) => AjvLike
  } catch {
    return null
  }
}

const Ajv = loadAjv()
const missing = !existsSync(folder)
  ? `no schemas at ../shared/specs/hubspot`
  : Ajv === null
    ? 'ajv is not installed'
    : null
if (missing) console.log(`HubSpot answers are not checked against the published schemas: ${missing}`)

const redirectUri = 'https://bridge.example.test/callback'
const app = { client_id: 'app-1', client_secret: 'secret-1' }
let sim: HubSpotSimulator
beforeAll(async () => {
  const clients = [{ clientId: 'app-1', clientSecret: 'secret-1', redirectUris: [redirectUri] }]
  sim = await startHubSpot({ limits: null, searchLagMs: 0, clients })
})
afterAll(() => sim.close())

const ajv =
  missing || !Ajv
    ? null
    : new Ajv({
        strict: false,
        validateFormats: false,
        unknownFormats: 'ignore',
        nullable: true,
        logger: false,
      })
const added = new Set<string>()

function expectSchema(file: string, schema: string, value: unknown): void {
  if (!ajv) throw new Error('ajv is missing')
  if (!added.has(file)) {
    const spec = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')) as { components: object }
    ajv.addSchema({ $id: `hs://${file}.json`, components: spec.components })
    added.add(file)
  }
  const validate = ajv.compile({ $ref: `hs://${file}.json#/components/schemas/${schema}` })
  expect(validate(value) ? [] : validate.errors, `${file} ${schema}`).toEqual([])
}

describe('answers fit the published schemas', () => {
  it.skipIf(missing !== null)('for objects and batches', async () => {
    const contact = sim.createRecord('contacts', { email: 'schema@example.com' })
    const made = await send(sim, 'POST', O('orders'), {
      properties: { hs_order_name: '#1' },
      associations: [link(contact.id, 507)],
    })
    expectSchema('orders.v3', 'SimplePublicObject', made.body)
    const path = `${O('orders')}/${made.body.id}?associations=contacts&propertiesWithHistory=hs_order_name&properties=hs_order_name`
    expectSchema('orders.v3', 'SimplePublicObjectWithAssociations', (await send(sim, 'GET', path)).body)
    const list = await send(sim, 'GET', `${O('contacts')}?limit=1&associations=orders&properties=email`)
    expectSchema('orders.v3', 'CollectionResponseSimplePublicObjectWithAssociationsForwardPaging', list.body)
    const batch = {
      inputs: [
        { objectWriteTraceId: 'a', properties: {} },
        { objectWriteTraceId: 'b', properties: { no: '1' } },
      ],
    }
    const partial = await send(sim, 'POST', `${O('orders')}/batch/create`, batch)
    expect(partial.status).toBe(207)
    expectSchema('orders.v3', 'BatchResponseSimplePublicObjectWithErrors', partial.body)
    const upsert = { inputs: [{ id: 'x@example.com', idProperty: 'email', properties: {} }] }
    const upserted = await send(sim, 'POST', `${O('contacts')}/batch/upsert`, upsert)
    expectSchema('orders.v3', 'BatchResponseSimplePublicUpsertObject', upserted.body)
    const found = await send(sim, 'POST', `${O('orders')}/search`, {
      limit: 1,
      properties: ['hs_order_name'],
    })
    expectSchema('orders.v3', 'CollectionResponseWithTotalSimplePublicObject', found.body)
    const refused = await send(sim, 'POST', O('orders'), { properties: { no: '1' } })
    expectSchema('orders.v3', 'Error', refused.body)
  })
  it.skipIf(missing !== null)('for associations, properties and pipelines', async () => {
    const contact = sim.createRecord('contacts', { firstname: 'A' })
    const order = sim.createRecord('orders', {})
    const path = `${O('orders')}/${order.id}/associations`
    const plain = await send(sim, 'PUT', `${path}/default/contacts/${contact.id}`)
    expectSchema('associations.2026-03', 'BatchResponsePublicDefaultAssociation', plain.body)
    const list = await send(sim, 'GET', `${path}/contacts`)
    expectSchema(
      'associations.2026-03',
      'CollectionResponseMultiAssociatedObjectWithLabelForwardPaging',
      list.body,
    )
    const inputs = [{ id: order.id }, { id: '1' }]
    const read = await send(sim, 'POST', '/crm/associations/2026-03/orders/contacts/batch/read', { inputs })
    expectSchema('associations.2026-03', 'BatchResponsePublicAssociationMultiWithLabelWithErrors', read.body)
    const row = { from: { id: order.id }, to: { id: contact.id }, types: link('', 507).types }
    const made = await send(sim, 'POST', '/crm/associations/2026-03/orders/contacts/batch/create', {
      inputs: [row],
    })
    expectSchema('associations.2026-03', 'BatchResponseLabelsBetweenObjectPair', made.body)
    const labels = await send(sim, 'GET', '/crm/associations/2026-03/contacts/companies/labels')
    expectSchema(
      'associations-schema.2026-03',
      'CollectionResponseAssociationSpecWithLabelNoPaging',
      labels.body,
    )
    const properties = await send(sim, 'GET', '/crm/properties/2026-03/deals')
    expectSchema('properties.2026-03', 'CollectionResponsePropertyNoPaging', properties.body)
    const groups = await send(sim, 'GET', '/crm/properties/2026-03/deals/groups')
    expectSchema('properties.2026-03', 'CollectionResponsePropertyGroupNoPaging', groups.body)
    const pipelines = await send(sim, 'GET', '/crm/pipelines/2026-03/orders')
    expectSchema('pipelines.2026-03', 'CollectionResponsePipelineNoPaging', pipelines.body)
  })
  it.skipIf(missing !== null)('for tokens', async () => {
    const code = sim.issueCode('app-1', redirectUri, [])
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...app }
    const { body } = await sendForm(sim, '/oauth/2026-03/token', form)
    expectSchema('oauth.2026-03', 'AccessTokenResponse', body)
    const look = (token: string) => sendForm(sim, '/oauth/2026-03/token/introspect', { ...app, token })
    expectSchema('oauth.2026-03', 'PublicAccessTokenInfoResponse', (await look(body.access_token)).body)
    expectSchema('oauth.2026-03', 'PublicRefreshTokenInfoResponse', (await look(body.refresh_token)).body)
  })
})
