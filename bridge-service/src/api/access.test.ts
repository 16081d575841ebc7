import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_PREFIX, contract, type Endpoint } from '@crosswalk/shared/contract'
import { createApp } from '../app.ts'
import { createLookupFor } from './testing-records.ts'
import { connectBoth, startRig, type Rig } from './testing.ts'
import { mayAct } from './callers.ts'

const endpoints = Object.entries(contract).flatMap(([group, of]) =>
  Object.entries(of).map(([name, endpoint]) => ({
    name: `${group}.${name}`,
    endpoint: endpoint as Endpoint,
  })),
)

let rig: Rig
let ids: Record<string, string>
/** Every error body met on the way, to look for what must not be in one. */
const bodies: string[] = []

beforeAll(async () => {
  rig = await startRig()
  const { source, flow } = await connectBoth(rig)
  const run = await rig
    .client('owner')
    .runs.start({ params: { flowId: flow.id }, body: { kind: 'backfill' } })
  const lookup = await createLookupFor(rig)
  const keys = await rig.client('owner').access.keys()
  ids = {
    flowId: flow.id,
    connectionId: source.id,
    runId: run.id,
    lookupId: lookup,
    keyId: keys.items.find((key) => key.role === 'viewer')?.id ?? '',
    externalId: '17',
    attemptId: '1',
    sessionId: 'sess_none',
    accountId: 'acct_none',
    invitationId: 'inv_none',
    version: '1',
    entity: 'order',
    name: 'taxes',
  }
}, 60_000)
afterAll(() => rig.close())

const urlOf = (endpoint: Endpoint): string =>
  API_PREFIX +
  endpoint.path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? 'x') +
  (endpoint.path.includes('mapping-diff') ? '?from=1&to=1' : '')

function call(endpoint: Endpoint, key: string | null, body?: object) {
  const verb = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
  const made = supertest(rig.app)[verb](urlOf(endpoint))
  if (key !== null) void made.set('authorization', `Bearer ${key}`)
  return body === undefined ? made : made.send(body)
}

describe('who may call', () => {
  it.each(endpoints)('$name answers 401 without a key', async ({ endpoint }) => {
    const { status, body } = await call(endpoint, null)
    expect([status, body.error.code]).toEqual([401, 'unauthorized'])
  })

  it.each(endpoints)(
    '$name answers 403 to roles below its own, before it looks at anything',
    async ({ endpoint }) => {
      for (const role of ['viewer', 'operator'] as const) {
        if (mayAct(role, endpoint.role)) continue
        const { status, body } = await call(
          endpoint,
          rig.keys[role],
          endpoint.body === undefined ? undefined : { nonsense: 1 },
        )
        expect([status, body.error.code]).toEqual([403, 'forbidden'])
        expect(body.error.message).toContain(endpoint.role)
      }
    },
  )

  it('lets viewers only read, and keeps secrets and deletion to owners', () => {
    // What is one's own is one's own, whatever the role.
    const others = endpoints.filter(({ endpoint }) => !endpoint.path.startsWith('/account/'))
    const writes = others.filter(
      ({ endpoint, name }) =>
        endpoint.role === 'viewer' && endpoint.method !== 'GET' && name !== 'mappings.check',
    )
    expect(writes).toEqual([])
    const deletes = others.filter(({ endpoint }) => endpoint.method === 'DELETE' && endpoint.role !== 'owner')
    expect(deletes).toEqual([])
    for (const name of ['create', 'reconnect', 'disconnect', 'oauthStart'] as const)
      expect(contract.connections[name].role).toBe('owner')
  })

  it('takes no key from a query and no other scheme', async () => {
    const { status } = await supertest(rig.app).get(`${API_PREFIX}/flows?key=${rig.keys.owner}`)
    const basic = await supertest(rig.app)
      .get(`${API_PREFIX}/flows`)
      .set('authorization', `Basic ${rig.keys.owner}`)
    expect([status, basic.status]).toEqual([401, 401])
  })
})

