import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that listens. `url` is where this machine reaches it. */
export interface Listening {
  url: string
  close: () => Promise<void>
}

/**
 * Time-outs against callers that never finish a request, and how often sockets are looked through for them. Senders are
 * servers and send what they have at once; the slowest of them waits a minute for the whole exchange.
 */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 20_000
const LOOK_THROUGH_MS = 2_000

/** Starts listening. Throws with a plain sentence when the port is taken. */
export async function listen(app: RequestListener, at: { host: string; port: number }): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: LOOK_THROUGH_MS,
    },
    app,
  )
  await new Promise<void>((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      failed(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${at.port} is taken. Set PORT to a free one, or stop what uses it.`)
          : error,
      ),
    )
    server.listen(at.port, at.host, done)
  })
  const { port, address } = server.address() as AddressInfo
  const host = address === '0.0.0.0' || address === '::' || address === '127.0.0.1' ? 'localhost' : address
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeIdleConnections()
        // Open progress streams do not keep the service from ending.
        setTimeout(() => server.closeAllConnections(), 1_000).unref()
      }),
  }
}
