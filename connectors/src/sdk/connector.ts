import type { z } from 'zod'
import type { CauseRef } from '@crosswalk/shared/causes'
import type { Canonical, Entity, Instant, OrderLine } from '@crosswalk/shared/model'
import type { Field, MappingInput } from '@crosswalk/shared/mapping'
import type { Role } from '@crosswalk/shared/flows'
import type { Call, Conversation, OutgoingRequest, RawWebhook, Reply } from './call.ts'
import type { FailureKind } from './errors.ts'

/** What was learned of an account at connect time (plan, unique properties, pipelines …); plain JSON, no secrets. */
export type Facts = Readonly<Record<string, unknown>>

/** What a connector's functions get to know. `origin` is the account's stable name, part of natural keys. */
export interface Context<S = unknown> {
  settings: S
  facts: Facts
  origin: string
  now: Date
}

/** One finding of the connect check. `remedy` says what to do; `blocking` findings keep the connection from going on. */
export interface Finding {
  id: string
  state: 'ok' | 'warning' | 'failed'
  text: string
  remedy: string
  blocking: boolean
}

/**
 * The end of a connect check: what was found and what was learned. `origin` becomes the connection's stable name;
 * `account` is what a person recognises it by. `identity`: what the account calls itself, as `Identity` reads it.
 */
export interface CheckReport {
  findings: readonly Finding[]
  origin: string
  account: string
  identity?: string | null
  facts: Facts
}

/** One way to sign in. The wizard lists them in order. */
export type AuthMethod =
  | { id: string; label: string; kind: 'keys'; limits?: string }
  | {
      id: string
      label: string
      kind: 'oauth2'
      authorizeUrl: string
      tokenPath: string
      revokePath?: string
      clientAuth: 'basic' | 'body'
      scopes: readonly { scope: string; reason: string; optional?: boolean }[]
      rotatesRefreshToken: boolean | 'unknown'
      pkce: boolean
    }

/** A sliding window of calls. `name` 'all' counts every call; another name only calls that carry it. */
export interface RateWindow {
  name: string
  calls: number
  seconds: number
}

export interface HttpProfile<S> {
  /** Without a trailing slash. */
  baseUrl: (settings: S, facts: Facts) => string
  headers?: (settings: S) => Record<string, string>
  concurrency: number
  windows: (settings: S, facts: Facts) => readonly RateWindow[]
  timeoutMs: number
  /** The kind of a failure where status alone would mislead; undefined leaves it to the common rules. */
  classify?: (
    reply: Reply,
    call: Call,
    context?: Pick<Context<S>, 'facts' | 'now'>,
  ) => FailureDescription | undefined
}

/** A connector's reading of a failed answer. */
export interface FailureDescription {
  kind: FailureKind
  publicMessage: string
  vendorCode?: string
  fields?: readonly string[]
  /** The cause, where it is known better than the kind tells (see `shared/src/causes`). */
  named?: CauseRef
  /** What the vendor said, as `vendorWords` leaves it; default: the message of the answer's body. */
  words?: string
  retryAfterMs?: number
  holdsConnection?: boolean
  /** True when every record with this mapping will be refused alike (a property or stage is gone). */
  breaksMapping?: boolean
  /** True when the time that the call was signed with was refused: it is signed again by the other side's clock. */
  wrongTime?: boolean
}

/** A page of changed records wanted from a source. `position` is the connector's own, null for the first page. */
export interface PageRequest {
  position: unknown
  /** Only records changed after this, by the source's clock. Null: all. */
  changedAfter: Instant | null
  /** Only records made at or after this (a flow's start date). Null: all. */
  createdFrom: Instant | null
  /** Only records made before this. Sources that cannot list so leave it out: who asks looks at what comes. */
  createdTo?: Instant | null
  limit: number
  detail: readonly Detail[]
}

/** What is to be counted. `status`: one of the source's own. */
export interface CountRequest {
  createdFrom: Instant | null
  createdTo: Instant | null
  status: string | null
}

/** Parts of a record that cost extra calls and are read only when a flow needs them. */
export type Detail = 'refund_lines' | 'variants'

/** `next` is null after the last page. `sourceClock` is the source's time of the answer; cursors come from it. */
export interface Page<N> {
  records: readonly N[]
  next: unknown
  total: number | null
  sourceClock: Instant | null
}

