import { gzipSync, brotliCompressSync } from 'node:zlib'
import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { ask } from './call.ts'
import { ConnectorError } from './errors.ts'
import { rig, plain, type Rig } from './test-connector.ts'
import { json, startTestServer, type Answer, type TestServer } from './test-server.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
})

async function serve(
  answer: Answer,
  change?: Parameters<typeof rig>[1],
): Promise<Rig & { server: TestServer }> {
  const server = await startTestServer(answer)
  const made = rig(`${server.url}/api/`, change)
  open.push(made.http.close, server.close)
  return { ...made, server }
}

async function failing(promise: Promise<unknown>): Promise<ConnectorError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ConnectorError) return error
  throw new Error('expected a ConnectorError', { cause: error })
}

const always =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    json(response, status, { message: 'the-vendor-body' }, headers)

describe('one call', () => {
  it('builds, signs and reads', async () => {
    const { http, server, acquired, tries } = await serve((_, response) =>
      json(response, 200, { ok: true }, { 'X-Seen': '1' }),
    )
    const reply = await http.send({
      method: 'POST',
      path: '/orders/1234',
      query: { q: "a b&c'" },
      body: { name: 'Zoë' },
      window: 'search',
    })
    expect(reply).toMatchObject({ status: 200, body: { ok: true }, headers: { 'x-seen': '1' } })
    const [request] = server.requests
    expect(request).toMatchObject({
      method: 'POST',
      url: '/api/orders/1234?q=a%20b%26c%27',
      body: '{"name":"Zoë"}',
    })
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer hush',
      'content-type': 'application/json',
      'content-length': '15',
    })
    expect(acquired).toEqual([{ window: 'search', lane: 'live' }])
    expect(tries).toMatchObject([
      { path: '/orders/:id', status: 200, failure: null, attempt: 1, bytesOut: 15 },
    ])
  })

  it('sends forms, bulk calls and accepts told statuses', async () => {
    const { http, server, acquired } = await serve(always(404))
    const reply = await http.send(
      { method: 'PUT', path: 'x', form: { a: '1 2' }, accept: [404] },
      { lane: 'bulk' },
    )
    expect(reply.status).toBe(404)
    expect(server.requests[0]).toMatchObject({ url: '/api/x', body: 'a=1+2' })
    expect(acquired).toEqual([{ window: null, lane: 'bulk' }])
  })

  it.each(['/../admin', '/a/%2e%2e/b', '/a?b=c', '/a#b', '/a b', '/./x', '/a\\..\\b'])(
    'refuses the path %s',
    async (path) => {
      const { http, server } = await serve(always(200))
      expect((await failing(http.send({ path }))).kind).toBe('invalid')
      expect(server.requests).toEqual([])
    },
  )

  it('asks right before each try whether it may still go out', async () => {
    const { http, server, acquired } = await serve((_, response) =>
      json(response, server.requests.length === 1 ? 503 : 200, {}),
    )
    const seen: [number, number][] = []
    const ready = async () => void seen.push([acquired.length, server.requests.length])
    await http.send({ path: '/' }, { ready })
    expect(seen).toEqual([
      [1, 0],
      [2, 1],
    ])
    const late = new Error('another worker has it')
    await expect(http.send({ path: '/' }, { ready: () => Promise.reject(late) })).rejects.toBe(late)
    expect(server.requests).toHaveLength(2)
  })

  it('drives a conversation', async () => {
    const { http } = await serve((_, response) => json(response, 200, [1, 2]))
    expect(await http.drive(ask({ path: '/' }, (reply) => reply.body))).toEqual([1, 2])
  })

  it('reuses its connections and never has more than it may', async () => {
    const sockets = new Set<unknown>()
    let flying = 0
    let most = 0
    const { http } = await serve((request, response) => {
      sockets.add(request.socket)
      most = Math.max(most, ++flying)
      setImmediate(() => {
        flying -= 1
        json(response, 200, {})
      })
    })
    await Promise.all(Array.from({ length: 40 }, () => http.send({ path: '/' })))
    expect(most).toBeLessThanOrEqual(plain.http.concurrency)
    expect(sockets.size).toBeLessThanOrEqual(plain.http.concurrency)
  })

  it('calls the fault point before sending and after the answer', async () => {
    const points: string[] = []
    const { http, server } = await serve(always(200), {
      faultPoint: (name, call) => void points.push(`${name} ${call.path} ${server.requests.length}`),
    })
    await http.send({ path: '/x' })
    expect(points).toEqual(['before_send /x 0', 'after_reply /x 1'])
  })
})

