import { afterEach, describe, expect, it } from 'vitest'
import { ConnectorError } from './errors.ts'
import type { ResolvedAddress } from './safe-address.ts'
import { selfSigned } from './test-certificate.ts'
import { rig } from './test-connector.ts'
import { json, startTestServer, type TestServer } from './test-server.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
})

async function trap(tls?: { key: string; cert: string }): Promise<TestServer> {
  const server = await startTestServer((_, response) => json(response, 200, { reached: true }), tls)
  open.push(server.close)
  return server
}

function runtime(...[baseUrl, change]: Parameters<typeof rig>) {
  const made = rig(baseUrl, change)
  open.push(made.http.close)
  return made
}

const failing = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => new Error('was taken'),
    (error: unknown) => error,
  )

const to = (address: string): readonly ResolvedAddress[] => [
  { address, family: address.includes(':') ? 6 : 4 },
]

describe('addresses at use', () => {
  it.each([
    'https://127.0.0.1',
    'https://127.1',
    'https://0x7f000001',
    'https://2130706433',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://169.254.169.254',
    'https://localhost.',
    'http://shop.example.com',
    'https://shop.example.com:8443',
    'https://user:pass@shop.example.com',
    'file:///etc/passwd',
  ])('refuses %s before anything is resolved', async (baseUrl) => {
    const resolved: string[] = []
    const { http, tries } = runtime(baseUrl, {
      allowHosts: [],
      resolver: async (name) => {
        resolved.push(name)
        return to('93.184.215.14')
      },
    })
    expect(await failing(http.send({ path: '/' }))).toMatchObject({ kind: 'unsafe' })
    expect([resolved, tries]).toEqual([[], []])
  })

  it.each([
    '127.0.0.1',
    '10.0.0.5',
    '169.254.169.254',
    '::1',
    '::ffff:127.0.0.1',
    'fd00::1',
    '100.64.0.1',
    '0.0.0.0',
  ])('refuses a public name that leads to %s, without a retry', async (address) => {
    const { http, tries } = runtime('https://shop.example.com', {
      allowHosts: [],
      resolver: async () => to(address),
    })
    expect(await failing(http.send({ path: '/' }))).toMatchObject({ kind: 'unsafe', ambiguous: false })
    expect(tries).toHaveLength(1)
  })

  it('refuses a name that leads to a public and a private address', async () => {
    const resolver = async () => [...to('93.184.215.14'), ...to('127.0.0.1')]
    const { http } = runtime('https://shop.example.com', { allowHosts: [], resolver })
    expect(await failing(http.send({ path: '/' }))).toMatchObject({ kind: 'unsafe' })
  })

  it('resolves once per connection and connects to what it checked', async () => {
    const server = await trap()
    const asked: string[] = []
    const { http } = runtime(`http://shop.example.test:${server.port}`, {
      resolver: async (name) => {
        asked.push(name)
        // The second answer would lead elsewhere; nobody may ask for it within one connection.
        return to(asked.length === 1 ? '127.0.0.1' : '169.254.169.254')
      },
    })
    expect((await http.send({ path: '/' })).body).toEqual({ reached: true })
    expect(asked).toEqual(['shop.example.test'])
    expect(server.requests[0]?.headers.host).toBe(`shop.example.test:${server.port}`)
  })

  it('checks again at the next connection, when the name has moved to a forbidden address', async () => {
    const server = await startTestServer((_, response) => json(response, 200, {}, { connection: 'close' }))
    open.push(server.close)
    let count = 0
    const { http } = runtime(`http://shop.example.test:${server.port}`, {
      resolver: async () => to(++count === 1 ? '127.0.0.1' : '169.254.169.254'),
    })
    await http.send({ path: '/' })
    expect(await failing(http.send({ path: '/' }))).toMatchObject({ kind: 'unsafe' })
    expect(server.requests).toHaveLength(1)
  })

  it('opens loopback only on the listed port', async () => {
    const server = await trap()
    const { http } = runtime(server.url, { allowHosts: [`127.0.0.1:${server.port + 1}`] })
    expect(await failing(http.send({ path: '/' }))).toMatchObject({ kind: 'unsafe' })
    expect(server.requests).toEqual([])
  })

  it('does not let the token endpoint lead elsewhere', async () => {
    const [server, other] = [await trap(), await trap()]
    const { http } = runtime(server.url)
    const request = { path: `${other.url}/token`, headers: {}, form: { client_secret: 'hush' } }
    expect(await failing(http.token(request))).toMatchObject({ kind: 'unsafe' })
    expect(other.requests).toEqual([])
  })
})

describe('names and certificates', () => {
  it('says that a name was not found', async () => {
    const resolver = async () => {
      throw Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })
    }
    const { http } = runtime('https://shop.example.com', { allowHosts: [], resolver })
    expect(await failing(http.send({ path: '/' }))).toMatchObject({
      kind: 'unavailable',
      ambiguous: false,
      publicMessage: 'The name shop.example.com was not found.',
    })
  })

  it('refuses a self-signed certificate with a clear reason, whatever the environment says', async () => {
    const server = await trap(selfSigned('shop.example.com'))
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      const { http, tries } = runtime(`https://shop.example.com:${server.port}`, {
        resolver: async () => to('127.0.0.1'),
      })
      const error = await failing(http.send({ method: 'POST', path: '/', repeatable: false }))
      expect(error).toBeInstanceOf(ConnectorError)
      expect(error).toMatchObject({ kind: 'unavailable', ambiguous: false })
      expect((error as ConnectorError).publicMessage).toContain('self-signed')
      expect(tries).toHaveLength(1)
      expect(server.requests).toEqual([])
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    }
  })
})
