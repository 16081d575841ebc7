import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { Field } from '@crosswalk/shared/mapping'
import { contract, createClient, API_PREFIX, type Client, type CallerRole } from '@crosswalk/shared/contract'
import {
  ask,
  createHttp,
  defineConnector,
  defineSource,
  defineDocument,
  type Connector,
} from '@crosswalk/connectors/sdk'
import { createPasswords } from '../accounts/passwords.ts'
import { createApp } from '../app.ts'
import { openCredentials } from '../connections/credentials.ts'
import { refreshTokens } from '../connections/refresh.ts'
import { createHealth } from '../health.ts'
import { createBudget } from '../jobs/budget.ts'
import type { ConnectionRuntime } from '../runtime/connection-runtime.ts'
import { systemClock } from '../runtime/clock.ts'
import type { EditedRecord, Service } from '../service-types.ts'
import { createAccessKey } from '../store/access-keys.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { createRun, moveRun } from '../store/runs.ts'
import { embeddedTestStore, silentLog } from '../store/testing.ts'
import { createVault } from '../store/vault.ts'
import { createWorkspace } from '../store/workspaces.ts'

/** What the made-up account answered to, with whatever a test wants it to say. */
export interface FakeAccount {
  url: string
  calls: { method: string; path: string; authorization: string | undefined; body: string }[]
  /** `METHOD /path` → answer; 404 for the rest. */
  answers: Record<string, (body: string, request: IncomingMessage) => { status: number; body?: unknown }>
  close: () => Promise<void>
}

export async function startFakeAccount(): Promise<FakeAccount> {
  const account: FakeAccount = {
    url: '',
    calls: [],
    answers: {},
    close: () => new Promise((done) => {
      server.close(() => done())
      server.closeAllConnections()
    }),
  } // prettier-ignore
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const body = Buffer.concat(chunks).toString()
      account.calls.push({ method, path: url, authorization: headers.authorization, body })
      const answer = account.answers[`${method} ${url}`]?.(body, request) ?? { status: 404, body: {} }
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer.body ?? {}))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  account.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return account
}

const Settings = z.strictObject({ url: z.string().min(1) })
type Settings = z.infer<typeof Settings>

const http = {
  baseUrl: (settings: Settings) => settings.url,
  concurrency: 2,
  windows: () => [],
  timeoutMs: 5_000,
}
const nothing = (): never => {
  throw new Error('no test gets here')
}

/** A shop that orders come from: keys, webhooks that are made, statuses. */
export const shop = defineConnector<Settings, { secret: string }>({
  id: 'shop',
  label: 'Test shop',
  docsUrl: 'https://docs.example.com/shop',
  caveat: 'made up',
  settings: Settings,
  credentials: z.object({ secret: z.string().min(8) }),
  auth: {
    methods: [{ id: 'key', label: 'Key', kind: 'keys' }],
    authorize: (_, { secret }) => ({ headers: { authorization: `Bearer ${secret}` } }),
  },
  http,
  *check() {
    const reply = yield { path: '/account', accept: [401] }
    const good = reply.status !== 401
    const { name, home = null } = reply.body as { name?: string; home?: string }
    return {
      findings: [
        {
          id: 'keys',
          state: good ? 'ok' : 'failed',
          text: good ? 'The key works.' : 'The key is wrong.',
          remedy: good ? '' : 'Make a new one.',
          blocking: !good,
        },
      ],
      origin: good ? `shop:${name}` : '',
      account: name ?? '',
      identity: home,
      facts: { name },
    }
  },
  identity: {
    read: () => ask({ path: '/account' }, ({ body }) => (body as { home?: string }).home ?? null),
    settingsAt: (identity, settings) => ({ ...settings, url: identity }),
  },
  sweep: { everySeconds: 60, overlapSeconds: 10 },
  webhooks: {
    topics: { 'order.updated': { entity: 'order', change: 'upserted' } },
    how: 'created',
    answerWithinMs: 4_000,
    reaches: (url) => url.protocol === 'https:',
    subscribe: ({ url, secret, topics }) =>
      ask({ method: 'POST', path: '/hooks', body: { url, secret, topics } }, () => ({
        subscriptions: topics.map((topic) => ({ id: '1', topic, active: true })),
        revived: [],
      })),
    unsubscribe: () => ask({ method: 'DELETE', path: '/hooks' }, () => undefined),
    verify: nothing,
    notices: nothing,
    trust: 'id_only',
  },
  sources: {
    order: defineSource<'order', unknown, Settings>({
      native: z.unknown(),
      label: 'Orders',
      pageSize: 10,
      listsByChange: true,
      key: nothing,
      page: nothing,
      many: nothing,
      decode: nothing,
      count: ({ createdFrom, status }) =>
        ask({ path: '/count', query: { from: createdFrom ?? '', status: status ?? '' } }, ({ body }) => (typeof body === 'number' ? body : null)), // prettier-ignore
      statuses: () =>
        ask({ path: '/statuses' }, () => [
          { value: 'processing', label: 'Processing', canonical: 'processing' },
          { value: 'cancelled', label: 'Cancelled', canonical: 'cancelled' },
        ]),
    }),
  },
  objects: {},
  documents: {},
})

