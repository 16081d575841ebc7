import { readdirSync, readFileSync } from 'node:fs'
import { type Call, ConnectorError, type Context, type Conversation, type Reply } from '../sdk/index.ts'
import { classify } from './classify.ts'
import { WooSettings } from './settings.ts'

/** Answers a call of a test: a reply, or an error as the wire would give it. */
export type Answering = (call: Call) => Reply | ConnectorError

/** Leads a conversation to its end with a test's answers, refusing as the runtime does what no one accepts. */
export function drive<T>(conversation: Conversation<T>, answer: Answering): T {
  let step = conversation.next()
  for (let calls = 0; !step.done; calls++) {
    if (calls > 5000) throw new Error('the conversation does not end')
    const given = answer(step.value)
    const error = given instanceof ConnectorError ? given : refusal(given, step.value)
    step = error === null ? conversation.next(given as Reply) : conversation.throw(error)
  }
  return step.value
}

function refusal(reply: Reply, call: Call): ConnectorError | null {
  if ((reply.status >= 200 && reply.status < 300) || call.accept?.includes(reply.status) === true) return null
  const read = classify(reply, call) ?? {
    kind: 'unavailable' as const,
    publicMessage: `answer ${reply.status}`,
  }
  return new ConnectorError({ ...read, status: reply.status, body: reply.body })
}

export const reply = (body: unknown, status = 200, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body,
})

export const contextOf = (
  facts: Record<string, unknown> = {},
  settings: object = {},
): Context<WooSettings> => ({
  settings: WooSettings.parse({ shopUrl: 'https://shop.example.test', ...settings }),
  facts,
  origin: 'woocommerce:shop.example.test',
  now: new Date('2026-11-21T21:00:00Z'),
})

const FOLDER = new URL('../../../test/fixtures/woocommerce/', import.meta.url)

/** A recorded exchange of the fixtures. */
export interface Recorded {
  file: string
  note?: string
  request: { method: Call['method']; path: string; query: Record<string, string> }
  response: { status: number; headers: Record<string, string>; body: unknown }
}

export interface RecordedDelivery {
  file: string
  secret: string
  headers: [string, string][]
  bodyBase64: string
  bodyText: string
}

const files = (): [string, unknown][] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as unknown])

/** All recorded exchanges, or those of some files. */
export const recordings = (...names: string[]): Recorded[] =>
  files()
    .filter(([name, content]) => Array.isArray(content) && (names.length === 0 || names.includes(name)))
    .flatMap(([file, content]) => (content as Recorded[]).map((one) => ({ ...one, file })))

export const recordedDeliveries = (): RecordedDelivery[] =>
  files()
    .filter(([name]) => name.startsWith('webhook-'))
    .map(([file, content]) => ({ ...(content as RecordedDelivery), file }))

/** Numbers in [0, 1) that repeat with the seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