it('signs again by the other side’s clock where the time was refused, and stays with it', async () => {
  const signedAt: string[] = []
  const theirs = Date.parse('2026-06-01T12:00:00Z')
  const { http } = await serve(
    (request, response) => {
      const at = String(request.headers['x-signed-at'])
      signedAt.push(at)
      const good = Math.abs(Date.parse(at) - theirs) < 900_000
      json(response, good ? 200 : 401, {}, { date: new Date(theirs).toUTCString() })
    },
    {
      connector: {
        ...plain,
        auth: {
          ...plain.auth,
          authorize: (_request, _credentials, context) => ({
            headers: { 'x-signed-at': context.now.toISOString() },
          }),
        },
        http: {
          ...plain.http,
          classify: (reply) =>
            reply.status === 401
              ? { kind: 'unauthorized', publicMessage: 'late', wrongTime: true }
              : undefined,
        },
      },
    },
  )
  expect((await http.send({ path: '/' })).status).toBe(200)
  expect((await http.send({ path: '/' })).status).toBe(200)
  expect(signedAt.map((at) => at.slice(0, 13))).toEqual(['2026-01-01T00', '2026-06-01T12', '2026-06-01T12'])
})

describe('failures', () => {
  it.each([
    [400, 'invalid'],
    [401, 'unauthorized'],
    [402, 'invalid'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [409, 'conflict'],
    [410, 'not_found'],
    [413, 'invalid'],
    [422, 'invalid'],
    [423, 'unavailable'],
    [429, 'rate_limited'],
    [477, 'unavailable'],
    [500, 'unavailable'],
    [503, 'unavailable'],
    [599, 'unavailable'],
  ] as const)('%i is %s, in words without secrets, query or vendor body', async (status, kind) => {
    const { http } = await serve(always(status))
    const error = await failing(http.send({ path: '/x', query: { email: 'a@example.com' } }))
    expect(error).toMatchObject({ kind, status, body: { message: 'the-vendor-body' } })
    expect(error.ambiguous).toBe(status >= 500)
    expect(error.publicMessage).toMatch(/^Plain .*\(answer \d+\)\.$/)
    expect(error.publicMessage).not.toMatch(/hush|example|vendor/)
  })

  it('asks the connector first', async () => {
    const connector = {
      ...plain,
      http: {
        ...plain.http,
        classify: () => ({
          kind: 'conflict' as const,
          publicMessage: 'Taken.',
          vendorCode: 'TAKEN',
          fields: ['sku'],
        }),
      },
    }
    const { http } = await serve(always(400), { connector })
    expect(await failing(http.send({ path: '/' }))).toMatchObject({
      kind: 'conflict',
      vendorCode: 'TAKEN',
      fields: ['sku'],
    })
  })

  it('lets the connector look at what is known of the account', async () => {
    const classify: NonNullable<typeof plain.http.classify> = (_, __, context) => ({
      kind: 'rate_limited',
      publicMessage: 'Enough for today.',
      holdsConnection: true,
      retryAfterMs: Number(context?.facts['midnight']) - (context?.now.getTime() ?? 0),
    })
    const connector = { ...plain, http: { ...plain.http, classify } }
    const facts = () => ({ midnight: Date.parse('2026-01-01T05:00:00Z') })
    const { http, blocked } = await serve(always(429), { connector, facts })
    expect(await failing(http.send({ path: '/' }))).toMatchObject({ holdsConnection: true })
    expect(blocked).toEqual([5 * 3_600_000])
  })

  it.each([301, 302, 307, 308])('does not follow a %i, and names where it leads', async (status) => {
    const trap = await startTestServer(always(200))
    open.push(trap.close)
    const { http, server } = await serve(always(status, { location: `${trap.url}/steal?key=1` }))
    const error = await failing(http.send({ path: '/' }))
    expect(error.kind).toBe('invalid')
    expect(error.publicMessage).toContain(trap.host)
    expect(error.publicMessage).not.toContain('steal')
    expect(trap.requests).toEqual([])
    expect(server.requests).toHaveLength(1)
  })

  it('quotes a notice in front of the JSON', async () => {
    const { http } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end('<b>Deprecated</b>: old call\n{"id":1}')
    })
    const error = await failing(http.send({ path: '/' }))
    expect(error).toMatchObject({
      kind: 'malformed',
      publicMessage: expect.stringContaining('“Deprecated: old call”'),
    })
  })
})

