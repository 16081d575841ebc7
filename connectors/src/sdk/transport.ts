import type { LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { Agent, buildConnector, type Dispatcher } from 'undici'
import { isOpened, resolveChecked, type AddressRules, type Resolver } from './safe-address.ts'

/** One try on the wire. `path` carries the query. */
export interface WireRequest {
  origin: string
  path: string
  method: string
  headers: Record<string, string>
  body: Buffer | null
}

/** An answer as it came, decompressed. */
export interface WireReply {
  status: number
  headers: Record<string, string>
  body: Buffer
}

export type WireFault = 'timeout' | 'network' | 'too_large' | 'undecodable'

/** A try without a whole answer. `sent` is false where no byte can have reached the other side. */
export class TransportError extends Error {
  readonly fault: WireFault
  readonly sent: boolean
  constructor(fault: WireFault, sent: boolean, cause?: unknown) {
    super(`HTTP try failed: ${fault}`, { cause })
    this.name = 'TransportError'
    this.fault = fault
    this.sent = sent
  }
}

export interface TransportOptions extends AddressRules {
  connections: number
  /** For one try from the first byte to the last, in milliseconds. */
  timeoutMs: number
  connectTimeoutMs?: number
  maxBytes?: number
  resolver?: Resolver
}

export interface Transport {
  request: (request: WireRequest, signal?: AbortSignal) => Promise<WireReply>
  close: () => Promise<void>
}

const MEBIBYTE = 1024 * 1024
export const MAX_ANSWER_BYTES = 20 * MEBIBYTE
const CONNECT_TIMEOUT_MS = 10_000

/**
 * Connections to one account: kept alive, at most `connections` per host, TLS always verified, no redirect followed.
 * Names are resolved once per connection and the socket goes to an address that was checked.
 */
export function createTransport(options: TransportOptions): Transport {
  const limits = { timeoutMs: options.timeoutMs, maxBytes: options.maxBytes ?? MAX_ANSWER_BYTES }
  const agent = new Agent({
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    // One timer of our own covers connecting, headers and body.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: checkedConnector(options),
  })
  return {
    request: async (request, signal) => {
      const reply = await exchange(agent, request, limits, signal)
      return reply.headers['content-encoding'] === undefined
        ? reply
        : await decompress(reply, limits.maxBytes)
    },
    close: () => agent.destroy(),
  }
}

/** Connects only to addresses that pass the check; the check's answer is the lookup's answer. */
function checkedConnector(options: TransportOptions): buildConnector.connector {
  const connectorFor = (port: number) => {
    const lookup: LookupFunction = (hostname, wanted, done) => {
      resolveChecked(hostname, port, options, options.resolver).then(
        (found) => {
          const first = found[0]
          if (wanted.all === true) done(null, [...found])
          else if (first !== undefined) done(null, first.address, first.family)
        },
        (error: Error) => done(error, [], 0),
      )
    }
    return buildConnector({
      allowH2: false,
      timeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      lookup,
    })
  }
  const connectors = new Map<number, buildConnector.connector>()
  return (target, done) => {
    const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80))
    if (target.protocol !== 'https:' && !isOpened(target.hostname, port, options)) {
      done(new Error('plain http is not allowed'), null)
      return
    }
    const connector = connectors.get(port) ?? connectorFor(port)
    connectors.set(port, connector)
    // A host written as a number is not looked up by the socket, so it is checked here.
    resolveLiteral(target.hostname, port, options).then(
      () => connector(target, done),
      (error: Error) => done(error, null),
    )
  }
}

async function resolveLiteral(hostname: string, port: number, rules: AddressRules): Promise<void> {
  if (/^[\d.]+$|:/.test(hostname)) await resolveChecked(hostname, port, rules)
}

/** One request over undici's `dispatch`, which tells exactly whether a request was begun on a socket. */
function exchange(
  agent: Dispatcher,
  request: WireRequest,
  limits: { timeoutMs: number; maxBytes: number },
  signal: AbortSignal | undefined,
): Promise<WireReply> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    let failure: unknown
    let status = 0
    let headers: Record<string, string> = {}
    let size = 0
    const chunks: Buffer[] = []

    const settle = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    const fail = (error: unknown): void => {
      if (failure !== undefined) return
      failure = error
      settle()
      reject(error)
      controller?.abort(error as Error)
    }
    const timer = setTimeout(
      () => fail(new TransportError('timeout', controller !== undefined)),
      limits.timeoutMs,
    )
    const onAbort = (): void => fail(signal?.reason)
    if (signal?.aborted === true) return onAbort()
    signal?.addEventListener('abort', onAbort)

    agent.dispatch(request as Dispatcher.DispatchOptions, {
      onRequestStart(started) {
        controller = started
        if (failure !== undefined) started.abort(failure as Error)
      },
      onResponseStart(_, answered, raw) {
        status = answered
        headers = flatten(raw)
        if (Number(headers['content-length'] ?? 0) > limits.maxBytes)
          fail(new TransportError('too_large', true))
      },
      onResponseData(_, chunk) {
        size += chunk.length
        if (size > limits.maxBytes) fail(new TransportError('too_large', true))
        else chunks.push(chunk)
      },
      onResponseEnd() {
        settle()
        resolve({ status, headers, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size) })
      },
      onResponseError(_, error) {
        fail(new TransportError('network', controller !== undefined, error))
      },
    })
  })
}

/** Header names are lower case already; a header sent twice is joined as RFC 9110 5.3 has it. */
function flatten(raw: Record<string, string | string[] | undefined>): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name in raw) {
    const value = raw[name]
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}

const DECODERS: Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

async function decompress(reply: WireReply, maxBytes: number): Promise<WireReply> {
  const encoding = reply.headers['content-encoding']?.trim().toLowerCase() ?? ''
  if (encoding === '' || encoding === 'identity' || reply.body.length === 0) return reply
  const decode = DECODERS[encoding]
  if (decode === undefined) throw new TransportError('undecodable', true)
  try {
    return { ...reply, body: await decode(reply.body, { maxOutputLength: maxBytes }) }
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw new TransportError(tooLarge ? 'too_large' : 'undecodable', true, error)
  }
}
