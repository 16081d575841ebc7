import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHubSpot, type HubSpotSimulator } from './index.ts'
import { O, send } from './test-client.ts'

let sim: HubSpotSimulator
beforeAll(async () => {
  sim = await startHubSpot({ limits: null })
  await send(sim, 'POST', `${P}/groups`, { name: 'bridge', label: 'Bridge' })
})
afterAll(() => sim.close())

const P = '/crm/properties/2026-09/orders'
const text = (name: string, rest: object = {}) => ({
  name,
  label: name,
  type: 'string',
  fieldType: 'text',
  groupName: 'bridge',
  ...rest,
})

describe('properties', () => {
  it("lists HubSpot's own, which cannot be changed or archived", async () => {
    const { body } = await send(sim, 'GET', `${P}/hs_order_name`)
    expect(body).toMatchObject({
      hubspotDefined: true,
      hasUniqueValue: false,
      modificationMetadata: { archivable: false },
    })
    const list = await send(sim, 'GET', P)
    expect(list.body.results.map((one: { name: string }) => one.name)).toContain('hs_pipeline_stage')
    expect((await send(sim, 'PATCH', `${P}/hs_order_name`, { label: 'x' })).status).toBe(400)
    expect((await send(sim, 'DELETE', `${P}/hs_order_name`)).status).toBe(400)
  })
  it('makes, changes and archives one', async () => {
    expect((await send(sim, 'GET', `${P}/bridge_note`)).status).toBe(404)
    expect((await send(sim, 'POST', P, text('bridge_note'))).status).toBe(201)
    const { id } = sim.createRecord('orders', { bridge_note: 'x' })
    expect((await send(sim, 'PATCH', `${P}/bridge_note`, { label: 'Note' })).body.label).toBe('Note')
    expect((await send(sim, 'PATCH', `${P}/bridge_note`, { hasUniqueValue: true })).status).toBe(400)
    expect((await send(sim, 'DELETE', `${P}/bridge_note`)).status).toBe(204)
    expect(sim.get('orders', id)?.properties).not.toHaveProperty('bridge_note')
    const write = await send(sim, 'PATCH', `${O('orders')}/${id}`, { properties: { bridge_note: 'y' } })
    expect(write.body.errors[0].code).toBe('PROPERTY_DOESNT_EXIST')
  })
  it('answers 409 to a name that is taken', async () => {
    await send(sim, 'POST', P, text('bridge_twice'))
    const { status, body } = await send(sim, 'POST', P, text('bridge_twice'))
    expect([status, body.category]).toEqual([409, 'CONFLICT'])
  })
  it.each([
    ['a missing field', { name: 'x1', label: 'x', type: 'string', fieldType: 'text' }],
    ['a name with capitals', text('Bridge')],
    ['a name with a blank', text('a b')],
    ["a name of HubSpot's", text('hs_mine')],
    ['a group that does not exist', text('x2', { groupName: 'none' })],
    ['an unknown type', text('x3', { type: 'money' })],
    ['a wrong pair of type and field type', text('x4', { type: 'number' })],
    ['an enumeration without options', text('x5', { type: 'enumeration', fieldType: 'select' })],
    ['a unique yes or no', text('x6', { type: 'bool', fieldType: 'booleancheckbox', hasUniqueValue: true })],
  ])('refuses %s', async (_, definition) => {
    expect((await send(sim, 'POST', P, definition)).status).toBe(400)
  })
  it('checks the options of a custom enumeration', async () => {
    const options = ['a', 'b'].map((value) => ({ label: value, value, displayOrder: 0, hidden: false }))
    await send(sim, 'POST', P, text('bridge_tags', { type: 'enumeration', fieldType: 'checkbox', options }))
    const tags = (bridge_tags: string) => send(sim, 'POST', O('orders'), { properties: { bridge_tags } })
    expect([(await tags('a;b')).status, (await tags('a;c')).status]).toEqual([201, 400])
  })
  it('makes many at once and reports the bad ones by name', async () => {
    const inputs = [text('bridge_one'), text('bridge_two', { groupName: 'none' }), text('bridge_one')]
    const { status, body } = await send(sim, 'POST', `${P}/batch/create`, { inputs })
    expect([status, body.results.length]).toEqual([207, 1])
    expect(body.errors.map((error: { category: string }) => error.category)).toEqual([
      'VALIDATION_ERROR',
      'CONFLICT',
    ])
    const read = await send(sim, 'POST', `${P}/batch/read`, {
      inputs: [{ name: 'bridge_one' }, { name: 'none' }],
    })
    expect([read.status, read.body.errors[0].context.name]).toEqual([207, ['none']])
  })
  it('allows ten unique properties per object and none on products', async () => {
    const statuses: number[] = []
    for (let index = 0; index < 11; index += 1) {
      statuses.push((await send(sim, 'POST', P, text(`unique_${index}`, { hasUniqueValue: true }))).status)
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 201), 400])
    const definition = text('bridge_key', { groupName: 'productinformation', hasUniqueValue: true })
    const products = '/crm/properties/2026-09/products'
    expect((await send(sim, 'POST', products, definition)).status).toBe(400)
    expect((await send(sim, 'POST', products, { ...definition, hasUniqueValue: false })).status).toBe(201)
  })
  it('keeps groups', async () => {
    expect((await send(sim, 'POST', `${P}/groups`, { name: 'bridge', label: 'x' })).status).toBe(409)
    expect((await send(sim, 'GET', `${P}/groups/bridge`)).body).toMatchObject({
      name: 'bridge',
      archived: false,
    })
    expect((await send(sim, 'GET', `${P}/groups/none`)).status).toBe(404)
    expect((await send(sim, 'DELETE', `${P}/groups/bridge`)).status).toBe(400)
  })
})

