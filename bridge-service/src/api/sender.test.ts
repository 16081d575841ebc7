import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_PREFIX } from '@crosswalk/shared/contract'
import { createApp } from '../app.ts'
import type { TrustProxy } from '../trust-proxy.ts'
import { networkOf, senderOf } from './sender.ts'
import { startRig, type Rig } from './testing.ts'

const WRONG = `cw_${'0'.repeat(20)}_${'0'.repeat(40)}`
const OWNER = '203.0.113.9'
const STRANGER = '198.51.100.7'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
}, 60_000)
afterAll(() => rig.close())

/** An app with limits of its own. All calls of a test come from this machine, as from a proxy on it. */
function appBehind(trustProxy: TrustProxy) {
  const app = createApp({ ...rig.service, config: { ...rig.service.config, trustProxy } })
  const ask = async (key: string, forwarded: string): Promise<number> => {
    const call = supertest(app).get(`${API_PREFIX}/me`).set('authorization', `Bearer ${key}`)
    return (await call.set('x-forwarded-for', forwarded)).status
  }
  return {
    app,
    /** As many wrong keys as an address may send; `forwarded` by the number of the try. */
    guess: async (forwarded: (n: number) => string): Promise<void> => {
      for (let n = 0; n < 20; n++) expect(await ask(WRONG, forwarded(n))).toBe(401)
    },
    owner: (forwarded: string) => ask(rig.keys.owner, forwarded),
  }
}

describe('wrong keys', () => {
  it('count for who is connected, whatever the header says, where no proxy is trusted', async () => {
    const { guess, owner } = appBehind(0)
    await guess((n) => `192.0.2.${n}`)
    expect(await owner(OWNER)).toBe(429)
  })

  it.each<[string, TrustProxy]>([
    ['a number of proxies', 1],
    ['their range', ['127.0.0.0/8']],
    ['a name', ['loopback']],
  ])('count for whom the proxy names, trusted by %s', async (_, trustProxy) => {
    const { guess, owner } = appBehind(trustProxy)
    await guess(() => STRANGER)
    expect(await owner(STRANGER)).toBe(429)
    expect(await owner(OWNER)).toBe(200)
  })

  it('count for the stranger, whomever he names before the proxy does', async () => {
    const { guess, owner } = appBehind(1)
    await guess((n) => (n % 2 === 0 ? `${OWNER}, ${STRANGER}` : `192.0.2.${n}, ${STRANGER}`))
    expect(await owner(`192.0.2.99, ${STRANGER}`)).toBe(429)
    expect(await owner(OWNER)).toBe(200)
  })

  it('count for the last one before the proxies that are trusted by address', async () => {
    const { guess, owner } = appBehind(['loopback', '10.0.0.0/8'])
    await guess((n) => `10.0.0.${n}, ${STRANGER}, 10.9.9.9`)
    expect(await owner(`${STRANGER}, 10.1.1.1`)).toBe(429)
    expect(await owner(`${OWNER}, 10.9.9.9`)).toBe(200)
  })

  it('count for who is connected where another proxy is trusted than the one that calls', async () => {
    const { guess, owner } = appBehind(['10.0.0.0/8'])
    await guess((n) => `192.0.2.${n}`)
    expect(await owner(OWNER)).toBe(429)
  })
})

describe('a webhook behind a trusted proxy', () => {
  it('is counted for whom the proxy names when it is refused', async () => {
    const { app } = appBehind(1)
    const post = async (forwarded: string) =>
      (await supertest(app).post('/hooks/unknown').set('x-forwarded-for', forwarded)).status
    for (let n = 0; n < 100; n++) expect(await post(STRANGER)).toBe(404)
    expect(await post(STRANGER)).toBe(429)
    expect(await post(OWNER)).toBe(404)
  })

  it('is taken for sent to where it was sent, whatever else forwarded headers say', async () => {
    const { app } = appBehind(1)
    await supertest(app)
      .post('/hooks/abc')
      .set({ host: 'bridge.test', 'x-forwarded-host': 'evil.example.com', 'x-forwarded-proto': 'https' })
    expect(rig.noted.webhooks.at(-1)).toMatchObject({ url: 'http://bridge.test/hooks/abc' })
  })
})

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:50123', '192.0.2.1'],
  ['[2001:db8:1:2:3::4]:443', '2001:db8:1:2'],
  ['[2001:db8:1:2:3::4]', '2001:db8:1:2'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  [undefined, 'unknown'],
])('a request from %s counts for %s', (ip, sender) => expect(senderOf({ ip })).toBe(sender))

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:0db8:0001:0002::', '2001:db8:1:2'],
  ['2001:db8::7', '2001:db8:0:0'],
  ['2001::4:5:6', '2001:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network))
