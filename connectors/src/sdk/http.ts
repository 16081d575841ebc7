import { setTimeout as sleep } from 'node:timers/promises'
import type { Call, Conversation, Reply } from './call.ts'
import type { Connector, Facts } from './connector.ts'
import { driveConversation } from './drive.ts'
import { ConnectorError, type FailureKind } from './errors.ts'
import { failureOf, failureOfTry } from './failure.ts'
import type { TokenRequest } from './oauth-token.ts'
import { baseOf, buildTry, type Base } from './outgoing.ts'
import { createRefresher } from './refresher.ts'
import { readReply } from './respond.ts'
import { decide } from './retry.ts'
import type { Resolver } from './safe-address.ts'
import { createSlots, type Lane } from './slots.ts'
import { createTransport, type WireReply, type WireRequest } from './transport.ts'

/** The call budget of a connection, over all workers; given by the service. */
export interface CallGate {
  /** Waits until one call may be made that counts against all windows and against `window`, if it names one. */
  acquire: (window: string | null, lane: Lane, signal: AbortSignal | undefined) => Promise<void>
  /** The other side asked for silence until then (milliseconds since the epoch); all workers keep to it. */
  blockUntil: (timeMs: number) => void
}

/** One try, for metrics and logs: no query, no ids, no bodies. */
export interface TryRecord {
  method: string
  /** Path with ids and addresses folded to `:id`. */
  path: string
  lane: Lane
  attempt: number
  /** 0 where no answer came. */
  status: number
  failure: FailureKind | null
  durationMs: number
  bytesOut: number
  bytesIn: number
}

/** Time as the runtime sees it; a test gives its own. */
export interface Clock {
  now: () => number
  sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
}

export interface HttpOptions<S, C> {
  connector: Connector<S, C>
  settings: S
  /** Read for each try, since facts may be learned anew. */
  facts: () => Facts
  /** Read for each try, so that a refreshed token counts at once. */
  credentials: () => C | Promise<C>
  origin: string
  gate: CallGate
  allowHosts?: readonly string[]
  /**
   * Only for OAuth: gets a new access token and stores it, under a lock that holds over all processes; called once
   * for any number of calls that were refused together, with the credentials they used. Throws `ConnectorError`.
   */
  refresh?: (refused: C) => Promise<void>
  resolver?: Resolver
  clock?: Clock
  random?: () => number
  onCall?: (record: TryRecord) => void
  /** Only in tests: `before_send` and `after_reply`, where a test may end the process. */
  faultPoint?: (name: 'before_send' | 'after_reply', call: Call) => void | Promise<void>
}

export interface SendOptions {
  signal?: AbortSignal
  /** `live` unless told. */
  lane?: Lane
  /**
   * Called for each try when its turn has come, right before it goes out; what it throws keeps the call in. A call may
   * wait for its turn for minutes, and what it was built on may have changed owner meanwhile.
   */
  ready?: () => Promise<void>
}

export interface Http {
  /** Leads a connector's conversation to its end. @throws ConnectorError; the signal's reason when aborted. */
  drive: <T>(conversation: Conversation<T>, options?: SendOptions) => Promise<T>
  /** One call, with its retries. @throws ConnectorError; the signal's reason when aborted. */
  send: (call: Call, options?: SendOptions) => Promise<Reply>
  /** A request to the token endpoint: not authorised, not repeated, not counted; any status is a reply. */
  token: (request: TokenRequest, options?: SendOptions) => Promise<Reply>
  close: () => Promise<void>
}

const realClock: Clock = {
  now: Date.now,
  sleep: async (ms, signal) => void (await sleep(ms, undefined, { signal })),
}

