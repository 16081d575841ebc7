import supertest from 'supertest'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { API_PREFIX, ApiError } from '@crosswalk/shared/contract'
import { openCredentials, openHookSecret } from '../connections/credentials.ts'
import { refreshTokens } from '../connections/refresh.ts'
import { ensureSubscriptions } from '../connections/subscriptions.ts'
import { listAudit } from '../store/audit.ts'
import { getConnection, updateConnection } from '../store/connections.ts'
import { getFlow } from '../store/flows.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { connectBoth, startRig, type Rig } from './testing.ts'

let rig: Rig
beforeAll(async () => void (rig = await startRig()), 60_000)
beforeEach(() => rig.reset())
afterAll(() => rig.close())

const refusal = async (work: Promise<unknown>): Promise<ApiError> => {
  try {
    await work
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  throw new Error('it was not refused')
}
const rowOf = async (id: string): Promise<ConnectionRow> =>
  (await getConnection(rig.service.store.db, rig.workspaceId, id)) as ConnectionRow
const create = (connector: string, credentials: object, url = rig.account.url) =>
  rig
    .client('owner')
    .connections.create({ body: { connector, settings: { url }, credentials: { ...credentials } } })

describe('the systems', () => {
  it('are told with their forms, and what can flow between each two', async () => {
    const { connectors, pairs } = await rig.client('viewer').connectors.list()
    const crm = connectors.find((one) => one.id === 'crm')
    expect(crm?.methods.map(({ id, kind, unavailable }) => [id, kind, unavailable])).toEqual([
      ['oauth', 'oauth2', null],
      ['static', 'keys', null],
    ])
    expect(crm?.methods[1]?.fields.map(({ name, secret }) => [name, secret])).toEqual([['token', true]])
    const pair = (source: string, target: string) =>
      pairs.find((one) => one.source === source && one.target === target)
    expect(pair('shop', 'crm')?.flows).toEqual([{ entity: 'order', document: 'deal', label: 'Deal' }])
    expect(pair('crm', 'shop')?.missing).toContainEqual({
      entity: 'order',
      why: 'Orders cannot be read from Test CRM.',
    })
    expect(pair('shop', 'shop')?.missing).toContainEqual({
      entity: 'order',
      why: 'Test shop takes no orders from other systems.',
    })
  })
})

describe('connecting with keys', () => {
  it('checks, prepares, saves, and shows no secret anywhere', async () => {
    const { connection, findings } = await create('crm', { token: 'marker-secret-4711' })
    expect(findings).toEqual([])
    expect(connection).toMatchObject({
      connector: 'crm',
      origin: '42',
      account: 'CRM 42',
      name: 'CRM 42',
      state: 'active',
    })
    expect(connection?.credentials).toEqual({ set: true, hint: '…4711', setAt: expect.any(String) })
    const row = await rowOf(connection?.id ?? '')
    expect(row.facts).toMatchObject({ prepared: true })
    expect(openCredentials(row, rig.service.vault)).toEqual({ kind: 'static', token: 'marker-secret-4711' })
    const seen = await Promise.all(
      ['/connections', `/connections/${row.id}`, '/connectors', '/overview', '/audit'].map(
        async (path) =>
          (
            await supertest(rig.app)
              .get(`${API_PREFIX}${path}`)
              .set('authorization', `Bearer ${rig.keys.owner}`)
          ).text,
      ),
    )
    expect(seen.join('')).not.toContain('marker-secret')
    const [entry] = await listAudit(rig.service.store.db, { workspaceId: rig.workspaceId, limit: 1 })
    expect(entry).toMatchObject({ action: 'connection.created', subject: row.id })
  })

  it('saves nothing after a blocking finding, and says what to do', async () => {
    const { connection, findings } = await create('shop', { secret: 'wrong-secret' })
    expect(connection).toBeNull()
    expect(findings).toMatchObject([{ id: 'keys', state: 'failed', remedy: 'Make a new one.' }])
    expect((await rig.client('owner').connections.list()).items).toEqual([])
  })

  it('names the field that is wrong', async () => {
    const short = await refusal(create('shop', { secret: 'short' }))
    expect([short.status, short.issues[0]?.path]).toEqual([400, ['body', 'credentials', 'secret']])
    expect(JSON.stringify(short.issues)).not.toContain('"short"')
    const unknown = await refusal(create('nothing', {}))
    expect([unknown.status, unknown.issues[0]?.expected]).toEqual([400, 'one of: shop, crm'])
  })

  it.each([
    'http://127.0.0.1:1', 'https://127.0.0.1', 'https://localhost', 'https://[::1]', 'https://169.254.169.254', 'https://10.0.0.1',
    'http://shop.example.com', 'https://shop.example.com:8443', 'https://a:b@shop.example.com', 'file:///etc/passwd',
  ])('calls nothing at %s', async (url) => {
    const { status, code, issues } = await refusal(create('shop', { secret: 'right-secret' }, url))
    expect([status, code]).toEqual([422, 'unsafe_address'])
    expect(issues[0]?.path).toEqual(['body', 'settings', 'url'])
    expect(issues[0]?.expected).not.toBe('')
    expect(rig.account.calls).toEqual([])
  }) // prettier-ignore

  it('says that the other system failed, without its words', async () => {
    rig.account.answers['GET /me'] = () => ({ status: 422, body: { message: 'vendor words' } })
    const { status, code, message } = await refusal(create('crm', { token: 'static-token' }))
    expect([status, code]).toEqual([502, 'other_system_failed'])
    expect(message).not.toContain('vendor words')
  })

  it('refuses a second connection of one account, also of two made at once', async () => {
    const first = await create('crm', { token: 'static-token' })
    const second = await refusal(create('crm', { token: 'another-token' }))
    expect([second.status, second.code]).toEqual([409, 'already_connected'])
    expect(second.message).toContain(first.connection?.id)
    expect(rig.account.calls.filter((call) => call.path === '/prepare')).toHaveLength(1)
    const both = await Promise.allSettled([
      create('shop', { secret: 'right-secret' }),
      create('shop', { secret: 'right-secret' }),
    ])
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('a connection', () => {
  it('is renamed, checked again, and reconnected with keys of the same account only', async () => {
    const { connection } = await create('shop', { secret: 'right-secret' })
    const params = { connectionId: connection?.id ?? '' }
    const owner = rig.client('owner').connections
    expect((await owner.rename({ params, body: { name: 'My shop' } })).name).toBe('My shop')
    expect((await owner.check({ params })).connection?.findings).toMatchObject([{ id: 'keys', state: 'ok' }])
    await updateConnection(rig.service.store.db, rig.workspaceId, params.connectionId, {
      state: 'unauthorized',
      stateReason: 'x',
    })
    const again = await owner.reconnect({ params, body: { credentials: { secret: 'newer-secret' } } })
    expect(again.connection).toMatchObject({
      id: params.connectionId,
      state: 'active',
      stateReason: null,
      name: 'My shop',
    })
    rig.account.answers['GET /account'] = () => ({ status: 200, body: { name: 'other.example.com' } })
    const other = await refusal(
      owner.reconnect({ params, body: { credentials: { secret: 'newer-secret' } } }),
    )
    expect([other.status, other.code]).toEqual([409, 'conflict'])
    expect(other.message).toContain('other.example.com')
  })

  it('ends with its webhooks removed, its secrets erased and its flows paused, and comes back under its id', async () => {
    const { source, flow } = await connectBoth(rig)
    const { service } = rig
    service.config.publicUrl = 'https://bridge.example.com'
    const owner = rig.client('owner')
    await owner.flows.move({ params: { flowId: flow.id }, body: { to: 'previewed' } })
    await owner.flows.move({ params: { flowId: flow.id }, body: { to: 'active' } })
    const live = (await getFlow(service.store.db, rig.workspaceId, flow.id)) as never
    const runtime = service.connections.fromRow(await rowOf(source.id))
    await ensureSubscriptions(runtime, [live], { ...service, publicUrl: service.config.publicUrl })
    const params = { connectionId: source.id }
    const ended = await owner.connections.disconnect({ params })
    expect(ended.findings).toEqual([])
    expect(ended.connection).toMatchObject({ state: 'disconnected', credentials: { set: false, hint: '' } })
    expect(rig.account.calls.some((call) => call.method === 'DELETE' && call.path === '/hooks')).toBe(true)
    expect(await rowOf(source.id)).toMatchObject({ credentials: null, hook_secret: null })
    expect(await getFlow(service.store.db, rig.workspaceId, flow.id)).toMatchObject({
      state: 'paused',
      state_reason: expect.stringContaining('disconnected'),
    })
    expect(
      (await refusal(owner.flows.move({ params: { flowId: flow.id }, body: { to: 'active' } }))).status,
    ).toBe(409)
    const back = await create('shop', { secret: 'right-secret' })
    expect(back.connection).toMatchObject({ id: source.id, state: 'active' })
  })

  it('ends even when the other side is gone, and says what is left to do there', async () => {
    const { connection } = await create('crm', { token: 'static-token' })
    await updateConnection(rig.service.store.db, rig.workspaceId, connection?.id ?? '', {
      credentials: rig.service.vault.sealJson(
        { kind: 'oauth', accessToken: 'a', refreshToken: 'r', expiresAt: 'x' },
        { workspaceId: rig.workspaceId, rowId: connection?.id ?? '', field: 'credentials' },
      ),
    })
    rig.account.answers['POST /revoke'] = () => ({ status: 500 })
    const ended = await rig
      .client('owner')
      .connections.disconnect({ params: { connectionId: connection?.id ?? '' } })
    expect(ended.connection?.state).toBe('disconnected')
    expect(ended.findings).toMatchObject([{ id: 'token', state: 'warning' }])
  })
})

describe('webhooks of a connection', () => {
  it('are made with a secret of their own where the source can reach us, and else say why not', async () => {
    const { source, flow } = await connectBoth(rig)
    const { service } = rig
    const live = { ...(await getFlow(service.store.db, rig.workspaceId, flow.id)), state: 'active' } as never
    const ensure = async (publicUrl: string | null) =>
      ensureSubscriptions(service.connections.fromRow(await rowOf(source.id)), [live], {
        ...service,
        publicUrl,
      })
    expect(await ensure(null)).toMatchObject({
      mode: 'sweep',
      reason: expect.stringContaining('no public address'),
    })
    expect(await ensure('http://bridge.example.com')).toMatchObject({
      mode: 'sweep',
      reason: expect.stringContaining('cannot send webhooks to http://bridge.example.com'),
    })
    expect(await ensure('https://bridge.example.com')).toMatchObject({
      mode: 'webhooks',
      topics: ['order.updated'],
    })
    const row = await rowOf(source.id)
    const told = JSON.parse(
      rig.account.calls.findLast((call) => call.path === '/hooks')?.body ?? '{}',
    ) as Record<string, string>
    expect(told).toEqual({
      url: `https://bridge.example.com/hooks/${row.hook_id}`,
      topics: ['order.updated'],
      secret: openHookSecret(row, service.vault),
    })
    expect(told['secret']).toMatch(/^[\w-]{40,}$/)
    expect(
      (await rig.client('viewer').connections.get({ params: { connectionId: source.id } })).feed,
    ).toMatchObject({ mode: 'webhooks' })
    const before = await rowOf(source.id)
    await ensure('https://bridge.example.com')
    expect((await rowOf(source.id)).updated_at).toEqual(before.updated_at)
    rig.account.answers['POST /hooks'] = () => ({ status: 403 })
    expect(await ensure('https://bridge.example.com')).toMatchObject({
      mode: 'sweep',
      reason: expect.stringContaining('Webhooks could not be made'),
    })
  })
})

describe('signing in at the other system', () => {
  const start = (body: object = {}) =>
    rig
      .client('owner')
      .connections.oauthStart({ body: { connector: 'crm', settings: { url: rig.account.url }, ...body } })
  const come = (url: string, connector = 'crm', more = 'code=good-code') =>
    supertest(rig.app).get(
      `/oauth/${connector}/callback?state=${new URL(url).searchParams.get('state')}&${more}`,
    )
  const tokens = (access: string) => ({
    status: 200,
    body: {
      access_token: access,
      refresh_token: `r-${access}`,
      expires_in: 1800,
      hub_id: 7,
      token_type: 'bearer',
    },
  })

  it('sends the user there with a state, a challenge and the scopes needed, and connects on return', async () => {
    rig.account.answers['POST /token'] = () => tokens('first-access')
    const { url } = await start()
    const asked = new URL(url).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: 'id',
      scope: 'deals',
      code_challenge_method: 'S256',
      redirect_uri: 'http://localhost:8787/oauth/crm/callback',
    })
    expect(asked.get('state')).toMatch(/^[\w-]{43}$/)
    const page = await come(url)
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('is connected')])
    expect(page.text).not.toContain('first-access')
    const form = new URLSearchParams(rig.account.calls.find((call) => call.path === '/token')?.body)
    expect(form.get('code_verifier')).toMatch(/^[\w-]{43}$/)
    const { items } = await rig.client('viewer').connections.list()
    expect(items).toMatchObject([{ connector: 'crm', origin: '42', credentials: { set: true } }])
    expect(openCredentials(await rowOf(items[0]?.id ?? ''), rig.service.vault)).toEqual({
      kind: 'oauth', accessToken: 'first-access', refreshToken: 'r-first-access', expiresAt: expect.any(String),
    }) // prettier-ignore
  })

  it('refuses a state that is unknown, used, too old or of another system, without a call to the token endpoint', async () => {
    rig.account.answers['POST /token'] = () => tokens('a-token')
    const used = await start()
    expect((await come(used.url)).status).toBe(200)
    const count = () => rig.account.calls.filter((call) => call.path === '/token').length
    const before = count()
    const old = await start()
    await rig.service.store.raw(
      `update oauth_state set created_at = now() - interval '11 minutes' where used_at is null`,
    )
    const mixed = await start()
    expect((await come(used.url)).status).toBe(400)
    expect((await come(old.url)).status).toBe(400)
    expect((await come(mixed.url, 'shop')).status).toBe(400)
    expect((await come(mixed.url)).status).toBe(400)
    expect((await supertest(rig.app).get('/oauth/crm/callback?code=x')).status).toBe(400)
    const declined = await come((await start()).url, 'crm', 'error=access_denied&error_description=<script>')
    expect([declined.status, declined.text]).toEqual([400, expect.not.stringContaining('<script')])
    expect(count()).toBe(before)
  })

  it('renews the sign-in of a connection under its id', async () => {
    const { connection } = await create('crm', { token: 'static-token' })
    rig.account.answers['POST /token'] = () => tokens('new-access')
    const { url } = await start({ connectionId: connection?.id })
    expect((await come(url)).status).toBe(200)
    expect(openCredentials(await rowOf(connection?.id ?? ''), rig.service.vault)).toMatchObject({
      accessToken: 'new-access',
    })
  })

  it('says so where the operator has set up no app', async () => {
    rig.service.config.oauthClients = {}
    const { status, message } = await refusal(start())
    expect([status, message]).toEqual([422, expect.stringContaining('not set up on this bridge')])
  })

  describe('renewing the access', () => {
    const signedIn = async (): Promise<ConnectionRow> => {
      rig.account.answers['POST /token'] = () => tokens('first-access')
      await come((await start()).url)
      const { items } = await rig.client('viewer').connections.list()
      return rowOf(items[0]?.id ?? '')
    }
    const deps = () => ({
      ...rig.service,
      oauthClients: rig.service.config.oauthClients,
      connector: (id: string) => rig.service.connectors[id],
    })

    it('happens once for many refusals, and stores the rotated token first', async () => {
      const row = await signedIn()
      let given = 0
      rig.account.answers['POST /token'] = (body) =>
        new URLSearchParams(body).get('refresh_token') === 'r-first-access' && (given += 1) === 1
          ? tokens('second-access')
          : { status: 400, body: { error: 'invalid_grant' } }
      rig.account.answers['GET /me'] = (_body, { headers }) =>
        headers.authorization === 'Bearer second-access' ? { status: 200, body: { id: 42 } } : { status: 401 }
      const runtimes = [1, 2, 3].map(() => rig.service.connections.fromRow(row))
      const replies = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (runtimes[index % 3] as (typeof runtimes)[0]).http.send({ path: '/me' }),
        ),
      )
      expect(replies.map((reply) => reply.status)).toEqual(Array.from({ length: 20 }, () => 200))
      expect(given).toBe(1)
      expect(openCredentials(await rowOf(row.id), rig.service.vault)).toMatchObject({
        accessToken: 'second-access',
        refreshToken: 'r-second-access',
      })
    })

    it('waits for another process and takes what that one stored', async () => {
      const row = await signedIn()
      const { store, vault } = rig.service
      await store.raw(
        `insert into refresh_lock values ('${row.id}', 'elsewhere', now() + interval '1 minute')`,
      )
      const before = rig.account.calls.length
      const refused = openCredentials(row, vault)
      const renewed = refreshTokens(row, refused, rig.service.connections.fromRow(row).http, deps())
      const fresh = { kind: 'oauth', accessToken: 'theirs', refreshToken: 'r', expiresAt: 'x' }
      await updateConnection(store.db, rig.workspaceId, row.id, {
        credentials: vault.sealJson(fresh, {
          workspaceId: rig.workspaceId,
          rowId: row.id,
          field: 'credentials',
        }),
      })
      expect(await renewed).toEqual(fresh)
      expect(rig.account.calls.length).toBe(before)
    })

    it('stops the connection where the app of this bridge is refused, until a check finds it well again', async () => {
      const row = await signedIn()
      const { http } = rig.service.connections.fromRow(row)
      rig.account.answers['POST /token'] = () => ({ status: 401, body: { error: 'invalid_client' } })
      const renewed = refreshTokens(row, openCredentials(row, rig.service.vault), http, deps())
      await expect(renewed).rejects.toMatchObject({ kind: 'unauthorized' })
      expect(await rowOf(row.id)).toMatchObject({
        state: 'unauthorized',
        state_reason: expect.stringContaining('operator'),
      })
      const { connection } = await rig
        .client('operator')
        .connections.check({ params: { connectionId: row.id } })
      expect(connection).toMatchObject({ state: 'active', stateReason: null })
    })

    it('marks the connection once where the permission was withdrawn, and not where the system is down', async () => {
      const row = await signedIn()
      const { http } = rig.service.connections.fromRow(row)
      const refused = openCredentials(row, rig.service.vault)
      rig.account.answers['POST /token'] = () => ({ status: 503 })
      await expect(refreshTokens(row, refused, http, deps())).rejects.toMatchObject({ kind: 'unavailable' })
      expect((await rowOf(row.id)).state).toBe('active')
      rig.account.answers['POST /token'] = () => ({ status: 400, body: { error: 'invalid_grant' } })
      for (let tries = 0; tries < 2; tries++) {
        await expect(refreshTokens(row, refused, http, deps())).rejects.toMatchObject({
          kind: 'unauthorized',
        })
      }
      expect(await rowOf(row.id)).toMatchObject({
        state: 'unauthorized',
        state_reason: expect.stringContaining('withdrawn'),
      })
      const audit = await listAudit(rig.service.store.db, { workspaceId: rig.workspaceId, limit: 50 })
      expect(audit.filter((entry) => entry.action === 'connection.unauthorized')).toHaveLength(1)
    })
  })
})
