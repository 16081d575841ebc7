import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { manualClock } from '../clock.ts'
import { startServer, type SimServer } from '../server.ts'
import { signV1, signV3, startHubSpot, type HubSpotSimulator } from './index.ts'
import { link, O, send } from './test-client.ts'

const secret = 'test-secret'
const clock = manualClock(Date.parse('2026-11-21T20:00:00Z'))
let status = 200
let target: SimServer
let sim: HubSpotSimulator
beforeAll(async () => {
  target = await startServer({ handle: () => ({ status }) })
  sim = await startHubSpot({
    limits: null,
    clock,
    webhooks: {
      targetUrl: `${target.url}/webhooks/hubspot`,
      clientSecret: secret,
      appId: 99,
      subscriptions: [
        { subscriptionType: 'contact.creation' },
        { subscriptionType: 'object.propertyChange', objectType: 'product', propertyName: 'price' },
        { subscriptionType: 'object.associationChange', objectType: 'order' },
        { subscriptionType: 'contact.privacyDeletion' },
      ],
    },
  })
})
beforeEach(async () => {
  status = 200
  await sim.webhooks?.deliverDue()
  target.calls.length = 0
})
afterAll(async () => {
  await sim.close()
  await target.close()
})
const events = () => target.calls.flatMap((call) => call.body as Record<string, unknown>[])

describe('signatures', () => {
  it('give the published examples', () => {
    const body =
      '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation",' +
      '"attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]'
    expect(signV1('yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy', body)).toBe(
      '232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de',
    )
    expect(
      signV3(secret, 'POST', 'https://bridge.example.test/webhooks/hubspot', body, 1_763_740_800_000),
    ).toBe('prsGZO7PsK45jhVu0/np6ICv4x5f9Pse17psr7vrVNY=')
    const uri =
      'https://bridge.example.test/api/orders?email=a%40b.test&q=x%20y%26z&portalId=42&userId=7&userEmail=u%40hub.test&appId=99'
    expect(signV3(secret, 'GET', uri, '', 1_763_740_800_000)).toBe(
      '16CDfxJEkJujaeh+fj7t271p/Xplxb4sNVnMiF3dUdk=',
    )
  })
})

describe('deliveries', () => {
  it('carry subscribed events, own writes included, signed over what was sent', async () => {
    await send(sim, 'POST', O('contacts'), { properties: { email: 'hook@example.com' } })
    const { id } = sim.createRecord('products', { name: 'p', price: '1' })
    await sim.webhooks?.deliverDue()
    target.calls.length = 0
    await send(sim, 'PATCH', `${O('products')}/${id}`, { properties: { price: '2', description: 'x' } })
    await send(sim, 'PATCH', `${O('products')}/${id}`, { properties: { price: '2' } })
    expect(await sim.webhooks?.deliverDue()).toEqual({ delivered: 1, failed: 0 })
    expect(events()).toMatchObject([
      {
        subscriptionType: 'object.propertyChange',
        objectId: Number(id),
        objectTypeId: '0-7',
        propertyName: 'price',
        propertyValue: '2',
        portalId: 42,
        appId: 99,
        attemptNumber: 0,
        changeSource: 'INTEGRATION',
      },
    ])
    const [call] = target.calls
    const stamp = String(call?.headers['x-hubspot-request-timestamp'])
    const body = JSON.stringify(call?.body)
    expect(call?.headers['x-hubspot-signature-v3']).toBe(
      signV3(secret, 'POST', `${target.url}/webhooks/hubspot`, body, stamp),
    )
    expect(call?.headers['x-hubspot-signature']).toBe(signV1(secret, body))
  })
  it('hold at most 100 events', async () => {
    for (let index = 0; index < 101; index += 1) sim.createRecord('contacts', { firstname: `c${index}` })
    await sim.webhooks?.deliverDue()
    expect(target.calls.map((call) => (call.body as unknown[]).length)).toEqual([100, 1])
  })
  it('come again with the next attempt number until they are taken', async () => {
    sim.createRecord('contacts', { firstname: 'again' })
    status = 500
    expect(await sim.webhooks?.deliverDue()).toEqual({ delivered: 0, failed: 1 })
    expect(await sim.webhooks?.deliverDue()).toEqual({ delivered: 0, failed: 0 })
    status = 200
    clock.advance(60_000)
    expect(await sim.webhooks?.deliverDue()).toEqual({ delivered: 1, failed: 0 })
    expect(events().map((event) => event['attemptNumber'])).toEqual([0, 1])
    expect(sim.webhooks?.pending()).toBe(0)
  })
  it('tell of associations and privacy deletes', async () => {
    const contact = sim.createRecord('contacts', { email: 'private@example.com' })
    const order = sim.createRecord('orders', {}, [link(contact.id, 507)])
    await send(sim, 'POST', `${O('contacts')}/gdpr-delete`, { objectId: contact.id })
    await sim.webhooks?.deliverDue()
    expect(events().map((event) => event['subscriptionType'])).toEqual([
      'contact.creation',
      'object.associationChange',
      'contact.privacyDeletion',
    ])
    expect(events()[1]).toMatchObject({
      fromObjectId: Number(order.id),
      associationTypeId: 507,
      associationRemoved: false,
    })
  })
})