/** How one entity is read. */
export interface Source<E extends Entity = Entity, N = unknown, S = unknown> {
  native: z.ZodType<N>
  label: string
  pageSize: number
  /** False where the source cannot list by change date: every sweep is a full pass, and a slower one. */
  listsByChange: boolean
  key: (record: N) => string
  page: (request: PageRequest, context: Context<S>) => Conversation<Page<N>>
  /** The newest records first, for who looks at the latest; absent where the source cannot list so. */
  newest?: (
    request: Pick<PageRequest, 'position' | 'limit' | 'detail'>,
    context: Context<S>,
  ) => Conversation<Page<N>>
  /** How many there are, by the source's own totals; null where it does not tell. */
  count?: (want: CountRequest, context: Context<S>) => Conversation<number | null>
  /** Records by id; ids that are gone are simply missing from the answer. */
  many: (ids: readonly string[], context: Context<S>, detail: readonly Detail[]) => Conversation<readonly N[]>
  decode: (record: N, context: Context<S>) => Canonical[E]
  /** What of the native record counts for "unchanged"; without it the whole. */
  fingerprint?: (record: N) => unknown
  /** Custom fields found in the account, beside the canonical ones. */
  customFields?: (context: Context<S>) => Conversation<readonly Field[]>
  /** Statuses of this entity at the source, for filters and stage tables. */
  statuses?: (
    context: Context<S>,
  ) => Conversation<readonly { value: string; label: string; canonical: string }[]>
}

/** Bound to a part role, an id another part of the plan got. */
export interface ResolvedRef {
  role: Role
  object: string
  id: string
  as: RefTarget
}

/** How a part points at another one: an association of two records, or a field of the draft that takes its id. */
export type RefTarget =
  | {
      kind: 'association'
      category: string
      typeId: number
      /** Type used when the pointing record was there before us, so that people's own choice (a primary company) stays. */
      typeIdWhenExisting?: number
    }
  | { kind: 'field'; field: string }

/** One part to write. `trace` names it in the answer; `key` is its natural key, null where it has none. */
export interface PartInput {
  trace: string
  key: string | null
  /** The target's id, for updates and archives. */
  id: string | null
  draft: Readonly<Record<string, unknown>>
  refs: readonly ResolvedRef[]
}

/**
 * What became of one input. `exists`: the natural key is taken by `id`, which makes it a link, not an error.
 * `failed` carries the kind and words for the user.
 */
export type Outcome =
  | { trace: string; result: 'written' | 'exists'; id: string }
  | {
      trace: string
      result: 'failed'
      kind: FailureKind
      publicMessage: string
      fields?: readonly string[]
      named?: CauseRef
      /** As `vendorWords` leaves them. */
      words?: string
      breaksMapping?: boolean
    }

/**
 * A write of up to `max` parts in one call. `outcomes` reads a 2xx answer; an input it does not mention is treated as
 * unknown. `settle` may read a refused single input (a 409 that names the holder) as an outcome.
 */
export interface Write<S = unknown> {
  max: number
  call: (inputs: readonly PartInput[], context: Context<S>) => Call
  outcomes: (reply: Reply, inputs: readonly PartInput[], context: Context<S>) => readonly Outcome[]
  settle?: (
    failure: { status: number; body: unknown },
    input: PartInput,
    context: Context<S>,
  ) => Outcome | undefined
}

/** A record found in the target. `values` holds the fields asked for, normalised as `normalise` would. */
export interface Found {
  key: string
  id: string
  values: Readonly<Record<string, unknown>>
}

/** One way to find records of an object by a value of theirs. */
export interface Matcher<S = unknown> {
  id: string
  label: string
  max: number
  /** How long after a write a record may still be missing from the answer. */
  lagMs: number
  /** What it finds is only proposed: a person decides whether it is meant (one phone number, several people). */
  hint?: true
  /** Where several records have a value all of them come back, each with that value as its key. */
  find: (
    values: readonly string[],
    fields: readonly string[],
    context: Context<S>,
  ) => Conversation<readonly Found[]>
}