describe('pipelines', () => {
  const L = '/crm/pipelines/2026-09'
  const stages = [
    { label: 'New', displayOrder: 0, metadata: { state: 'OPEN' } },
    { label: 'Done', displayOrder: 1, metadata: { state: 'CLOSED' } },
  ]
  it('has a default one for deals and orders', async () => {
    const deals = await send(sim, 'GET', `${L}/deals`)
    expect(deals.body.results[0]).toMatchObject({ id: 'default', archived: false })
    expect(deals.body.results[0].stages.map((stage: { id: string }) => stage.id)).toContain('closedlost')
    const orders = await send(sim, 'GET', `${L}/orders`)
    expect(orders.body.results[0].stages[0]).toMatchObject({ label: 'Open', metadata: { state: 'OPEN' } })
    expect((await send(sim, 'GET', `${L}/products`)).status).toBe(400)
  })
  it('makes, changes and deletes one; a stage of another pipeline is refused', async () => {
    const made = await send(sim, 'POST', `${L}/orders`, { label: 'Shop', displayOrder: 1, stages })
    expect(made.status).toBe(201)
    const path = `${L}/orders/${made.body.id}`
    expect((await send(sim, 'POST', `${L}/orders`, { label: 'Shop', stages })).status).toBe(409)
    expect((await send(sim, 'PATCH', path, { label: 'Web shop' })).body.label).toBe('Web shop')
    const stage = made.body.stages[0].id
    const order = (properties: object) => send(sim, 'POST', O('orders'), { properties })
    expect((await order({ hs_pipeline: made.body.id, hs_pipeline_stage: stage })).status).toBe(201)
    expect((await order({ hs_pipeline_stage: stage })).body.errors[0].code).toBe('INVALID_OPTION')
    expect((await send(sim, 'DELETE', `${path}?validateReferencesBeforeDelete=true`)).status).toBe(400)
    const extra = await send(sim, 'POST', `${path}/stages`, { label: 'Extra', metadata: { state: 'OPEN' } })
    expect(extra.status).toBe(201)
    expect(sim.removeStage('orders', made.body.id, extra.body.id)).toBe(true)
    expect((await send(sim, 'DELETE', path)).status).toBe(204)
    expect((await send(sim, 'GET', path)).status).toBe(404)
  })
  it.each([
    ['no stages', { label: 'a', stages: [] }],
    ['no label', { stages }],
    ['an order stage without a state', { label: 'b', stages: [{ label: 's', metadata: {} }] }],
  ])('refuses %s', async (_, body) => {
    expect((await send(sim, 'POST', `${L}/orders`, body)).status).toBe(400)
  })
  it('refuses a deal stage without a probability', async () => {
    const body = { label: 'c', stages: [{ label: 's', metadata: { probability: '2' } }] }
    expect((await send(sim, 'POST', `${L}/deals`, body)).status).toBe(400)
  })
})

describe('account and owners', () => {
  it("tells the account's currencies and domain", async () => {
    const { body } = await send(sim, 'GET', '/account-info/2026-09/details')
    expect(body).toMatchObject({ portalId: 42, companyCurrency: 'EUR', additionalCurrencies: ['USD', 'GBP'] })
  })
  it('finds owners by address', async () => {
    const { body } = await send(sim, 'GET', '/crm/owners/2026-09?email=kim@example.com')
    expect(body.results).toMatchObject([{ firstName: 'Kim', archived: false }])
    expect((await send(sim, 'GET', '/crm/v3/owners/1')).status).toBe(404)
  })
})