describe('retries', () => {
  it.each(['7', 'Thu, 01 Jan 2026 00:00:07 GMT'])(
    'keeps a 429 with Retry-After %s and holds the connection',
    async (wait) => {
      const { http, slept, blocked, tries } = await serve((_, response, count) =>
        count === 1 ? json(response, 429, {}, { 'retry-after': wait }) : json(response, 200, {}),
      )
      expect((await http.send({ method: 'POST', path: '/', repeatable: false })).status).toBe(200)
      expect(blocked).toEqual([7_000])
      expect(slept).toEqual([7_500])
      expect(tries.map((record) => record.failure)).toEqual(['rate_limited', null])
    },
  )

  it('hands a long wait to the caller', async () => {
    const { http, slept, blocked } = await serve(always(429, { 'retry-after': '3600' }))
    expect(await failing(http.send({ path: '/' }))).toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: 3_600_000,
    })
    expect(slept).toEqual([])
    expect(blocked).toEqual([3_600_000])
  })

  it('gives up after three more tries, each through the gate', async () => {
    const { http, server, slept, acquired } = await serve(always(503))
    expect((await failing(http.send({ path: '/' }))).kind).toBe('unavailable')
    expect(server.requests).toHaveLength(4)
    expect(acquired).toHaveLength(4)
    expect(slept).toEqual([250, 500, 1_000])
  })

  it.each([
    ['a cut connection', (response: ServerResponse) => void response.socket?.destroy()],
    ['a 502', (response: ServerResponse) => json(response, 502, {})],
  ])('after %s repeats a read, and leaves a create to the caller', async (_, fail) => {
    const first: Answer = (__, response, count) => (count === 1 ? fail(response) : json(response, 200, {}))
    const reading = await serve(first)
    expect((await reading.http.send({ path: '/' })).status).toBe(200)
    const creating = await serve(first)
    const error = await failing(
      creating.http.send({ method: 'POST', path: '/', body: {}, repeatable: false }),
    )
    expect(error).toMatchObject({ kind: 'unavailable', ambiguous: true })
    expect(creating.server.requests).toHaveLength(1)
  })

  it('is sure that nothing happened where no connection was made', async () => {
    const { http, server, tries } = await serve(always(200))
    await server.close()
    const error = await failing(http.send({ method: 'POST', path: '/', body: {}, repeatable: false }))
    expect(error).toMatchObject({
      kind: 'unavailable',
      ambiguous: false,
      publicMessage: expect.stringContaining('cannot be reached'),
    })
    expect(tries).toHaveLength(4)
  })

  it('stops at once when aborted', async () => {
    const controller = new AbortController()
    const { http, server } = await serve(() => controller.abort(new Error('stopped')))
    await expect(http.send({ path: '/' }, { signal: controller.signal })).rejects.toThrow('stopped')
    await expect(http.send({ path: '/' }, { signal: controller.signal })).rejects.toThrow('stopped')
    expect(server.requests).toHaveLength(1)
  })
})

