import { RateLimiterMemory } from 'rate-limiter-flexible'
import { AlarmSettings } from '@crosswalk/shared/alarms'
import type { Alarm, AlarmSettingsView, contract } from '@crosswalk/shared/contract'
import { describeFields, sayIssues } from '@crosswalk/shared/flows'
import { checkHookUrl, newHookSecret } from '../alarms/hook.ts'
import { BEFORE_COUNTS_MS, sealAlarmSecret } from '../alarms/hook-secret.ts'
import { say } from '../alarms/say.ts'
import { targetOf } from '../alarms/target.ts'
import { found, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import type { AlarmMessageRow, AlarmRow, AlarmSettingRow } from '../store/alarm-schema.ts'
import { listMessages } from '../store/alarm-messages.ts'
import {
  getAlarmSettings,
  readAlarmSettings,
  replaceHookSecret,
  saveAlarmSettings,
} from '../store/alarm-settings.ts'
import { acknowledgeAlarm, listAlarms } from '../store/alarms.ts'
import { addAudit } from '../store/audit.ts'
import { AuditCursor, decodeCursor, encodeCursor } from './cursor.ts'
import type { GroupHandlers } from './mount.ts'
import { instant, instantOrNull } from './views.ts'

/** Tests send to others: as many in as many seconds per workspace. */
const TESTS = { points: 5, duration: 300 }

const messageView = (row: AlarmMessageRow): Alarm['messages'][number] => ({
  kind: row.kind,
  channel: row.channel,
  to: row.channel === 'mail' ? row.recipient : null,
  state: row.state,
  attempts: row.attempts,
  error: row.error,
  nextTryAt: row.state === 'waiting' ? instant(row.next_try_at) : null,
  sentAt: instantOrNull(row.sent_at),
})

function alarmView(row: AlarmRow, messages: readonly AlarmMessageRow[], now: Date, zone: string): Alarm {
  const said = say(row, now, zone)
  return {
    id: row.id,
    cause: row.cause,
    state: row.ended_at === null ? 'open' : row.outcome === 'solved' ? 'solved' : 'ended',
    flowId: row.flow_id,
    connectionId: row.connection_id,
    since: instant(row.since),
    raisedAt: instant(row.raised_at),
    endedAt: instantOrNull(row.ended_at),
    acknowledgedAt: instantOrNull(row.acknowledged_at),
    title: said.title,
    sentence: said.what,
    why: said.why,
    remedy: said.remedy,
    target: targetOf(row),
    calm: said.calm,
    messages: messages.filter((message) => message.alarm_id === row.id).map(messageView),
  }
}

const MAIL_TEXT = {
  ready: 'Mails can be sent.',
  missing: 'This bridge cannot send mail yet. Its operator sets SMTP_URL and SMTP_FROM.',
}

function settingsView(row: AlarmSettingRow | undefined, service: Pick<Service, 'alarms'>): AlarmSettingsView {
  const { mail } = service.alarms
  return {
    settings: readAlarmSettings(row),
    fields: describeFields(AlarmSettings),
    defaults: AlarmSettings.parse({}),
    version: row?.version ?? 0,
    hookSecret: {
      set: row !== undefined && row.hook_secret !== null,
      setAt: instantOrNull(row?.hook_secret_at),
    },
    mail: { ready: mail, text: mail ? MAIL_TEXT.ready : MAIL_TEXT.missing },
  }
}

/** An address that is called may be a secret itself: its host says enough. */
const forAudit = (settings: AlarmSettings): Record<string, unknown> => ({
  ...settings,
  hookUrl: settings.hookUrl === null ? null : (URL.parse(settings.hookUrl)?.host ?? null),
})

/** Settings with their defaults. @throws Problem `bad_request` with an issue per field, `unsafe_address` */
async function readSettings(input: unknown, service: Service): Promise<AlarmSettings> {
  const parsed = AlarmSettings.safeParse(input)
  if (!parsed.success) {
    const issues = sayIssues(parsed.error, AlarmSettings, input)
    throw new Problem('bad_request', issues[0]?.message ?? 'The settings are not right.', {
      issues: issues.map(({ path, message, remedy }) => ({
        path: ['body', 'settings', ...path],
        message,
        expected: remedy,
      })),
    })
  }
  const { hookUrl } = parsed.data
  if (hookUrl !== null) {
    const checked = await checkHookUrl(hookUrl, service)
    if (!checked.ok) {
      throw new Problem('unsafe_address', checked.reason, {
        issues: [
          { path: ['body', 'settings', 'hookUrl'], message: checked.reason, expected: checked.remedy },
        ],
      })
    }
  }
  return parsed.data
}

export function alarmHandlers(service: Service): GroupHandlers<typeof contract.alarms> {
  const { db } = service.store
  const tests = new RateLimiterMemory(TESTS)
  const now = (): Date => new Date(service.clock.now())

  async function view(workspaceId: string, rows: readonly AlarmRow[]): Promise<Alarm[]> {
    const { timeZone } = readAlarmSettings(await getAlarmSettings(db, workspaceId))
    const messages = await listMessages(db, rows.map(({ id }) => id)) // prettier-ignore
    return rows.map((row) => alarmView(row, messages, now(), timeZone))
  }

  return {
    list: async ({ caller, query }) => {
      const after = decodeCursor(AuditCursor, query.cursor)
      const { state, flowId, connectionId, limit } = query
      const rows = await listAlarms(db, { workspaceId: caller.workspaceId, state, flowId, connectionId, after, limit }) // prettier-ignore
      const last = rows.length < limit ? undefined : rows.at(-1)
      return {
        items: await view(caller.workspaceId, rows),
        next: last ? encodeCursor({ a: last.raised_at, i: last.id }) : null,
      }
    },
    acknowledge: async ({ caller, params }) => {
      const row = await db.transaction().execute(async (tx) => {
        const by = { actor: caller.actor, at: now() }
        const seen = found(await acknowledgeAlarm(tx, caller.workspaceId, params.alarmId, by), 'alarm')
        await addAudit(tx, { ...caller, action: 'alarm.acknowledged', subject: seen.id })
        return seen
      })
      return found((await view(caller.workspaceId, [row]))[0], 'alarm')
    },
    settings: async ({ caller }) => settingsView(await getAlarmSettings(db, caller.workspaceId), service),
    saveSettings: async ({ caller, body }) => {
      const { workspaceId } = caller
      const settings = await readSettings(body.settings, service)
      const secret = sealAlarmSecret(workspaceId, newHookSecret(), service.vault)
      const row = await db.transaction().execute(async (tx) => {
        const saved = await saveAlarmSettings(tx, workspaceId, { settings, basedOn: body.basedOn, secret, now: now() }) // prettier-ignore
        if (!saved) {
          throw new Problem(
            'conflict',
            'These settings were changed meanwhile. Look at them, then save again.',
          )
        }
        await addAudit(tx, {
          ...caller,
          action: 'alarm-settings.changed',
          detail: { settings: forAudit(settings) },
        })
        return saved
      })
      return settingsView(row, service)
    },
    newHookSecret: async ({ caller }) => {
      const { workspaceId } = caller
      const secret = newHookSecret()
      const at = now()
      const row = await db.transaction().execute(async (tx) => {
        const saved = await replaceHookSecret(tx, workspaceId, sealAlarmSecret(workspaceId, secret, service.vault), at) // prettier-ignore
        await addAudit(tx, { ...caller, action: 'alarm-settings.new-secret' })
        return saved
      })
      const before = row.hook_secret_before !== null
      return {
        secret,
        beforeCountsUntil: before ? new Date(at.getTime() + BEFORE_COUNTS_MS).toISOString() : null,
      }
    },
    test: async ({ caller }) => {
      await tests.consume(caller.workspaceId).catch((spent: { msBeforeNext?: number }) => {
        throw new Problem('rate_limited', 'Enough test messages for now. Wait a few minutes.', {
          retryAfter: Math.max(1, Math.ceil((spent.msBeforeNext ?? 0) / 1_000)),
        })
      })
      const results = await service.alarms.test(caller.workspaceId)
      await addAudit(db, { ...caller, action: 'alarm-settings.tested', detail: { sent: results.filter(({ ok }) => ok).length } }) // prettier-ignore
      return { results }
    },
  }
}
