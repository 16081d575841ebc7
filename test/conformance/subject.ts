import type { Connector, RawWebhook } from '@crosswalk/connectors/sdk'
import type { Entity } from '@crosswalk/shared/model'
import type { SimServer } from '../simulators/server.ts'

/** A simulator that runs, and how to connect to it. */
export interface Running {
  sim: SimServer
  /** As a user would give them. */
  settings: unknown
  credentials: unknown
}

/** Credentials that the connect check must refuse, and the finding that says why. */
export interface Refused<R extends Running> {
  name: string
  credentials: (running: R) => unknown
  finding: string
  /** Makes the simulator answer as it would to such credentials, where they are right but no longer in force. */
  before?: (running: R) => void
}

/** How the source's side is steered. */
export interface SourceSide<R extends Running> {
  /** Makes `count` records; answers the keys of all there are. */
  seed: (running: R, entity: Entity, count: number) => readonly string[]
  /** Changes a record. */
  touch: (running: R, entity: Entity, key: string) => void
  /** Entities of which the source cannot tell how many there are. */
  unknownTotals?: readonly Entity[]
}

/** How webhooks are had from the simulator. */
export interface WebhookSide<R extends Running> {
  /** Topics a flow of one entity asks for. */
  topics: readonly string[]
  /** A record changes after `subscribe`; answers its key. */
  change: (running: R) => string
  /** Makes the simulator send what is due. */
  deliver: (running: R) => Promise<unknown>
  /** Header with the signature, lower case. */
  signatureHeader: string
  /** Switches a subscription off as the system itself does after failures. */
  switchOff: (running: R) => void
  /** A ping, as the system sends it. */
  ping: () => RawWebhook
}

/** How the target's side is steered. */
export interface TargetSide<R extends Running> {
  /** Makes a draft such that this input alone is refused. */
  spoil: (object: string, draft: Readonly<Record<string, unknown>>) => Record<string, unknown>
  /** Ids of live records. */
  ids: (running: R, object: string) => readonly string[]
}

/** How tokens run out; only for OAuth. */
export interface OAuthSide<R extends Running> {
  client: { clientId: string; clientSecret: string }
  redirectUri: string
  /** A running system with such a client. */
  start: () => Promise<R>
  /** A code as the vendor gives it after the user agreed. */
  code: (running: R) => string
  credentials: (tokens: { accessToken: string; refreshToken: string; expiresAt: string }) => unknown
  expire: (running: R, accessToken: string) => void
  revoke: (running: R, refreshToken: string) => void
}

/** A connector with its simulator: all the suite needs to know. A part that is absent is one the connector lacks. */
export interface Subject<R extends Running = Running> {
  connector: Connector
  /** `webhookTargets`: `host:port` the system may call though it is a private one. */
  start: (options?: { webhookTargets?: readonly string[] }) => Promise<R>
  refused: readonly Refused<R>[]
  /** A plain read that always succeeds, to hang failures on. */
  anyCall: { path: string }
  /** Bodies as the system sends them with these refusals of `anyCall`. */
  refusals: Readonly<Record<401 | 403 | 404, unknown>>
  source?: SourceSide<R>
  webhooks?: WebhookSide<R>
  target?: TargetSide<R>
  oauth?: OAuthSide<R>
}