/** The HTTP side of one connection: address check, call budget, signing, time-outs, reading, retries, token refresh. */
export function createHttp<S, C>(options: HttpOptions<S, C>): Http {
  const { connector, gate } = options
  const clock = options.clock ?? realClock
  const random = options.random ?? Math.random
  const rules = { allowHosts: options.allowHosts ?? [] }
  const slots = createSlots(connector.http.concurrency)
  const transport = createTransport({
    ...rules,
    connections: connector.http.concurrency,
    timeoutMs: connector.http.timeoutMs,
    ...(options.resolver === undefined ? {} : { resolver: options.resolver }),
  })
  const { label } = connector
  const { classify } = connector.http
  const source = {
    label,
    // A wait may depend on what is known of the account (a daily limit ends at its own midnight).
    classify: classify && ((reply: Reply, call: Call) => classify(reply, call, context())),
  }
  const refresher = createRefresher(options.refresh)
  const context = () => ({
    settings: options.settings,
    facts: options.facts(),
    origin: options.origin,
    now: new Date(clock.now()),
  })

  /** How far the other side's clock is ahead of ours, where calls signed by ours were refused. */
  let aheadMs = 0
  function learnClock(reply: WireReply | undefined): boolean {
    const at = Date.parse(reply?.headers['date'] ?? '')
    if (Number.isNaN(at)) return false
    aheadMs = at - clock.now()
    return true
  }

  let known: { text: string; base: Base } | undefined
  const currentBase = (): Base => {
    const text = connector.http.baseUrl(options.settings, options.facts())
    if (known?.text !== text) known = { text, base: baseOf(text, rules) }
    return known.base
  }

  async function onWire(request: WireRequest, host: string, { lane = 'live', signal, ready }: SendOptions) {
    const release = await slots.take(lane, signal)
    try {
      await ready?.()
      return await transport.request(request, signal)
    } catch (error) {
      throw failureOfTry(error, connector.label, host)
    } finally {
      release()
    }
  }

  /** One try. `used` are the credentials it was made with, for a refresh. */
  async function tryOnce(call: Call, attempt: number, sendOptions: SendOptions) {
    const { lane = 'live', signal } = sendOptions
    await gate.acquire(call.window ?? null, lane, signal)
    const base = currentBase()
    const generation = refresher.generation()
    const used = await options.credentials()
    const signing = { ...context(), now: new Date(clock.now() + aheadMs) }
    const request = buildTry(call, base, connector, used, signing)
    await options.faultPoint?.('before_send', call)
    const started = performance.now()
    let wire: WireReply | undefined
    let failure: unknown
    try {
      wire = await onWire(request, base.host, sendOptions)
      await options.faultPoint?.('after_reply', call)
      const reply = readReply(wire, connector.label)
      const good = (reply.status >= 200 && reply.status < 300) || call.accept?.includes(reply.status) === true
      if (good) return { reply, generation, used }
      failure = failureOf(reply, call, source, base.host, clock.now())
    } catch (error) {
      failure = error
    } finally {
      options.onCall?.(recordOf(request, call, { attempt, lane, wire, failure, started }))
    }
    if (failure instanceof ConnectorError) return { failure, generation, used, wire }
    throw failure
  }

  async function send(call: Call, sendOptions: SendOptions = {}): Promise<Reply> {
    const { signal } = sendOptions
    const began = clock.now()
    let refreshed = false
    let corrected = false
    for (let attempt = 1; ; attempt++) {
      const tried = await tryOnce(call, attempt, sendOptions)
      if (tried.reply !== undefined) return tried.reply
      const { failure } = tried
      // A wrong clock here must not look like refused keys.
      if (failure.wrongTime && !corrected && learnClock(tried.wire)) {
        corrected = true
        continue
      }
      if (failure.kind === 'unauthorized' && refresher.able && !refreshed) {
        refreshed = true
        await refresher.refresh(tried.generation, tried.used)
        continue
      }
      const decision = decide({
        kind: failure.kind,
        attempt,
        repeatable: call.repeatable ?? true,
        ambiguous: failure.ambiguous,
        retryAfterMs: failure.retryAfterMs,
        holdsConnection: failure.holdsConnection,
        elapsedMs: clock.now() - began,
        random: random(),
      })
      if (failure.kind === 'rate_limited') {
        const quiet = failure.retryAfterMs ?? decision.waitMs
        if (quiet > 0) gate.blockUntil(clock.now() + quiet)
      }
      if (!decision.again) throw failure
      await clock.sleep(decision.waitMs, signal)
    }
  }

  return {
    send,
    drive: (conversation, sendOptions = {}) =>
      driveConversation(conversation, (call) => send(call, sendOptions), {
        label: connector.label,
        signal: sendOptions.signal,
      }),
    token: async (request, { signal, lane = 'live' } = {}) => {
      const url = new URL(request.path, `${currentBase().origin}/`)
      const { origin, host } = baseOf(url.origin, rules)
      const body = Buffer.from(new URLSearchParams(request.form).toString(), 'utf8')
      const headers = {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...request.headers,
      }
      const wire = await onWire({ origin, path: url.pathname, method: 'POST', headers, body }, host, {
        lane,
        ...(signal === undefined ? {} : { signal }),
      })
      return readReply(wire, connector.label)
    },
    close: () => transport.close(),
  }
}

interface Tried {
  attempt: number
  lane: Lane
  wire: WireReply | undefined
  failure: unknown
  started: number
}

function recordOf(request: WireRequest, call: Call, tried: Tried): TryRecord {
  return {
    method: request.method,
    path: foldPath(call.path),
    lane: tried.lane,
    attempt: tried.attempt,
    status: tried.wire?.status ?? 0,
    failure: tried.failure instanceof ConnectorError ? tried.failure.kind : null,
    durationMs: performance.now() - tried.started,
    bytesOut: request.body?.length ?? 0,
    bytesIn: tried.wire?.body.length ?? 0,
  }
}

/** Ids, e-mail addresses and keys differ from record to record and may name a person. */
const foldPath = (path: string): string =>
  path.replace(/\/[^/]*(?:\d{2,}|@|%40)[^/]*(?=\/|$)/gi, (part) =>
    /^\/\d{4}-\d{2}$|^\/v\d+$/.test(part) ? part : '/:id',
  )