const targetField = (name: string, required = false) =>
  Field.parse({ name, label: name, type: 'text', required })

/** A CRM that orders go to as deals: a sign-in with tokens, or a static key. */
export const crm = defineConnector<Settings, Record<string, unknown>>({
  id: 'crm',
  label: 'Test CRM',
  docsUrl: 'https://docs.example.com/crm',
  caveat: null,
  settings: Settings,
  credentials: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('oauth'),
      accessToken: z.string(),
      refreshToken: z.string(),
      expiresAt: z.string(),
    }),
    z.strictObject({ kind: z.literal('static'), token: z.string().min(8) }),
  ]) as unknown as z.ZodType<Record<string, unknown>>,
  auth: {
    methods: [
      {
        id: 'oauth',
        label: 'Sign in',
        kind: 'oauth2',
        authorizeUrl: 'https://crm.example.com/authorize',
        tokenPath: '/token',
        revokePath: '/revoke',
        clientAuth: 'body',
        scopes: [{ scope: 'deals', reason: 'Writes deals.' }],
        rotatesRefreshToken: true,
        pkce: true,
      },
      { id: 'static', label: 'Static key', kind: 'keys' },
    ],
    authorize: (_, credentials) => ({
      headers: { authorization: `Bearer ${String(credentials['accessToken'] ?? credentials['token'])}` },
    }),
  },
  http,
  check: () =>
    ask({ path: '/me' }, (reply) => ({
      findings: [],
      origin: `crm:${(reply.body as { id: number }).id}`,
      account: `CRM ${(reply.body as { id: number }).id}`,
      facts: {},
    })),
  prepare: () =>
    ask({ method: 'POST', path: '/prepare' }, () => ({ facts: { prepared: true }, findings: [] })),
  sweep: { everySeconds: 600, overlapSeconds: 10 },
  sources: {},
  objects: {
    deals: {
      label: 'Deal',
      keyField: () => 'key',
      keyIs: () => ({ unique: true, ours: true }),
      byKey: nothing,
      matchers: {},
      fields: () => [targetField('name', true), targetField('stage'), targetField('amount')],
      normalise: (_field, value) => value,
    },
  },
  documents: {
    deal: defineDocument<'order'>({
      label: 'Deal',
      entity: 'order',
      object: 'deals',
      steps: [
        {
          role: 'document',
          object: 'deals',
          each: 'one',
          shared: false,
          key: nothing,
          match: {},
          refs: [],
          whenGone: 'keep',
        },
      ],
      mapping: {
        parts: { document: { rules: [{ target: 'name', value: { kind: 'field', path: ['number'] } }] } },
      },
      stages: () => [
        {
          pipeline: 'sales',
          label: 'Sales',
          stages: [
            { id: 'new', label: 'New', closed: false, won: null },
            { id: 'won', label: 'Closed won', closed: true, won: true },
            { id: 'lost', label: 'Closed lost', closed: true, won: false },
          ],
        },
      ],
      url: (id) => `https://crm.example.com/deals/${id}`,
    }),
  },
})

export type Role = CallerRole | 'stranger'