/** An object of the target and how it is written. */
export interface TargetObject<S = unknown> {
  label: string
  /** Property that carries the natural key; null where the target keeps none and our own links are all there is. */
  keyField: (context: Context<S>) => string | null
  /**
   * Whether the target itself refuses a second record with the same key, and whether only Crosswalk writes that key.
   * Unique: a create may go out without a look first, since a repeated one answers `exists`. Ours: nobody else's record
   * can carry it, so shared parts need no look by key either.
   */
  keyIs: (context: Context<S>) => { unique: boolean; ours: boolean }
  /** Finds by natural key; used before a create is repeated and where `adopt` is on. */
  byKey: (context: Context<S>) => Matcher<S>
  /** Further ways to find what was there before (domain, SKU, name), by id. */
  matchers: Readonly<Record<string, Matcher<S>>>
  create?: Write<S>
  update?: Write<S>
  archive?: Write<S>
  /** Reads current values by id, for previews and comparisons. */
  read?: {
    max: number
    byIds: (
      ids: readonly string[],
      fields: readonly string[],
      context: Context<S>,
    ) => Conversation<readonly Found[]>
  }
  /** How a record is shown to people who choose between several; absent: by its id alone. */
  shown?: {
    fields: readonly string[]
    /** One line, empty where the record has nothing to go by. */
    label: (values: Readonly<Record<string, unknown>>) => string
    url: (id: string, context: Context<S>) => string | null
  }
  fields: (context: Context<S>) => readonly Field[]
  /** A value as the target will give it back, so that equal values hash equal. */
  normalise: (field: string, value: unknown, context: Context<S>) => unknown
}

/** A pair to associate, both already in the target. */
export interface Association {
  trace: string
  from: string
  to: string
  as: { category: string; typeId: number }
}
export interface Associate<S = unknown> {
  max: number
  /** Pairs a 2xx answer says were refused, by trace; absent: such an answer means all were made. */
  refused?: (
    reply: Reply,
    pairs: readonly Association[],
  ) => readonly {
    trace: string
    kind: FailureKind
    publicMessage: string
    named?: CauseRef
    words?: string
  }[]
  call: (from: string, to: string, pairs: readonly Association[], context: Context<S>) => Call
  remove: (from: string, to: string, pairs: readonly Association[], context: Context<S>) => Call
}

/** What a step's functions look at. `item` is the current element where the step runs per element. */
export interface PartScope<E extends Entity = Entity> {
  record: Canonical[E]
  item: unknown
  /** Stable name of the source account, such as `woocommerce:shop.example.com`. */
  origin: string
}

/**
 * One step of a composite write, in order of need. The engine resumes between steps. `shared` parts belong to many
 * records (a customer, a product) and are made once per key; the others belong to this record alone.
 */
export interface Step<E extends Entity = Entity> {
  role: Role
  object: string
  /** `lines`: one part per document line the flow's settings produce. `units`: one per sellable unit of a product. */
  each: 'one' | 'lines' | 'units'
  shared: boolean
  /** Natural key of the part, null when this record has none (no e-mail: no contact). */
  key: (scope: PartScope<E>) => string | null
  /** Other values to look for before one is created, by matcher id. */
  match: Readonly<Record<string, (scope: PartScope<E>) => string | null>>
  refs: readonly { role: Role; as: RefTarget; required: boolean }[]
  /** What happens to a part that is no longer in the plan (a removed line). */
  whenGone: 'archive' | 'keep'
}

/** What a source entity can become in this target. */
export interface TargetDocument<E extends Entity = Entity> {
  label: string
  entity: E
  /** Object of the `document` step. */
  object: string
  steps: readonly Step<E>[]
  mapping: MappingInput
  /** Pipelines and stages to choose from, if the document has them. */
  stages?: (context: Context) => readonly {
    pipeline: string
    label: string
    stages: readonly { id: string; label: string; closed: boolean; won: boolean | null }[]
  }[]
  /** The mapping for this account, without fields the account lacks; `mapping` where absent. */
  mappingFor?: (context: Context) => MappingInput
  /** What is written to a document whose record was deleted for good at the source; absent: nothing can be. */
  deletedDraft?: (context: Context) => Record<string, unknown>
  /** Link for people to the document in the target. */
  url: (id: string, context: Context) => string | null
}

/** A change told by a webhook. `externalId` is the id of the entity's record (a variation tells its parent's). */
export interface Notice {
  topic: string
  entity: Entity
  change: 'upserted' | 'deleted'
  externalId: string
  occurredAt: Instant | null
}

/** A webhook we made at the source. */
export interface Subscription {
  id: string
  topic: string
  active: boolean
}

