import type { Logger } from 'pino'
import type { AlarmTest } from '@crosswalk/shared/contract'
import type { JobEngine } from '../jobs/types.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Store } from '../store/database.ts'
import type { Vault } from '../store/vault.ts'
import { mayRing } from '../workers/stretch-lease.ts'
import { createCauses } from './causes/index.ts'
import { lookAround } from './look.ts'
import { createMailer, type Mailer } from './mail.ts'
import type { Reach } from './reach.ts'
import { createSender } from './sender.ts'
import type { SmtpSettings } from './smtp-address.ts'
import { sendTest } from './test-message.ts'

export interface AlarmsOptions {
  store: Store
  vault: Vault
  engine: Pick<JobEngine, 'oldest'>
  clock: Clock
  log: Logger
  metrics?: Metrics
  reach: Reach
  /** Null: no mails can be sent. */
  smtp: SmtpSettings | null
  publicUrl: string | null
  allowHosts: readonly string[]
  /** Names this process in claims. */
  holder: string
  /** Another way to send mails; a test gives its own. */
  mailer?: Mailer
}

export interface Alarms {
  /** Whether mails can be sent. */
  mail: boolean
  /** Sends a test message on every way a workspace has set. */
  test: (workspaceId: string) => Promise<AlarmTest[]>
  /** One look at everything, one round of sending; for the clockwork and for tests. */
  look: () => Promise<void>
  send: () => Promise<void>
  /** When nothing is on its way any more. */
  idle: () => Promise<void>
  /** Starts the clockwork. */
  start: () => void
  /** Ends it, after what is under way. */
  stop: () => Promise<void>
}

/**
 * How often everything is looked at, and what is due is sent, in ms. A cause is told within a minute: a look, should the
 * process that looks die the next one by another, and a round of sending.
 */
const LOOK_MS = 15_000
const SEND_MS = 5_000
const FLUSH_MS = 5_000
/** Of several processes one looks in this time. */
const LOOK_AGAIN_MS = 12_000

/** Watches over flows and connections, and tells people. */
export function createAlarms(options: AlarmsOptions): Alarms {
  const { store, log, reach } = options
  const mailer = options.mailer ?? (options.smtp === null ? null : createMailer(options.smtp))
  const causes = createCauses()
  const deps = { ...options, mailer, mail: mailer !== null }
  const sender = createSender(deps)
  const timers: NodeJS.Timeout[] = []
  const running = new Map<string, Promise<void>>()

  /** Again and again, but never twice at once. */
  function every(ms: number, name: string, work: () => Promise<void>): void {
    const round = (): void => {
      if (running.has(name)) return
      const done = work()
        .catch((error: unknown) => log.error({ err: error, what: name }, 'a round of alarms failed'))
        .finally(() => running.delete(name))
      running.set(name, done)
    }
    timers.push(setInterval(round, ms).unref())
  }

  const look = (): Promise<void> => lookAround(causes, deps)
  return {
    mail: mailer !== null,
    test: (workspaceId) => sendTest(workspaceId, deps),
    look,
    send: () => sender.send(),
    idle: () => sender.idle(),
    start() {
      every(FLUSH_MS, 'reach', () => reach.flush())
      every(SEND_MS, 'messages', () => sender.send())
      every(LOOK_MS, 'look', async () => {
        if (await mayRing(store.db, 'alarms', options.holder, LOOK_AGAIN_MS)) await look()
      })
    },
    async stop() {
      for (const timer of timers.splice(0)) clearInterval(timer)
      await Promise.all(running.values())
      await sender.idle()
    },
  }
}