/** The API around a store of its own, two workspaces, and the made-up systems above. */
export interface Rig {
  service: Service
  app: ReturnType<typeof createApp>
  account: FakeAccount
  workspaceId: string
  otherWorkspaceId: string
  /** Access keys by role; `stranger` owns the other workspace. */
  keys: Record<Role, string>
  client: (role: Role) => Client<typeof contract>
  noted: {
    activated: string[]
    restored: string[]
    synced: { ids: readonly string[]; force: boolean }[]
    edited: EditedRecord[]
    webhooks: unknown[]
    /** Workspaces that asked for a test message. */
    tested: string[]
  }
  /** Forgets connections, flows and what belongs to them, so that tests share one store; it takes seconds to make. */
  reset: () => Promise<void>
  close: () => Promise<void>
}

export async function startRig(config: Partial<Service['config']> = {}): Promise<Rig> {
  const testStore = embeddedTestStore()
  const store = await testStore.open()
  const account = await startFakeAccount()
  const vault = createVault(Buffer.alloc(32, 7))
  const connectors: Record<string, Connector> = { shop, crm }
  const noted: Rig['noted'] = {
    activated: [],
    restored: [],
    synced: [],
    edited: [],
    webhooks: [],
    tested: [],
  }
  const runtimes: ConnectionRuntime[] = []
  const fromRow = (row: ConnectionRow): ConnectionRuntime => {
    const connector = connectors[row.connector] as Connector
    let credentials = openCredentials(row, vault)
    const made = createHttp({
      connector,
      settings: row.settings,
      facts: () => row.facts,
      credentials: () => credentials,
      origin: row.origin,
      gate: { acquire: async () => {}, blockUntil: () => {} },
      allowHosts: service.allowHosts,
      refresh: async (refused) =>
        void (credentials = await refreshTokens(row, refused, made, {
          ...service,
          oauthClients: service.config.oauthClients,
          connector: (id) => connectors[id],
        })),
    })
    const context = () => ({ settings: row.settings, facts: row.facts, origin: row.origin, now: new Date() })
    const runtime: ConnectionRuntime = {
      id: row.id, workspaceId: row.workspace_id, row, connector, http: made, context, facts: () => row.facts, close: () => made.close(),
    } // prettier-ignore
    runtimes.push(runtime)
    return runtime
  }
  const starting: Service['config'] = {
    port: 8787,
    publicUrl: null,
    trustProxy: 0,
    metricsToken: null,
    oauthClients: { crm: { clientId: 'id', clientSecret: 'hush' } },
    ...config,
  }
  const health = createHealth({ store: { raw: (...given) => store.raw(...given), hasRoom: () => store.hasRoom() }, pumps: [], log: silentLog, now: Date.now }) // prettier-ignore
  health.started()
  const service: Service = {
    config: { ...starting },
    store,
    vault,
    // As cheap as they come.
    passwords: createPasswords({ ln: 4, r: 8, p: 1 }),
    clock: systemClock,
    log: silentLog,
    budget: createBudget(store.db),
    health,
    controlToken: 'control',
    backup: async (file) => ({ file, rows: 0, bytes: 0, ms: 0 }),
    metricsPage: { contentType: 'text/plain', text: async () => 'crosswalk_info 1\n' },
    allowHosts: [new URL(account.url).host],
    alarms: {
      mail: false,
      test: async (workspaceId) => {
        noted.tested.push(workspaceId)
        return [{ channel: 'hook', to: null, ok: true, text: 'Sent.' }]
      },
    },
    connectors,
    connections: { fromRow, drop: () => undefined },
    hasHook: async (hookId) => hookId !== 'unknown',
    receive: async (raw, hookId) => {
      noted.webhooks.push({ ...raw, hookId })
      return { status: 202 }
    },
    runs: {
      start: async (flow, want) =>
        createRun(store.db, {
          workspaceId: flow.workspace_id,
          flowId: flow.id,
          kind: want.kind,
          requestedBy: want.requestedBy,
          ...(want.group ? { total: want.group.count, options: { groupId: want.group.id } } : {}),
        }),
      pause: async (workspaceId, id) => moveRun(store.db, workspaceId, id, 'paused'),
      resume: async (workspaceId, id) => moveRun(store.db, workspaceId, id, 'running'),
      cancel: async (workspaceId, id) => moveRun(store.db, workspaceId, id, 'cancelled'),
    },
    preview: async () => ({ counts: { create: 0, update: 0, unchanged: 0, skip: 0, fail: 0 }, records: [] }),
    tryRules: async (_flow, { externalId }) => ({
      record: { externalId, label: 'sample', readAt: null },
      examples: {},
      custom: [],
      parts: [],
    }),
    matchLabels: async () => ({ cases: new Map(), candidates: new Map(), warning: null }),
    syncNow: async (_flow, ids, { force }) => void noted.synced.push({ ids, force }),
    flowStarting: async () => undefined,
    sendEdited: async (_flow, edit) => void noted.edited.push(edit),
    flowActivated: async (flow) => void noted.activated.push(flow.id),
    connectionRestored: async (connection) => void noted.restored.push(connection.id),
    demo: {
      start: async () => ({ state: 'starting', text: 'Starting.', connections: [], flowId: null }),
      state: async () => ({ state: 'off', text: '', connections: [], flowId: null }),
    },
  }
  const workspaceId = (await createWorkspace(store.db, 'Ours')).id
  const otherWorkspaceId = (await createWorkspace(store.db, 'Theirs')).id
  const keyFor = async (workspace: string, role: CallerRole) =>
    (await createAccessKey(store.db, { workspaceId: workspace, name: role, role })).key
  const keys: Record<Role, string> = {
    owner: await keyFor(workspaceId, 'owner'),
    operator: await keyFor(workspaceId, 'operator'),
    viewer: await keyFor(workspaceId, 'viewer'),
    stranger: await keyFor(otherWorkspaceId, 'owner'),
  }
  const app = createApp(service)
  const server = createServer(app)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const client: Rig['client'] = (role) =>
    createClient(contract, async ({ method, path, body }) => {
      const response = await fetch(`http://127.0.0.1:${port}${API_PREFIX}${path}`, {
        method,
        headers: { authorization: `Bearer ${keys[role]}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, json: await response.json() }
    })
  return {
    service, app, account, workspaceId, otherWorkspaceId, keys, client, noted,
    reset: async () => {
      for (const list of Object.values(noted)) list.length = 0
      account.calls.length = 0
      answerAll(account)
      Object.assign(service.config, starting)
      await store.raw(
        'truncate connection, flow, mapping, lookup, link, attempt, run, counter, audit, oauth_state, refresh_lock, alarm, alarm_setting, account, invitation, wrong_try, failure, record_edit cascade',
      )
    },
    close: async () => {
      server.close()
      server.closeAllConnections()
      await Promise.all(runtimes.map((runtime) => runtime.close()))
      await account.close()
      await store.close()
      await testStore.remove()
    },
  } // prettier-ignore
}

/** Answers that let both made-up accounts be connected. */
export function answerAll(account: FakeAccount): void {
  account.answers = {
    'GET /account': (_body, { headers }) =>
      headers.authorization === 'Bearer right-secret' || headers.authorization === 'Bearer newer-secret'
        ? { status: 200, body: { name: 'shop.example.com' } }
        : { status: 401, body: {} },
    'GET /statuses': () => ({ status: 200, body: [] }),
    'GET /me': () => ({ status: 200, body: { id: 42 } }),
    'POST /prepare': () => ({ status: 200, body: {} }),
    'POST /hooks': () => ({ status: 201, body: {} }),
    'DELETE /hooks': () => ({ status: 200, body: {} }),
    'POST /revoke': () => ({ status: 200, body: {} }),
  }
}

/** A connected shop and CRM with a flow of orders between them. @param home what the shop calls itself */
export async function connectBoth(rig: Rig, home?: string) {
  answerAll(rig.account)
  if (home !== undefined)
    rig.account.answers['GET /account'] = () => ({ status: 200, body: { name: 'shop.example.com', home } })
  const owner = rig.client('owner')
  const settings = { url: rig.account.url }
  const from = await owner.connections.create({
    body: { connector: 'shop', settings, credentials: { secret: 'right-secret' } },
  })
  const to = await owner.connections.create({
    body: { connector: 'crm', settings, credentials: { token: 'static-token' } },
  })
  if (!from.connection || !to.connection) throw new Error('the made-up accounts did not connect')
  const flow = await owner.flows.create({
    body: {
      sourceConnectionId: from.connection.id,
      targetConnectionId: to.connection.id,
      entity: 'order',
      document: 'deal',
    },
  })
  return { source: from.connection, target: to.connection, flow }
}
