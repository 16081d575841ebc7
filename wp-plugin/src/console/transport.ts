import { API_PREFIX, CONSOLE_HEADER, Run, type Transport } from '@crosswalk/shared/contract'
import { Unreachable, type WatchRun } from '../screens/bridge.tsx'

/** Nothing the API answers takes longer; a preview of fifty records comes nearest. */
const LIMIT_MS = 70_000

/**
 * The ways to the bridge: with an access key, or with the cookie of who is signed in with this browser (null).
 * @param refused called when the key is not known, or the session is over
 */
export function waysToBridge(
  key: string | null,
  refused: () => void,
): { transport: Transport; watchRun: WatchRun } {
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    try {
      const response = await fetch(`${API_PREFIX}${path}`, { cache: 'no-store', redirect: 'error', ...init })
      if (response.status === 401) refused()
      return response
    } catch (error) {
      if (init.signal?.aborted && error instanceof Error && error.name === 'AbortError') throw error
      throw new Unreachable(location.host)
    }
  }
  const proof: Record<string, string> =
    key === null ? { [CONSOLE_HEADER]: '1' } : { authorization: `Bearer ${key}` }

  const transport: Transport = async ({ method, path, body }) => {
    const response = await ask(path, {
      method,
      headers: { ...proof, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(LIMIT_MS),
    })
    const text = await response.text()
    return { status: response.status, json: parsed(text) }
  }

  const watchRun: WatchRun = async (runId, take, signal) => {
    const response = await ask(`/runs/${runId}/events`, { headers: proof, signal })
    if (!response.ok || response.body === null) throw new Unreachable(location.host)
    for await (const event of events(response.body)) take(Run.parse(parsed(event)))
  }
  return { transport, watchRun }
}

/** Undefined for what is no JSON: the page of a proxy, say. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** The data of each server-sent event. */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += decoder.decode(value, { stream: true })
      const whole = rest.split(/\r?\n\r?\n/)
      rest = whole.pop() ?? ''
      for (const event of whole) {
        const data = event.split(/\r?\n/).filter((line) => line.startsWith('data:'))
        if (data.length > 0) yield data.map((line) => line.slice(5).trimStart()).join('\n')
      }
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
