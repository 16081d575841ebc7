import { z } from 'zod'
import { ask } from './call.ts'
import { defineConnector } from './connector.ts'
import { createHttp, type CallGate, type Clock, type Http, type HttpOptions, type TryRecord } from './http.ts'

interface Settings {
  baseUrl: string
}
interface Credentials {
  token: string
}

/** The smallest connector, for the runtime's own tests. */
export const plain = defineConnector<Settings, Credentials>({
  id: 'plain',
  label: 'Plain',
  docsUrl: 'https://docs.example.com',
  caveat: null,
  settings: z.object({ baseUrl: z.string() }),
  credentials: z.object({ token: z.string() }),
  auth: {
    methods: [{ id: 'key', label: 'Key', kind: 'keys' }],
    authorize: (_, credentials) => ({ headers: { authorization: `Bearer ${credentials.token}` } }),
  },
  http: {
    baseUrl: (settings) => settings.baseUrl,
    concurrency: 4,
    windows: () => [],
    timeoutMs: 1_000,
  },
  check: () => ask({ path: '/account' }, () => ({ findings: [], origin: 'plain', account: '', facts: {} })),
  sweep: { everySeconds: 60, overlapSeconds: 0 },
  sources: {},
  objects: {},
  documents: {},
})

/** A runtime around it, with a clock that only sleeping moves and everything it did. */
export interface Rig {
  http: Http
  acquired: { window: string | null; lane: string }[]
  blocked: number[]
  slept: number[]
  tries: TryRecord[]
}

export function rig(baseUrl: string, change: Partial<HttpOptions<Settings, Credentials>> = {}): Rig {
  const seen: Omit<Rig, 'http'> = { acquired: [], blocked: [], slept: [], tries: [] }
  let now = Date.parse('2026-01-01T00:00:00Z')
  const gate: CallGate = {
    acquire: async (window, lane) => void seen.acquired.push({ window, lane }),
    blockUntil: (time) => void seen.blocked.push(time - now),
  }
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      seen.slept.push(ms)
      now += ms
    },
  }
  const http = createHttp({
    connector: plain,
    settings: { baseUrl },
    facts: () => ({}),
    credentials: () => ({ token: 'hush' }),
    origin: 'plain:test',
    gate,
    clock,
    random: () => 0.5,
    allowHosts: [new URL(baseUrl).host],
    onCall: (record) => seen.tries.push(record),
    ...change,
  })
  return { http, ...seen }
}
