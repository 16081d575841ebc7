import { Agent, request } from 'node:http'

export interface FloorOptions {
  shop: string
  key: string
  secret: string
  crm: string
  token: string
  /** Calls of the target in any ten seconds; the script spreads its calls evenly. 0: as many as it likes. */
  callsPer10Seconds: number
  /** Pages or batches in work at once. */
  pages: number
  /** Take notices signed with this instead of reading pages. */
  hookSecret: string | null
}

export const options = JSON.parse(process.argv[2] ?? '{}') as FloorOptions
const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const basic = `Basic ${Buffer.from(`${options.key}:${options.secret}`).toString('base64')}`

/** `partial`: an answer that lacks some of what was asked for (207) is no failure. */
function call<T>(
  method: string,
  url: string,
  authorization: string,
  body?: unknown,
  partial = false,
): Promise<T> {
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  const headers = {
    authorization,
    ...(bytes ? { 'content-type': 'application/json', 'content-length': bytes.length } : {}),
  }
  return new Promise((done, failed) => {
    const sent = request(url, { method, headers, agent }, (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('end', () => {
        const answer = Buffer.concat(chunks).toString()
        const status = reply.statusCode ?? 0
        if ((status === 207 && !partial) || status >= 300)
          failed(new Error(`${method} ${url}: ${status} ${answer.slice(0, 500)}`)) // prettier-ignore
        else done(JSON.parse(answer) as T)
      })
    })
    sent.on('error', failed)
    sent.end(bytes)
  })
}

let turn = 0
/** Waits for this call's turn under the limit. */
async function mayCall(): Promise<void> {
  if (options.callsPer10Seconds === 0) return
  const now = performance.now()
  turn = Math.max(turn + 10_000 / options.callsPer10Seconds, now)
  if (turn > now) await new Promise((done) => setTimeout(done, turn - now))
}

/** A call of the shop. */
export const shop = <T>(path: string): Promise<T> =>
  call<T>('GET', `${options.shop}/wp-json/wc/v3/${path}`, basic)

/** A call of HubSpot, when it is its turn. */
export async function crm<T>(path: string, body: unknown, partial = false): Promise<T> {
  await mayCall()
  return call<T>('POST', `${options.crm}/crm/${path}`, `Bearer ${options.token}`, body, partial)
}

export const closeCalls = (): void => agent.destroy()
