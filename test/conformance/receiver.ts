import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RawWebhook } from '@crosswalk/connectors/sdk'

/** A loopback server that keeps the webhooks it gets, as raw bytes. */
export interface Receiver {
  url: string
  host: string
  received: RawWebhook[]
  close: () => Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const received: RawWebhook[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({
        method: request.method ?? '',
        url: `${base}${request.url}`,
        headers: request.headers,
        body: Buffer.concat(chunks),
      })
      response.writeHead(200).end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const base = `http://${host}`
  return {
    url: `${base}/hooks/abc`,
    host,
    received,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
