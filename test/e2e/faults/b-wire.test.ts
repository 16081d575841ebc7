import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { selfSigned } from '../../../connectors/src/sdk/test-certificate.ts'
import { DEFAULT_TOKEN } from '../../simulators/hubspot/index.ts'
import { until } from '../processes.ts'
import { openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { makeHome } from '../service.ts'
import { connectShop, startWorld } from '../shop-to-crm.ts'
import { watch, type Watch } from './b-scene.ts'
import { startTlsFront } from './tls-front.ts'

let scene: Scene
let front: Awaited<ReturnType<typeof startTlsFront>>
let flow: FlowView
let seen: Watch

/** The service trusts the first two, the way it would trust a company's own authority. */
const good = selfSigned('localhost')
const expired = selfSigned('localhost', '230101')
const unknown = selfSigned('localhost')

beforeAll(async () => {
  const home = await makeHome()
  const authorities = join(home.dir, 'authorities.pem')
  await writeFile(authorities, good.cert + expired.cert)
  const world = await startWorld()
  front = await startTlsFront(world.crm.url, good)
  world.hosts.push(front.host)
  scene = await openScene({
    home,
    ready: world,
    env: { NODE_EXTRA_CA_CERTS: authorities },
    connect: async (service) => {
      const { connection, findings } = await service.api.connections.create({
        body: {
          connector: 'hubspot',
          settings: { apiBaseUrl: front.url },
          credentials: { token: DEFAULT_TOKEN },
        },
      })
      if (!connection) throw new Error(`not connected: ${JSON.stringify(findings)}`)
      return { shopId: await connectShop(service.api, world), crmId: connection.id }
    },
  })
  flow = await orderFlow(scene)
  seen = watch(scene, flow)
})
afterEach(() => scene.world.crm.rules.clear())
afterAll(async () => {
  await scene.close()
  await front.close()
})

describe('B17 a wire that fails', () => {
  it.each([
    ['headers, then silence', 'stall'],
    ['silence', 'hang'],
  ] as const)('B17 %s: the call ends in time, and the order is there once', async (name, kind) => {
    const hits = seen.fail({ path: '/orders/batch/create', times: 1, action: { kind } })
    const ids = seen.several(3, `${kind}`)
    await until('the silent call', async () => hits() === 1)
    const began = Date.now()
    await seen.allSynced(ids, 100_000)
    // 30 seconds for the call, then a pause.
    expect(Date.now() - began, name).toBeGreaterThan(20_000)
    expect(seen.wrong()).toEqual([])
    expect(await seen.failures()).toEqual([])
  })

  it.each([
    ['that has expired', expired, /has expired/],
    ['that nobody vouches for', unknown, /self-signed/],
  ])(
    'B17 a certificate %s: not a byte goes out, orders wait and say why; a new one ends it',
    async (_name, certificate, words) => {
      // prettier-ignore
      front.show(certificate)
      const before = front.passed()
      const ids = seen.several(5, `tls${words.source.length}.`)
      const held = await until('the hold', async () => {
        const now = await seen.overview()
        return Date.parse(now?.budget.blockedUntil ?? '') > Date.now() + 60_000 ? now : null
      })
      expect(held.health).toBe('warning')
      await seen.told()
      expect(front.passed()).toBe(before)
      expect(await seen.failures()).toEqual([])
      // The check says it in words, and does not go on either.
      const reconnect = () =>
        scene.service.api.connections.reconnect({
          params: { connectionId: scene.ends.crmId },
          body: { credentials: { token: DEFAULT_TOKEN } },
        })
      await expect(reconnect()).rejects.toThrow(words)
      expect(front.passed()).toBe(before)
      front.show(good)
      expect((await reconnect()).connection?.state).toBe('active')
      await seen.allSynced(ids, 90_000)
      expect(seen.wrong()).toEqual([])
    },
  )

  it('B17 a name that does not resolve: said so at once, nothing is saved', async () => {
    const answer = await scene.service.api.connections
      .create({
        body: {
          connector: 'woocommerce',
          settings: { shopUrl: 'https://no-such-shop.example.com' },
          credentials: { consumerKey: `ck_${'1'.repeat(40)}`, consumerSecret: `cs_${'1'.repeat(40)}` },
        },
      })
      .catch((error: Error) => ({ connection: null, findings: [{ text: error.message }] }))
    expect(answer.connection).toBeNull()
    expect(answer.findings.map((one) => one.text).join(' ')).toMatch(/was not found|cannot be reached|does not exist/) // prettier-ignore
  })
})
