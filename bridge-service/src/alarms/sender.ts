import type { Logger } from 'pino'
import type { AlarmChannel } from '@crosswalk/shared/alarms'
import type { AddressRules, Resolver } from '@crosswalk/connectors/sdk'
import type { Metrics } from '../metrics/metrics.ts'
import type { Clock } from '../runtime/clock.ts'
import type { AlarmMessageRow, AlarmRow } from '../store/alarm-schema.ts'
import { claimMessages, settleMessage, type SendResult } from '../store/alarm-messages.ts'
import { getAlarmSettings, readAlarmSettings } from '../store/alarm-settings.ts'
import type { Store } from '../store/database.ts'
import type { Vault } from '../store/vault.ts'
import { composeHook, composeMail } from './compose.ts'
import { callHook } from './hook.ts'
import { hookSecrets } from './hook-secret.ts'
import { SendError, type Mailer } from './mail.ts'

export interface SenderDeps extends AddressRules {
  store: Pick<Store, 'db'>
  vault: Vault
  clock: Pick<Clock, 'now'>
  log: Logger
  metrics?: Pick<Metrics, 'alarmMessage'> | undefined
  /** Null: this bridge sends no mails. */
  mailer: Mailer | null
  publicUrl: string | null
  holder: string
  resolver?: Resolver
}

export interface Sender {
  /** Takes what is due and begins to send it; does not wait for what takes long. */
  send(): Promise<void>
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>
}

/** Said where calls cannot be signed. */
export const NO_SECRET =
  'The secret for signed calls cannot be read: it was sealed with another master key. Make a new one.'

/** Messages on their way at once in this process: one slow server must not hold up the others. */
const AT_ONCE = 16
/** One sending takes no longer, in ms: well below the time a message is claimed for. */
const SENDING_MS = 60_000
const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 3_600_000
/** A message that cannot be sent for this long is given up. */
const GIVE_UP_MS = 24 * 3_600_000

/** When a message is tried again after so many tries: after half a minute, doubling up to an hour. */
export const waitMs = (attempts: number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts, 10))

/**
 * Sends messages that are due. Each is claimed in the store first, so no two processes send one; what a process that died
 * had claimed is sent by another when the claim has run out, under the same id.
 */
export function createSender(deps: SenderDeps): Sender {
  const running = new Set<Promise<void>>()
  const channels: AlarmChannel[] = deps.mailer === null ? ['hook'] : ['mail', 'hook']

  async function deliver(message: AlarmMessageRow): Promise<void> {
    const result = await attempt(message)
    deps.metrics?.alarmMessage(message.channel, result.state)
    if (result.state !== 'sent') {
      deps.log.warn({ message: message.id, channel: message.channel, state: result.state, tries: message.attempts + 1 }, 'a message about an alarm could not be sent') // prettier-ignore
    }
    await settleMessage(deps.store.db, message, result)
  }

  async function attempt(message: AlarmMessageRow): Promise<SendResult> {
    try {
      await sendOne(message, deps)
      return { state: 'sent', at: new Date(deps.clock.now()) }
    } catch (error) {
      if (!(error instanceof SendError)) deps.log.error({ err: error, message: message.id }, 'sending failed')
      const words = error instanceof SendError ? error.message : 'Something went wrong here.'
      const now = deps.clock.now()
      const old = now - message.created_at.getTime() >= GIVE_UP_MS
      if (old || error instanceof NotWanted) return { state: 'given_up', error: words }
      return { state: 'waiting', error: words, next: new Date(now + waitMs(message.attempts)) }
    }
  }

  return {
    async send() {
      const limit = AT_ONCE - running.size
      if (limit <= 0) return
      const now = new Date(deps.clock.now())
      const claimed = await claimMessages(deps.store.db, { holder: deps.holder, channels, now, limit })
      for (const message of claimed) {
        const done = deliver(message)
          .catch((error: unknown) =>
            deps.log.error({ err: error }, 'what came of a message could not be stored'),
          )
          .finally(() => running.delete(done))
        running.add(done)
      }
    },
    async idle() {
      await Promise.all(running)
    },
  }
}

/** There is nobody to send it to any more. */
class NotWanted extends SendError {}

async function sendOne(message: AlarmMessageRow, deps: SenderDeps): Promise<void> {
  const { db } = deps.store
  const alarm: AlarmRow | undefined = await db
    .selectFrom('alarm')
    .selectAll()
    .where('id', '=', message.alarm_id)
    .executeTakeFirst()
  if (!alarm) throw new NotWanted('The alarm is gone.')
  const row = await getAlarmSettings(db, message.workspace_id)
  const settings = readAlarmSettings(row)
  const options = { settings, publicUrl: deps.publicUrl, now: new Date(deps.clock.now()) }
  const signal = AbortSignal.timeout(SENDING_MS)
  if (message.channel === 'mail') {
    if (deps.mailer === null) throw new SendError('This bridge cannot send mail.')
    const mail = composeMail(message.kind, alarm, options)
    await deps.mailer.send({ ...mail, to: message.recipient, id: message.id }, signal)
    return
  }
  if (!row || settings.hookUrl === null) throw new NotWanted('No address to call is set.')
  const secrets = hookSecrets(row, deps.vault, deps.clock.now())
  if (secrets.length === 0) throw new SendError(NO_SECRET)
  const body = composeHook(message.kind, alarm, options)
  await callHook({ url: settings.hookUrl, secrets, id: message.id, body, now: options.now }, deps, signal)
}
