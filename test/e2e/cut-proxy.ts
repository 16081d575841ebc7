import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A wire to a server that a test can cut and mend. */
export interface CutProxy {
  port: number
  /** Ends all connections and lets no new ones through. */
  cut: () => void
  mend: () => void
  close: () => Promise<void>
}

/** Passes bytes on between its own port and `host:port`, both ways. */
export async function startCutProxy(host: string, port: number): Promise<CutProxy> {
  const open = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) {
      near.destroy()
      return
    }
    const far = connect(port, host)
    for (const [one, other] of [[near, far], [far, near]] as const) {
      open.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    } // prettier-ignore
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const cut = (): void => {
    whole = false
    for (const socket of open) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => void (whole = true),
    close: () => {
      cut()
      return new Promise((done) => server.close(() => done()))
    },
  }
}