export interface Webhooks<S = unknown> {
  /** Topics by entity, with the entity each tells of. */
  topics: Readonly<Record<string, { entity: Entity; change: 'upserted' | 'deleted' }>>
  how: 'created' | 'by_hand' | 'per_app'
  /** An answer must be on its way by then: what the sender waits for one, less what the way takes. */
  answerWithinMs: number
  /**
   * Makes those of `topics` that are missing or switched off, or all of them anew with `renew`, and removes what else is
   * ours. `revived` are the topics made now: what happened before was not told.
   */
  subscribe?: (
    want: { url: string; secret: string; topics: readonly string[]; renew?: boolean },
    context: Context<S>,
  ) => Conversation<{ subscriptions: readonly Subscription[]; revived: readonly string[] }>
  unsubscribe?: (url: string, context: Context<S>) => Conversation<void>
  /** True when the systems's sender would call this URL (public host, allowed port). */
  reaches: (url: URL) => boolean
  /** `ping`: answer 200 and do nothing. Never throws; compares in constant time. */
  verify: (
    raw: RawWebhook,
    secret: string,
    now: Date,
  ) => 'ok' | 'ping' | 'unsigned' | 'bad_signature' | 'stale'
  /** Notices in a verified delivery. `problem` is a plain sentence for a delivery that tells of trouble at the source. */
  notices: (raw: RawWebhook) => { notices: readonly Notice[]; problem: string | null; ignored: string | null }
  /** `id_only`: the record is read again. `body`: the delivery is the record. */
  trust: 'id_only' | 'body'
}

/**
 * How an account is told from a copy of itself: a shop that was restored to a test site has all its keys and webhooks, and
 * only calls itself by another address. People see these texts and compare them.
 */
export interface Identity<S = unknown> {
  /** What the account calls itself now, by one cheap call; null where it does not tell. */
  read: (context: Context<S>) => Conversation<string | null>
  /** The same, as a verified delivery tells it. */
  ofDelivery?: (raw: RawWebhook) => string | null
  /** Settings for the account at the address it has moved to; absent: it is called where it was. */
  settingsAt?: (identity: string, settings: S) => S
}

export interface Sweep {
  everySeconds: number
  overlapSeconds: number
}

/** A connector: data and small pure functions. Capabilities follow from what is there. */
// The registry holds connectors of unlike settings and credentials side by side; `any` is what lets them stand in one list.
/* eslint-disable @typescript-eslint/no-explicit-any */
export interface Connector<S = any, C = any> {
  id: string
  label: string
  /** Where a user reads how to connect it. */
  docsUrl: string
  /** One line such as "built from public documentation, not certified", or null. */
  caveat: string | null
  settings: z.ZodType<S>
  credentials: z.ZodType<C>
  auth: {
    methods: readonly AuthMethod[]
    /** Headers and query parameters that prove who calls; made anew for every try. */
    authorize: (
      request: OutgoingRequest,
      credentials: C,
      context: Context<S> & { nonce: string },
    ) => { headers?: Record<string, string>; query?: Record<string, string> }
    /**
     * When a sign-in ends for good, so that people are told before. Where absent: `refreshExpiresAt`, else the `expiresAt`
     * of credentials without a `refreshToken`.
     */
    endsAt?: (credentials: C) => Instant | null
  }
  http: HttpProfile<S>
  /** The connect check: reads only, names the cause of what fails. */
  check: (context: Context<S>) => Conversation<CheckReport>
  /** What must exist in the account before records are written (properties …); repeatable. */
  prepare?: (context: Context<S>) => Conversation<{ facts: Facts; findings: readonly Finding[] }>
  /** Absent where no copy of an account can be taken for it. */
  identity?: Identity<S>
  sweep: Sweep
  webhooks?: Webhooks<S>
  sources: { readonly [E in Entity]?: Source<E, any, S> }
  objects: Readonly<Record<string, TargetObject<S>>>
  associate?: Associate<S>
  documents: Readonly<Record<string, TargetDocument<any>>>
}

/** Checks a connector's literal against the protocol and keeps its own types. */
export const defineConnector = <S, C>(connector: Connector<S, C>): Connector<S, C> => connector
export const defineSource = <E extends Entity, N, S>(source: Source<E, N, S>): Source<E, N, S> => source
export const defineDocument = <E extends Entity>(document: TargetDocument<E>): TargetDocument<E> => document

/** A document line as the planner hands it to a line step. */
export type DocumentLine = OrderLine
