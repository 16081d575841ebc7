import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { realClock, type SimClock } from './clock.ts'
import { createFailureRules, type FailureRules } from './failure-rules.ts'

/** A call as a simulator's handler sees it; `body` is parsed JSON, or undefined where there is none or it is no JSON. */
export interface SimRequest {
  method: string
  path: string
  query: URLSearchParams
  /** Path and query as received, undecoded. */
  url: string
  headers: IncomingMessage['headers']
  raw: Buffer
  body: unknown
}

/** `body` is sent as JSON; `text` goes out as it is. */
export interface SimReply {
  status: number
  headers?: Record<string, string>
  body?: unknown
  text?: string
}

/** One recorded call. `at` is the simulator's clock in ms; `status` is 0 where the connection was cut. */
export interface SimCall {
  at: number
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: unknown
  status: number
}

export interface SimServer {
  /** Origin without a trailing slash, e.g. `http://127.0.0.1:40123`. */
  url: string
  port: number
  clock: SimClock
  rules: FailureRules
  /** Recorded calls, oldest first; empty when `record` is off. */
  calls: SimCall[]
  /** Calls answered so far, by `METHOD /path` with ids folded to `:id`; kept also when `record` is off. */
  counts: Map<string, number>
  /** Added to every answer, in milliseconds. */
  latencyMs: number
  record: boolean
  close(): Promise<void>
}

export interface SimServerOptions {
  handle: (request: SimRequest) => SimReply | Promise<SimReply>
  /** Extra control routes under `/__sim/`: name → function of the posted JSON. Used by tests in other processes. */
  control?: Record<string, (input: unknown) => unknown>
  clock?: SimClock
  record?: boolean
  random?: () => number
  port?: number
}

const folded = (path: string): string => path.replace(/\/\d+(?=\/|$)/g, '/:id')

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function parseJson(raw: Buffer): unknown {
  if (raw.length === 0) return undefined
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, reply: SimReply, now = Date.now()): void {
  // The sender's own clock: cursors are taken from this header.
  const headers: Record<string, string> = { date: new Date(now).toUTCString(), ...reply.headers }
  const text = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body))
  if (reply.text === undefined && reply.body !== undefined && !('content-type' in headers)) {
    headers['content-type'] = 'application/json; charset=UTF-8'
  }
  // As bytes: a text would be measured, joined with the head and turned into bytes, each at the cost of the whole.
  const bytes = Buffer.from(text)
  headers['content-length'] = String(bytes.length)
  response.writeHead(reply.status, headers)
  response.end(bytes)
}

function withHeaders(reply: SimReply, change: Readonly<Record<string, string | null>>): SimReply {
  const lower = Object.entries(reply.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  const entries = Object.entries({ ...Object.fromEntries(lower), ...change })
  return { ...reply, headers: Object.fromEntries(entries.filter(([, value]) => value !== null)) as never }
}

/**
 * Starts an HTTP server on a free loopback port. Every call passes the failure rules, then `handle`.
 * Routes under `/__sim/` steer it from another process: `calls`, `counts`, `rules` (POST adds, DELETE clears),
 * `clock` ({advanceMs}), `latency` ({ms}) and whatever `control` adds (POST, JSON in and out).
 */
export async function startServer(options: SimServerOptions): Promise<SimServer> {
  const clock = options.clock ?? realClock()
  const rules = createFailureRules(options.random)
  const sim: SimServer = {
    url: '',
    port: 0,
    clock,
    rules,
    calls: [],
    counts: new Map(),
    latencyMs: 0,
    record: options.record ?? true,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }

  const steer: Record<string, (input: unknown, method: string) => unknown> = {
    calls: () => sim.calls,
    counts: () => Object.fromEntries(sim.counts),
    rules: (input, method) => (method === 'DELETE' ? rules.clear() : rules.add(input as never)),
    clock: (input) => {
      clock.advance((input as { advanceMs?: number } | undefined)?.advanceMs ?? 0)
      return { now: clock.now() }
    },
    latency: (input) => void (sim.latencyMs = (input as { ms: number }).ms),
    ...options.control,
  }

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readAll(message)
    const url = message.url ?? '/'
    const method = message.method ?? 'GET'
    const parsed = new URL(url, 'http://simulator')
    const body = parseJson(raw)
    const steering = parsed.pathname.startsWith('/__sim/') ? steer[parsed.pathname.slice(7)] : undefined
    if (steering) return send(response, { status: 200, body: (await steering(body, method)) ?? null })

    const note = (status: number): void => {
      const label = `${method} ${folded(parsed.pathname)}`
      sim.counts.set(label, (sim.counts.get(label) ?? 0) + 1)
      if (sim.record) sim.calls.push({ at: clock.now(), method, url, headers: message.headers, body, status })
    }
    const work = () =>
      options.handle({
        method,
        path: parsed.pathname,
        query: parsed.searchParams,
        url,
        headers: message.headers,
        raw,
        body,
      })
    if (sim.latencyMs > 0) await sleep(sim.latencyMs)

    const failure = rules.take(method, url)
    if (failure?.kind === 'delay') await sleep(failure.ms)
    if (failure?.kind === 'hang') return note(0)
    if (failure?.kind === 'stall') {
      note(0)
      response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8', 'content-length': '1000' })
      return void response.write('{"results": [')
    }
    if (failure?.kind === 'cut') {
      note(0)
      return void message.socket.destroy()
    }
    if (failure?.kind === 'status') {
      note(failure.status)
      const { status, body: failureBody, headers } = failure
      return send(response, { status, body: failureBody ?? {}, ...(headers ? { headers } : {}) }, clock.now())
    }
    const reply = await work()
    if (failure?.kind === 'apply_then_cut') {
      note(0)
      return void message.socket.destroy()
    }
    if (failure?.kind === 'apply_then_status') {
      if (failure.afterMs > 0) await sleep(failure.afterMs)
      note(failure.status)
      return send(response, { status: failure.status, body: failure.body ?? {} }, clock.now())
    }
    note(reply.status)
    const changed = failure?.kind === 'headers' ? withHeaders(reply, failure.headers) : reply
    send(response, changed, clock.now())
  }

  const server = createServer((message, response) => {
    answer(message, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, { status: 500, body: { simulatorError: String(error) } })
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((done) => server.listen(options.port ?? 0, '127.0.0.1', done))
  sim.port = (server.address() as AddressInfo).port
  sim.url = `http://127.0.0.1:${sim.port}`
  return sim
}
