import { z } from 'zod'
import { ConnectionId, EntityName, Finding, JsonObject, Time } from './common.ts'
import { endpoint } from './endpoint.ts'

/** An account that calls itself by another address than when it was connected: it has moved, or it is a copy. */
export const Moved = z
  .object({
    from: z.string(),
    to: z.string(),
    since: Time,
    /** Null: nobody has said yet which it is. */
    answer: z.literal('copy').nullable(),
  })
  .meta({ id: 'Moved' })

/** How many records there are. */
export const Volume = z
  .object({
    /** Null where the source cannot count, or did not answer. */
    count: z.number().nullable(),
    /** True where rules that only reading can apply may leave some out. */
    atMost: z.boolean(),
    /** Why there is no count, in plain words; null where there is one. */
    warning: z.string().nullable(),
  })
  .meta({ id: 'Volume' })

/** Records made at or after `from`; all there are where it is absent. */
export const VolumeQuery = z.object({ from: Time.optional() })

/** How changes reach the bridge, and why not faster. */
export const ChangeFeed = z
  .object({
    mode: z.enum(['webhooks', 'sweep']),
    reason: z.string(),
    topics: z.array(z.string()),
    everySeconds: z.number(),
    lastWebhookAt: Time.nullable(),
  })
  .meta({ id: 'ChangeFeed' })

export const Connection = z
  .object({
    id: ConnectionId,
    connector: z.string(),
    connectorLabel: z.string(),
    name: z.string(),
    /** Stable name of the account, such as a shop's host. */
    origin: z.string(),
    /** What a person recognises the account by. */
    account: z.string(),
    state: z.enum(['active', 'paused', 'unauthorized', 'disconnected']),
    stateReason: z.string().nullable(),
    settings: JsonObject,
    /** Secrets go in and never out. */
    credentials: z.object({ set: z.boolean(), hint: z.string(), setAt: Time.nullable() }),
    feed: ChangeFeed,
    /** The connection is paused until somebody answers; null where nothing is asked. */
    moved: Moved.nullable(),
    /** Addresses of copies of this account whose messages are put aside. */
    copies: z.array(z.string()),
    /** Findings of the last check. */
    findings: z.array(Finding),
    checkedAt: Time.nullable(),
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'Connection' })
export type Connection = z.infer<typeof Connection>

/** `connection` is null when a blocking finding kept it from being made: nothing was saved then. */
export const ConnectResult = z
  .object({ connection: Connection.nullable(), findings: z.array(Finding) })
  .meta({ id: 'ConnectResult' })
export type ConnectResult = z.infer<typeof ConnectResult>

const params = z.object({ connectionId: ConnectionId })
const Name = z.string().trim().min(1).max(120)

export const NewConnection = z.strictObject({
  connector: z.string().min(1).max(60),
  /** Without one the account's own name is taken. */
  name: Name.optional(),
  /** One of the connector's sign-in methods; the first with keys where absent. */
  method: z.string().max(60).optional(),
  settings: JsonObject.default({}),
  credentials: JsonObject,
})

export const connections = {
  list: endpoint({
    method: 'GET',
    path: '/connections',
    summary: 'All connections of the workspace',
    response: z.object({ items: z.array(Connection) }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/connections/:connectionId',
    summary: 'One connection',
    params,
    response: Connection,
  }),
  create: endpoint({
    method: 'POST',
    path: '/connections',
    summary: 'Connect an account with keys: checks them, prepares the account, saves the connection',
    role: 'owner',
    body: NewConnection,
    response: ConnectResult,
  }),
  rename: endpoint({
    method: 'PATCH',
    path: '/connections/:connectionId',
    summary: 'Give a connection another name',
    params,
    body: z.strictObject({ name: Name }),
    response: Connection,
  }),
  check: endpoint({
    method: 'POST',
    path: '/connections/:connectionId/check',
    summary: 'Check a connection again and learn anew what the account offers',
    params,
    response: ConnectResult,
  }),
  reconnect: endpoint({
    method: 'POST',
    path: '/connections/:connectionId/reconnect',
    summary: 'Give a connection new keys, of the same account',
    role: 'owner',
    params,
    body: z.strictObject({
      method: z.string().max(60).optional(),
      settings: JsonObject.optional(),
      credentials: JsonObject,
    }),
    response: ConnectResult,
  }),
  disconnect: endpoint({
    method: 'POST',
    path: '/connections/:connectionId/disconnect',
    summary:
      'End a connection: its webhooks are removed, its token revoked, its secrets erased, its flows paused',
    role: 'owner',
    params,
    response: ConnectResult,
  }),
  moved: endpoint({
    method: 'POST',
    path: '/connections/:connectionId/moved',
    summary:
      'Say what an account is that calls itself by another address: it has moved and goes on, or is a copy and stays paused',
    role: 'owner',
    params,
    body: z.strictObject({ as: z.enum(['moved', 'copy']) }),
    response: ConnectResult,
  }),
  volume: endpoint({
    method: 'GET',
    path: '/connections/:connectionId/volume',
    summary: 'How many records of a kind the source has, as it counts them itself',
    params,
    query: VolumeQuery.extend({ entity: EntityName }),
    response: Volume,
  }),
  oauthStart: endpoint({
    method: 'POST',
    path: '/connections/oauth/start',
    summary: 'Begin a sign-in at the other system; the answer says where to send the user',
    role: 'owner',
    body: z.strictObject({
      connector: z.string().min(1).max(60),
      method: z.string().max(60).optional(),
      name: Name.optional(),
      settings: JsonObject.default({}),
      /** To renew the sign-in of this connection. */
      connectionId: ConnectionId.optional(),
    }),
    response: z.object({ url: z.url(), expiresAt: Time }),
  }),
}
