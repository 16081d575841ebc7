import { describe, expect, it } from 'vitest'
import { type Call, ConnectorError, type Reply } from '../sdk/index.ts'
import { contextOf, drive, reply } from './test-drive.ts'
import { webhooks } from './webhooks.ts'

interface Hook {
  id: number
  name: string
  status: string
  topic: string
  delivery_url: string
  secret?: string
}
const URL_OF = 'https://bridge.example.com/hooks/c1'
const hook = (id: number, topic: string, more: Partial<Hook> = {}): Hook => ({
  id, topic, name: `Crosswalk ${topic}`, status: 'active', delivery_url: URL_OF, ...more,
}) // prettier-ignore

/** The webhooks of a shop, in memory. */
function shop(hooks: Hook[]) {
  const log: string[] = []
  const answer = (call: Call): Reply => {
    if (call.method === 'POST') {
      const made = { id: 1000 + log.length, ...(call.body as Omit<Hook, 'id'>) }
      hooks.push(made)
      log.push(`made ${made.topic}`)
      expect(call.repeatable).toBe(false)
      return reply(made, 201)
    }
    if (call.method === 'DELETE') {
      const id = Number(call.path.split('/').at(-1))
      const at = hooks.findIndex((one) => one.id === id)
      log.push(`deleted ${id} ${call.query?.['force']}`)
      return at < 0
        ? reply({ code: 'woocommerce_rest_shop_webhook_invalid_id' }, 404)
        : reply(hooks.splice(at, 1)[0])
    }
    const offset = Number(call.query?.['offset'])
    const sorted = [...hooks].sort((a, b) => a.id - b.id)
    return reply(sorted.slice(offset, offset + Number(call.query?.['per_page'])))
  }
  return { hooks, log, answer }
}

const topics = ['order.created', 'order.updated']
const want = { url: URL_OF, secret: 'Secret123', topics }
const subscribe = (fake: ReturnType<typeof shop>, more: { renew?: boolean } = {}) =>
  drive(webhooks.subscribe!({ ...want, ...more }, contextOf()), fake.answer)

describe('subscribing', () => {
  it('makes what is missing, once', () => {
    const fake = shop([])
    const first = subscribe(fake)
    expect(fake.hooks).toMatchObject([
      {
        name: 'Crosswalk order.created',
        topic: 'order.created',
        delivery_url: URL_OF,
        secret: 'Secret123',
        status: 'active',
      },
      { name: 'Crosswalk order.updated' },
    ])
    expect(first.revived).toEqual(topics)
    const again = subscribe(fake)
    expect(again.revived).toEqual([])
    expect(fake.log).toEqual(['made order.created', 'made order.updated'])
    expect(again.subscriptions).toEqual(first.subscriptions)
  })
  it('makes one that was switched off anew, before it goes', () => {
    const fake = shop([hook(1, 'order.created', { status: 'disabled' }), hook(2, 'order.updated')])
    expect(subscribe(fake).revived).toEqual(['order.created'])
    expect(fake.log).toEqual(['made order.created', 'deleted 1 true'])
  })
  it('makes all anew where their maker lost rights, each before the old ones go', () => {
    const fake = shop([hook(1, 'order.created'), hook(2, 'order.updated')])
    expect(subscribe(fake, { renew: true }).revived).toEqual(topics)
    expect(fake.log).toEqual(['made order.created', 'made order.updated', 'deleted 1 true', 'deleted 2 true'])
  })
  it('removes doubles of ours and those to where we were before, and leaves all others', () => {
    const others = [
      hook(7, 'order.created', { delivery_url: 'https://other.example.com/x', name: 'ERP' }),
      hook(8, 'order.created', { delivery_url: 'https://staging.example.com/hooks/c9' }),
    ]
    const moved = hook(9, 'order.updated', { delivery_url: 'https://old.example.com/hooks/c1' })
    const fake = shop([
      hook(1, 'order.created'),
      hook(2, 'order.created'),
      hook(3, 'coupon.created'),
      ...others,
      moved,
    ])
    subscribe(fake)
    expect(fake.hooks.map((one) => one.id).sort((a, b) => a - b)).toEqual([1, 7, 8, 1000])
    expect(fake.hooks.find((one) => one.id === 1000)).toMatchObject({
      topic: 'order.updated',
      delivery_url: URL_OF,
    })
  })
  it('reads the list beyond its first page', () => {
    const foreign = Array.from({ length: 130 }, (_, i) =>
      hook(i + 1, 'order.created', { delivery_url: 'https://x.example.com/', name: 'ERP' }),
    )
    const fake = shop([...foreign, hook(140, 'order.created'), hook(141, 'order.updated')])
    subscribe(fake)
    expect(fake.log).toEqual([])
  })
  it('takes no secret that WooCommerce would decode', () => {
    const bad = () =>
      drive(webhooks.subscribe!({ ...want, secret: 'a&b<c12345' }, contextOf()), shop([]).answer)
    expect(bad).toThrow(ConnectorError)
  })
})

describe('unsubscribing', () => {
  it('deletes ours for good, also when one is gone already', () => {
    const fake = shop([
      hook(1, 'order.created'),
      hook(2, 'order.updated', { status: 'disabled' }),
      hook(3, 'order.created', { delivery_url: 'https://x.example.com/', name: 'ERP' }),
    ])
    drive(webhooks.unsubscribe!(URL_OF, contextOf()), (call) => {
      if (call.method === 'DELETE')
        fake.hooks.splice(0, fake.hooks.length, ...fake.hooks.filter((one) => one.id !== 1))
      return fake.answer(call)
    })
    expect(fake.hooks.map((one) => one.id)).toEqual([3])
  })
})
