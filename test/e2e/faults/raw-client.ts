import { connect, type Socket } from 'node:net'

/** A connection a test writes bytes to as it likes. */
export interface RawClient {
  socket: Socket
  /** All that came back, once the other side has closed the connection. */
  closed: Promise<string>
}

/** Opens a connection to the host of `url`; errors after that (a reset) count as closed. */
export async function openRaw(url: string): Promise<RawClient> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  const closed = new Promise<string>((done) => {
    socket.once('end', () => socket.end())
    socket.once('close', () => done(text))
  })
  await new Promise<void>((done, failed) => {
    socket.once('connect', done)
    socket.once('error', failed)
  })
  socket.on('error', () => undefined)
  return { socket, closed }
}

/** Head of a POST, up to and including the blank line. */
export const headOf = (url: string, headers: Record<string, string>): string => {
  const { host, pathname } = new URL(url)
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** Status of the first answer in what came back; 0 where there is none. */
export const statusIn = (text: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)
