import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below what systems hand out by themselves (Linux: from 32768 on): nobody else is given it while a service restarts. */
const LOWEST = 12_000
const HIGHEST = 32_000

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
  } catch {
    return false
  }
  await new Promise((done) => server.close(done))
  return true
}

/** A port nobody uses now; for a service that must know its own address before it starts, and keep it over restarts. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (await isFree(port)) return port
  }
}