describe('bad input', () => {
  const withBody = endpoints.filter(({ endpoint }) => endpoint.body !== undefined)

  it.each(withBody)('$name names unknown fields of its body', async ({ endpoint }) => {
    const { status, body, text } = await call(endpoint, rig.keys.owner, {
      workspaceId: 'ws_x',
      nonsense: true,
    })
    bodies.push(text)
    expect([status, body.error.code]).toEqual([400, 'bad_request'])
    expect(JSON.stringify(body.error.issues)).toContain('nonsense')
    for (const issue of body.error.issues) expect(issue.path[0]).toBe('body')
  })

  it.each(withBody)('$name refuses what is no JSON', async ({ endpoint }) => {
    const verb = endpoint.method.toLowerCase() as 'post'
    const send = (type: string, text: string) =>
      supertest(rig.app)
        [verb](urlOf(endpoint))
        .set('authorization', `Bearer ${rig.keys.owner}`)
        .set('content-type', type)
        .send(text)
    expect((await send('application/json', '{"a":')).status).toBe(400)
    expect((await send('application/x-www-form-urlencoded', 'a=1')).status).toBe(415)
  })

  it('names the field, what is wrong and what would be right', async () => {
    const { body } = await call(contract.runs.start, rig.keys.owner, {
      kind: 'everything',
      from: 'yesterday',
    })
    expect(body.error.issues).toEqual([
      {
        path: ['body', 'kind'],
        message: expect.any(String),
        expected: 'one of: backfill, sweep, reconcile, match, preview',
      },
      {
        path: ['body', 'from'],
        message: expect.any(String),
        expected: 'a UTC time such as 2026-01-31T12:00:00Z',
      },
    ])
    const list = await supertest(rig.app)
      .get(`${API_PREFIX}/records?limit=900&state=odd`)
      .set('authorization', `Bearer ${rig.keys.owner}`)
    expect(list.body.error.issues.map((issue: { path: string[] }) => issue.path.join('.'))).toEqual([
      'query.limit',
      'query.state',
    ])
    const cursor = await supertest(rig.app)
      .get(`${API_PREFIX}/runs?cursor=bm9uc2Vuc2U`)
      .set('authorization', `Bearer ${rig.keys.owner}`)
    expect([cursor.status, cursor.body.error.issues[0].path]).toEqual([400, ['query', 'cursor']])
  })

  it('refuses bodies that are too large, too deep or compressed', async () => {
    const post = () =>
      supertest(rig.app).post(`${API_PREFIX}/failures/retry`).set('authorization', `Bearer ${rig.keys.owner}`)
    expect((await post().send({ a: 'x'.repeat(1_100_000) })).status).toBe(413)
    const deep = await post()
      .set('content-type', 'application/json')
      .send('['.repeat(200_000) + ']'.repeat(200_000))
    expect([deep.status, deep.body.error.code]).toEqual([400, 'bad_request'])
    expect(
      (await post().set('content-encoding', 'gzip').set('content-type', 'application/json').send('x')).status,
    ).toBe(415)
  })

  it('answers JSON where there is nothing, and to addresses that cannot be read', async () => {
    const nothing = await supertest(rig.app).get(`${API_PREFIX}/nothing`)
    expect([nothing.status, nothing.body.error.code]).toEqual([404, 'not_found'])
    const odd = await supertest(rig.app)
      .get(`${API_PREFIX}/flows/%ff`)
      .set('authorization', `Bearer ${rig.keys.owner}`)
    expect([odd.status, odd.body.error.code]).toEqual([400, 'bad_request'])
  })

  it('shows no stack, path or version in any of these', () => {
    expect(bodies.length).toBeGreaterThan(0)
    for (const text of bodies) expect(text).not.toMatch(/node_modules|\.ts:|\bat \w+ \(|Express/)
  })
})

describe('failures of ours', () => {
  it('answers 500 with an id the log has too, and nothing else', async () => {
    const logged: unknown[] = []
    const { state } = rig.service.demo
    const { error } = rig.service.log
    rig.service.log.error = ((entry: unknown) => void logged.push(entry)) as never
    rig.service.demo.state = async () => {
      throw new Error('secret detail at /srv/place')
    }
    const { status, body, text } = await call(contract.demo.get, rig.keys.owner)
    expect([status, body.error.code]).toEqual([500, 'internal'])
    expect(text).not.toContain('secret detail')
    expect(logged).toMatchObject([{ id: body.error.id, err: { message: 'secret detail at /srv/place' } }])

    rig.service.demo.state = async () => ({ state: 'odd' }) as never
    expect((await call(contract.demo.get, rig.keys.owner)).status).toBe(500)
    expect(logged[1]).toMatchObject({ err: { name: 'BrokenAnswer' } })
    Object.assign(rig.service.demo, { state })
    Object.assign(rig.service.log, { error })
  })
})

describe('too many wrong keys', () => {
  it('makes the address wait, also with a right key', async () => {
    // An app of its own: the others of this file keep calling.
    const app = createApp(rig.service)
    const wrong = `cw_${'0'.repeat(20)}_${'0'.repeat(40)}`
    const ask = (key: string) => supertest(app).get(`${API_PREFIX}/me`).set('authorization', `Bearer ${key}`)
    for (let tries = 0; tries < 20; tries++) expect((await ask(wrong)).status).toBe(401)
    const { status, headers } = await ask(rig.keys.owner)
    expect(status).toBe(429)
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  })
})

describe('what every answer carries', () => {
  it('guards pages and keeps answers out of caches', async () => {
    for (const path of ['/', `${API_PREFIX}/flows`, '/healthz', '/nothing']) {
      const { headers } = await supertest(rig.app).get(path)
      const policy = headers['content-security-policy'] ?? ''
      expect(policy).toContain("object-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("base-uri 'none'")
      expect(policy).not.toContain('unsafe-inline')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(headers['x-powered-by']).toBeUndefined()
    }
    const { headers } = await call(contract.flows.list, rig.keys.viewer)
    expect(headers['cache-control']).toBe('no-store')
  })

  it('tells health without a key', async () => {
    expect((await supertest(rig.app).get('/healthz')).body).toEqual({ status: 'ok' })
    expect((await supertest(rig.app).get('/readyz')).body).toEqual({ status: 'ready' })
    const asleep = { ...rig.service.store, raw: () => Promise.reject(new Error('down')) }
    const { raw } = rig.service.store
    rig.service.store.raw = asleep.raw as never
    expect((await supertest(rig.app).get('/readyz')).status).toBe(503)
    rig.service.store.raw = raw
    expect((await supertest(rig.app).get('/readyz')).status).toBe(200)
  })

  it('has metrics only for the operator’s own token, and no page where none is set', async () => {
    const ask = (bearer?: string) => {
      const asked = supertest(rig.app).get('/metrics')
      return bearer === undefined ? asked : asked.set('authorization', `Bearer ${bearer}`)
    }
    expect((await ask(rig.keys.owner)).status).toBe(404)
    rig.service.config.metricsToken = 'scrape-me-0123456789'
    for (const wrong of [undefined, rig.keys.owner, 'scrape-me-0123456780', '']) {
      const { status, text } = await ask(wrong)
      expect(status).toBe(401)
      expect(text).not.toContain('crosswalk_info')
    }
    const { status, text, headers } = await ask('scrape-me-0123456789')
    expect([status, text, headers['cache-control']]).toEqual([200, 'crosswalk_info 1\n', 'no-store'])
    rig.service.config.metricsToken = null
  })

  it('makes backups only for who has the secret of this start, into files with a whole path', async () => {
    const ask = (token: string, body: object) =>
      supertest(rig.app).post('/control/backup').set('authorization', `Bearer ${token}`).send(body)
    const wanted = { file: '/srv/backups/one.gz', history: true }
    expect((await ask(rig.keys.owner, wanted)).status).toBe(404)
    expect((await supertest(rig.app).post('/control/backup').send(wanted)).status).toBe(404)
    expect((await ask('control', { ...wanted, file: '../one.gz' })).status).toBe(400)
    expect((await ask('control', { file: '/srv/backups/one.gz' })).status).toBe(400)
    expect((await ask('control', wanted)).body).toMatchObject({ file: '/srv/backups/one.gz' })
  })

  it('gives every request an id, a proxy’s own where that is one', async () => {
    const own = await supertest(rig.app).get('/healthz')
    expect(own.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    const given = await supertest(rig.app).get('/healthz').set('x-request-id', 'proxy-4711')
    expect(given.headers['x-request-id']).toBe('proxy-4711')
    const bad = await supertest(rig.app).get('/healthz').set('x-request-id', 'x" level=60 <b>')
    expect(bad.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('webhooks', () => {
  it('hands over the bytes as they came, with lists for headers sent twice', async () => {
    const server = rig.app.listen(0)
    const { port } = server.address() as AddressInfo
    const status = await new Promise<number>((done, failed) => {
      const sent = request(
        {
          port,
          method: 'POST',
          path: '/hooks/abc?x=1',
          headers: ['host', 'bridge.test', 'content-type', 'application/json', 'x-sign', 'a', 'x-sign', 'b'],
        },
        (response) => {
          response.resume()
          done(response.statusCode ?? 0)
        },
      )
      sent.on('error', failed)
      sent.end('{ "not" : json ')
    })
    server.close()
    expect(status).toBe(202)
    const raw = rig.noted.webhooks.at(-1) as {
      body: Buffer
      url: string
      hookId: string
      headers: Record<string, unknown>
    }
    expect(raw.body.toString()).toBe('{ "not" : json ')
    expect(raw).toMatchObject({ hookId: 'abc', url: 'http://bridge.test/hooks/abc?x=1', method: 'POST' })
    expect(raw.headers['x-sign']).toEqual(['a', 'b'])
    expect(raw.headers['content-type']).toBe('application/json')
  })

  it('takes no more than five megabytes and nothing compressed', async () => {
    const post = () => supertest(rig.app).post('/hooks/abc').set('content-type', 'application/json')
    expect((await post().send('x'.repeat(5 * 1024 * 1024 + 1))).status).toBe(413)
    expect((await post().set('content-encoding', 'gzip').send('x')).status).toBe(415)
  })
})
