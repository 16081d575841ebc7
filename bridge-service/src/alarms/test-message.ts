import { randomUUID } from 'node:crypto'
import type { AlarmTest } from '@crosswalk/shared/contract'
import { getAlarmSettings, readAlarmSettings } from '../store/alarm-settings.ts'
import { composeTestHook, composeTestMail } from './compose.ts'
import { callHook } from './hook.ts'
import { hookSecrets } from './hook-secret.ts'
import { SendError } from './mail.ts'
import { recipientsOf } from './recipients.ts'
import { NO_SECRET, type SenderDeps } from './sender.ts'

/** A test is waited for, so it takes no longer than this. */
const PATIENCE_MS = 30_000

/** Sends a test message on every way that a workspace has set and uses, and says how each fared. Flows' own recipients get none. */
export async function sendTest(workspaceId: string, deps: SenderDeps): Promise<AlarmTest[]> {
  const row = await getAlarmSettings(deps.store.db, workspaceId)
  const settings = readAlarmSettings(row)
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const mail = composeTestMail({ publicUrl: deps.publicUrl })
  return Promise.all(
    recipientsOf(settings, [], { mail: true }).map(async ({ channel, recipient }): Promise<AlarmTest> => {
      const to = channel === 'mail' ? recipient : null
      const id = `test_${randomUUID()}`
      try {
        if (channel === 'mail') {
          if (deps.mailer === null) throw new SendError('This bridge cannot send mail: its operator sets SMTP_URL and SMTP_FROM.') // prettier-ignore
          await deps.mailer.send({ ...mail, to: recipient, id }, signal)
        } else {
          const now = new Date(deps.clock.now())
          const secrets = row ? hookSecrets(row, deps.vault, now.getTime()) : []
          if (secrets.length === 0) throw new SendError(NO_SECRET)
          const body = composeTestHook(workspaceId, now)
          await callHook({ url: settings.hookUrl ?? '', secrets, id, body, now }, deps, signal)
        }
        return { channel, to, ok: true, text: 'Sent.' }
      } catch (error) {
        if (!(error instanceof SendError)) deps.log.error({ err: error }, 'a test message failed')
        return { channel, to, ok: false, text: error instanceof SendError ? error.message : 'It could not be sent.' } // prettier-ignore
      }
    }),
  )
}
