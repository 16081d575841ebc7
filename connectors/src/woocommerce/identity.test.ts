import { describe, expect, it } from 'vitest'
import { type Call, ConnectorError, type RawWebhook, type Reply } from '../sdk/index.ts'
import { PLAIN_ROOT } from './facts.ts'
import { identity, shopIdentity } from './identity.ts'
import { contextOf, drive, recordedDeliveries, recordings, reply } from './test-drive.ts'
import { WooSettings } from './settings.ts'

const INDEX = recordings('index.json')[0]?.response.body as { home: string }
const read = (answer: (call: Call) => Reply | ConnectorError, facts = {}) =>
  drive(identity.read(contextOf(facts)), answer)

describe('what a shop is told from its copies by', () => {
  it.each([
    ['https://shop.example.com', 'shop.example.com'],
    ['http://www.Shop.Example.com/', 'shop.example.com'],
    ['https://example.com/shop/', 'example.com/shop'],
    ['https://shop.example.com:8443', 'shop.example.com:8443'],
  ])('is host and folder of its home address: %s', (home, told) => expect(shopIdentity(home)).toBe(told))

  it.each(['', 'shop.example.com', 'mailto:a@b.example', null, 7])('is not known for %j', (home) =>
    expect(shopIdentity(home)).toBeNull(),
  )

  it('is read from the index of its API, without a key being needed', () => {
    const calls: Call[] = []
    const told = read((call) => {
      calls.push(call)
      return reply(INDEX)
    })
    expect([told, calls]).toEqual([
      'shop.example.test',
      [{ path: '/wp-json/', query: { _fields: 'home,url' }, accept: expect.any(Array) as number[] }],
    ])
  })

  it('is read with plain permalinks too', () => {
    const told = read(({ query }) => (query?.['rest_route'] === '/' ? reply(INDEX) : reply('<html>', 200)), {
      restRoot: PLAIN_ROOT,
    })
    expect(told).toBe('shop.example.test')
  })

  it.each([
    ['hidden', reply({ code: 'rest_forbidden', message: 'no' }, 401)],
    ['a page', reply('<html></html>')],
    ['not reached', new ConnectorError({ kind: 'unavailable', publicMessage: 'away' })],
    ['moved on', reply('', 301, { location: 'https://elsewhere.example.com/' })],
  ])('is not known where the index is %s', (_, answer) => expect(read(() => answer)).toBeNull())

  it('comes with each recorded delivery, but not with a ping', () => {
    for (const { file, headers } of recordedDeliveries()) {
      const names = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))
      const raw = { headers: names } as unknown as RawWebhook
      expect(identity.ofDelivery?.(raw), file).toBe(
        names['x-wc-webhook-topic'] === undefined ? null : 'shop.example.test',
      )
    }
  })

  it('says where to call a shop that has moved, by the scheme it was called by', () => {
    const settings = WooSettings.parse({ shopUrl: 'https://old.example.com', vatMetaKeys: ['vat'] })
    expect(identity.settingsAt?.('new.example.com/shop', settings)).toEqual({
      ...settings,
      shopUrl: 'https://new.example.com/shop',
    })
  })
})