describe('limits', () => {
  const quick = { connector: { ...plain, http: { ...plain.http, timeoutMs: 150 } } }

  it.each([
    ['silence', () => undefined],
    ['headers, then silence', (response: ServerResponse) => void response.writeHead(200).write('{')],
    [
      'a slow drip',
      (response: ServerResponse) => {
        response.writeHead(200)
        const drip = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(drip))
      },
    ],
  ])('ends %s within the time-out', async (_, behave) => {
    const { http } = await serve((__, response) => behave(response), quick)
    const error = await failing(http.send({ method: 'POST', path: '/', repeatable: false }))
    expect(error).toMatchObject({
      kind: 'unavailable',
      ambiguous: true,
      publicMessage: expect.stringContaining('in time'),
    })
  })

  it('ends an endless body at 20 MB', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'a')
    let written = 0
    const { http } = await serve((_, response) => {
      response.writeHead(200)
      const more = (): void => {
        while (!response.destroyed && written < 500) {
          written += 1
          if (!response.write(chunk)) return void response.once('drain', more)
        }
      }
      more()
    })
    expect(await failing(http.send({ path: '/' }))).toMatchObject({ kind: 'malformed', ambiguous: true })
    expect(written).toBeLessThan(60)
  })

  it('refuses an answer that announces too much', async () => {
    const { http } = await serve(
      (_, response) => void response.writeHead(200, { 'content-length': '99999999' }).write('x'),
    )
    expect((await failing(http.send({ path: '/' }))).publicMessage).toContain('larger than 20 MB')
  })

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('unpacks %s, but no more than 20 MB of it', async (encoding, pack) => {
    const answers = [Buffer.from('{"a":1}'), Buffer.alloc(21 * 1024 * 1024)].map((body) => pack(body))
    const { http } = await serve((_, response, count) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding })
      response.end(answers[count - 1])
    })
    expect((await http.send({ path: '/' })).body).toEqual({ a: 1 })
    expect((await failing(http.send({ path: '/' }))).publicMessage).toContain('larger than 20 MB')
  })
})

describe('refresh', () => {
  const guarded =
    (valid: () => string): Answer =>
    (request, response) =>
      json(response, request.headers.authorization === `Bearer ${valid()}` ? 200 : 401, {})

  it('refreshes once for all calls that were refused together, and repeats each once', async () => {
    const calls = 20
    let token = 'old'
    let refreshes = 0
    const { http, server, tries } = await serve(
      guarded(() => 'new'),
      {
        credentials: () => ({ token }),
        refresh: async (refused) => {
          expect(refused).toEqual({ token: 'old' })
          refreshes += 1
          // Every call is refused while the first refresh is still under way.
          while (tries.length < calls) await new Promise((done) => setImmediate(done))
          token = 'new'
        },
      },
    )
    const send = () => http.send({ method: 'POST', path: '/', repeatable: false })
    const replies = await Promise.all(Array.from({ length: calls }, send))
    expect(replies.every((reply) => reply.status === 200)).toBe(true)
    expect(refreshes).toBe(1)
    expect(server.requests).toHaveLength(2 * calls)
  })

  it('does not refresh a second time for the same call', async () => {
    let refreshes = 0
    const { http, server } = await serve(always(401), { refresh: async () => void (refreshes += 1) })
    expect((await failing(http.send({ path: '/' }))).kind).toBe('unauthorized')
    expect([refreshes, server.requests.length]).toEqual([1, 2])
  })

  it('hands on what the refresh says, to every waiting call', async () => {
    const { http } = await serve(always(401), {
      refresh: async () => {
        throw new ConnectorError({ kind: 'unauthorized', publicMessage: 'Connect it again.' })
      },
    })
    const errors = await Promise.all([failing(http.send({ path: '/' })), failing(http.send({ path: '/' }))])
    expect(errors.map((error) => error.publicMessage)).toEqual(['Connect it again.', 'Connect it again.'])
  })

  it('sends token requests without the access token and gives back any status', async () => {
    const { http, server, acquired } = await serve(always(400))
    const reply = await http.token({
      path: '/oauth/token',
      headers: { 'x-app': '1' },
      form: { grant_type: 'refresh_token' },
    })
    expect(reply.status).toBe(400)
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      url: '/oauth/token',
      body: 'grant_type=refresh_token',
    })
    expect(server.requests[0]?.headers['authorization']).toBeUndefined()
    expect(acquired).toEqual([])
  })
})
