import {
  createHttp,
  type Connector,
  type Context,
  type Conversation,
  type Facts,
  type Http,
} from '@crosswalk/connectors/sdk'
import type { Running, Subject } from './subject.ts'

/** A connection to a running simulator, as the service would hold one; waits move the simulator's clock. */
export interface Session {
  http: Http
  connector: Connector
  context: () => Context
  /** Waits the runtime made, in milliseconds. */
  waits: number[]
  learn: (facts: Facts, origin?: string) => void
  run: <T>(talk: (context: Context) => Conversation<T>) => Promise<T>
}

export interface SessionOptions {
  credentials?: unknown
  refresh?: () => Promise<unknown>
}

/** Opens a session without having checked or prepared anything. */
export function openSession(subject: Subject, running: Running, options: SessionOptions = {}): Session {
  const { connector } = subject
  const { clock } = running.sim
  const settings: unknown = connector.settings.parse(running.settings)
  let credentials: unknown = connector.credentials.parse(options.credentials ?? running.credentials)
  let facts: Facts = {}
  let origin = `${connector.id}:unknown`
  const waits: number[] = []
  const { refresh } = options
  const context = (): Context => ({ settings, facts, origin, now: new Date(clock.now()) })
  const http = createHttp({
    connector,
    settings,
    facts: () => facts,
    credentials: () => credentials,
    origin,
    gate: { acquire: async () => {}, blockUntil: () => {} },
    allowHosts: [new URL(running.sim.url).host],
    clock: {
      now: () => clock.now(),
      sleep: async (ms) => {
        waits.push(ms)
        clock.advance(ms)
      },
    },
    ...(refresh === undefined
      ? {}
      : { refresh: async () => void (credentials = connector.credentials.parse(await refresh())) }),
  })
  return {
    http,
    connector,
    context,
    waits,
    learn: (learned, name) => {
      facts = learned
      origin = name ?? origin
    },
    run: (talk) => http.drive(talk(context())),
  }
}

/** Opens a session, checks it and prepares the account. */
export async function connect(
  subject: Subject,
  running: Running,
  options: SessionOptions = {},
): Promise<Session> {
  const session = openSession(subject, running, options)
  const { prepare, check } = session.connector
  const report = await session.run(check)
  session.learn(report.facts, report.origin)
  if (prepare !== undefined) session.learn((await session.run(prepare)).facts)
  return session
}

/** Closes what a test opened, sessions before their simulators. */
export function keeper(): {
  keep: <T extends Running | Session>(thing: T) => T
  closeAll: () => Promise<void>
} {
  const open: (() => Promise<void>)[] = []
  return {
    keep: (thing) => {
      open.push('http' in thing ? () => thing.http.close() : () => thing.sim.close())
      return thing
    },
    closeAll: async () => {
      for (const close of open.splice(0).reverse()) await close()
    },
  }
}
