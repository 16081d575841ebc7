import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_TOKEN } from '../../simulators/hubspot/index.ts'
import { disagreements } from '../checker.ts'
import { freePort } from '../free-port.ts'
import { ROOT, until } from '../processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { makeHome } from '../service.ts'

/** The shop under a name that a test leads elsewhere. */
const NAME = 'shop.example.test'
const METADATA = '169.254.169.254'
/** Names a user may give; each looks public. */
const NAMES = {
  'loopback.example.com': ['127.0.0.1'],
  'metadata.example.com': [METADATA],
  'private.example.com': ['10.0.0.5'],
  'mapped.example.com': ['::ffff:127.0.0.1'],
  'local6.example.com': ['fd00::1'],
  'half.example.com': ['93.184.215.14', '127.0.0.1'],
}

describe('addresses that a user sets', () => {
  let trap: Server
  let reached = 0
  let trapPort: number
  let namesFile: string
  let scene: Scene
  let flow: FlowView

  const lead = (shop: string) => writeFile(namesFile, JSON.stringify({ ...NAMES, [NAME]: [shop] }))
  beforeAll(async () => {
    trap = createServer((_, response) => response.end('{}')).on('connection', () => (reached += 1))
    trapPort = await freePort()
    await new Promise<void>((done) => trap.listen(trapPort, '::', done))
    const home = await makeHome()
    namesFile = join(home.dir, 'names.json')
    const shopPort = await freePort()
    await lead('127.0.0.1')
    scene = await openScene({
      home,
      world: { shop: { port: shopPort, storeUrl: `http://${NAME}:${shopPort}` } },
      hosts: [`${NAME}:${shopPort}`],
      env: {
        TEST_NAMES: namesFile,
        NODE_OPTIONS: `--import=${pathToFileURL(join(ROOT, 'test/e2e/faults/names.mjs')).href}`,
      },
      connect: async ({ api }, { shop, crm }) => {
        const [key] = shop.keys
        const shopMade = await connect(api, `http://${NAME}:${shopPort}`, key)
        const crmMade = await api.connections.create({
          body: { connector: 'hubspot', settings: { apiBaseUrl: crm.url }, credentials: { token: DEFAULT_TOKEN } },
        }) // prettier-ignore
        return { shopId: shopMade.connection?.id as string, crmId: crmMade.connection?.id as string }
      },
    })
    flow = await orderFlow(scene)
  })
  afterAll(async () => {
    await scene.close()
    trap.closeAllConnections()
    await new Promise((done) => trap.close(done))
  })
  afterEach(async () => {
    scene.world.shop.rules.clear()
    await lead('127.0.0.1')
    expect(reached).toBe(0)
  })

  const connect = (
    api: Scene['service']['api'],
    shopUrl: string,
    key: { key: string; secret: string } = { key: `ck_${'1'.repeat(40)}`, secret: `cs_${'1'.repeat(40)}` },
  ) =>
    api.connections.create({
      body: { connector: 'woocommerce', settings: { shopUrl }, credentials: { consumerKey: key.key, consumerSecret: key.secret } },
    }) // prettier-ignore
  const said = (kind: string): number =>
    scene.service.lines.filter((line) => line.includes('flow cannot go on') && line.includes(`"kind":"${kind}"`)).length // prettier-ignore
  const calls = (): number => scene.world.shop.calls.filter((call) => call.status !== 0).length
  const wrong = () => {
    const { shop, crm } = scene.world
    return disagreements({ ...shop, url: shop.shop.url }, crm)
  }

  const HOSTS = [
    '127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '[::]', '0', '0.0.0.0', '127.1', '2130706433', '0x7f000001', '017700000001',
    '0177.0.0.1', '１２７.０.０.１', 'localhost.', ...Object.keys(NAMES),
  ] // prettier-ignore
  const PUBLIC_PORT = [
    METADATA, '10.0.0.5', '172.16.0.1', '192.168.1.10', '100.64.0.1', '224.0.0.1', '[fd00::1]', '[fe80::1]', `[::ffff:${METADATA}]`,
    '[64:ff9b::7f00:1]', '[2002:7f00:1::]', 'metadata.google.internal', 'printer.local', 'shop.example.com@127.0.0.1', ...Object.keys(NAMES),
  ] // prettier-ignore

  it('F3 loopback, link-local, private, mapped and numbered addresses, and names that lead there, are refused at save', async () => {
    const urls = [
      ...HOSTS.flatMap((host) => [`http://${host}:${trapPort}`, `https://${host}:${trapPort}`]),
      ...PUBLIC_PORT.flatMap((host) => [`https://${host}`, `http://${host}`]),
      `ftp://127.0.0.1:${trapPort}`,
      'file:///etc/passwd',
    ]
    const before = await scene.service.api.connections.list()
    const outgoing = scene.world.shop.calls.length + scene.world.crm.calls.length
    for (const url of urls) {
      const error = await connect(scene.service.api, url).then(() => null, (thrown: unknown) => thrown) // prettier-ignore
      expect([400, 422], url).toContain((error as { status?: number } | null)?.status)
      const crm = scene.service.api.connections.create({
        body: { connector: 'hubspot', settings: { apiBaseUrl: url }, credentials: { token: DEFAULT_TOKEN } },
      }) // prettier-ignore
      await expect(crm, url).rejects.toSatisfy(({ status }: { status: number }) => [400, 422].includes(status)) // prettier-ignore
    }
    expect((await scene.service.api.connections.list()).items).toHaveLength(before.items.length)
    expect(scene.world.shop.calls.length + scene.world.crm.calls.length).toBe(outgoing)
  })

  it('F3 a name that leads elsewhere after it was checked is refused at the next call, and nothing goes there', async () => {
    await flow.synced(buy(scene, 'anna@example.com'))
    await lead(METADATA)
    // Whoever still holds a connection to the address that was checked loses it.
    scene.world.shop.rules.add({ name: 'gone', action: { kind: 'cut' } })
    const before = said('unsafe')
    const id = buy(scene, 'berta@example.com')
    await until('the refusal', async () => said('unsafe') > before)
    scene.world.shop.rules.clear()
    const answered = calls()
    await scene.service.api.records.sync({ params: { flowId: flow.id }, body: { externalIds: [String(id)] } })
    const check = await scene.service.api.connections.check({ params: { connectionId: scene.ends.shopId } })
    expect(check.findings.filter((one) => one.blocking).map((one) => one.text).join()).toMatch(/address that is not public/) // prettier-ignore
    expect(calls()).toBe(answered)
    expect(flow.document(id)).toBeUndefined()
    await lead('127.0.0.1')
    await flow.synced(id, () => true, 60_000)
    expect(wrong()).toEqual([])
  })

  it('F3 a redirect to such an address is not followed, neither at save nor at a call', async () => {
    for (const status of [301, 302, 307, 308]) {
      const location = `http://127.0.0.1:${trapPort}/wp-json/wc/v3/orders`
      scene.world.shop.rules.add({ name: 'elsewhere', action: { kind: 'status', status, headers: { location } } }) // prettier-ignore
      const made = await connect(scene.service.api, scene.world.shop.url)
      expect(made.connection, String(status)).toBeNull()
      expect(made.findings.some((one) => one.blocking)).toBe(true)
      const hits = scene.world.shop.rules.hits('elsewhere')
      const id = buy(scene, `redirect${status}@example.com`)
      await until('the call', async () => scene.world.shop.rules.hits('elsewhere') > hits)
      expect(flow.document(id)).toBeUndefined()
      scene.world.shop.rules.clear()
      await flow.synced(id, () => true, 90_000)
    }
    expect(reached).toBe(0)
    expect(wrong()).toEqual([])
  })
})
