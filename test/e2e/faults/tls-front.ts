import { request as send } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

interface Certificate {
  key: string
  cert: string
}

/** A TLS server in front of a simulator, whose certificate a test may change while it runs. */
export async function startTlsFront(behind: string, certificate: Certificate) {
  let passed = 0
  const server = createServer(certificate, (request, response) => {
    passed += 1
    const { method = 'GET', url = '/', headers } = request
    const onward = send(new URL(url, behind), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  // What a client says of a certificate it does not believe.
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    host: `localhost:${port}`,
    url: `https://localhost:${port}`,
    /** Calls that came through. */
    passed: () => passed,
    /** Shows another certificate from now on, also to those who were connected. */
    show: (other: Certificate): void => {
      server.setSecureContext(other)
      server.closeAllConnections()
    },
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
