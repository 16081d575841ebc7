// Test support: a shop and a CRM that are watched over, with time that goes as the test says.
import type { AlarmSettings } from '@crosswalk/shared/alarms'
import type { CauseRef } from '@crosswalk/shared/causes'
import { groupIdOf } from '../pipeline/failure-cause.ts'
import { saveAlarmSettings } from '../store/alarm-settings.ts'
import type { Store } from '../store/database.ts'
import { keepFailures } from '../store/failures.ts'
import { newId } from '../store/ids.ts'
import { json } from '../store/schema.ts'
import { silentLog } from '../store/testing.ts'
import { createVault } from '../store/vault.ts'
import { placeFlows } from '../workers/testing.ts'
import { createAlarms, type Alarms, type AlarmsOptions } from './alarms.ts'
import { SendError, type Mailer } from './mail.ts'
import { createReach, type Reach } from './reach.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** A mail that was handed over. `at` is the time of the test. */
export interface Handed {
  to: string
  subject: string
  text: string
  id: string
  at: number
}

export interface AlarmRig {
  alarms: Alarms
  reach: Reach
  vault: AlarmsOptions['vault']
  now: () => number
  handed: Handed[]
  /** Null: mails are taken; else what the server says. */
  mailFails: string | null
  /** Jobs that wait, as the engine tells. */
  waiting: { prefix: string; since: Date }[]
  /** Lets time pass, with a look and a round of sending every `step` ms; `meanwhile` is called before each. */
  pass: (ms: number, options?: { step?: number; meanwhile?: () => Promise<unknown> | void }) => Promise<void>
  /** Subjects handed over since the last time this was asked. */
  news: () => string[]
  settings: (change: Partial<AlarmSettings>, workspaceId?: string) => Promise<void>
  /** Another process on the same store, with the same time. */
  another: () => Alarms
}

/**
 * One live flow of orders, `flow_0` from `shop_0` to `crm_0`, that was read just now and has been there for long. The
 * workspace's owner is mailed. Time begins now, for the store's own stamps are by the machine's clock.
 */
export async function alarmRig(store: Store, change: Partial<AlarmsOptions> = {}): Promise<AlarmRig> {
  await placeFlows(store, 1)
  await store.raw('truncate alarm, alarm_message, alarm_setting, activity, reach, lookout, delivery, failure')
  let now = Date.now()
  const vault = createVault(Buffer.alloc(32, 7))
  const clock = { now: () => now }
  const mailer: Mailer = {
    send: async ({ to, subject, text, id }) => {
      if (rig.mailFails !== null) throw new SendError(rig.mailFails)
      rig.handed.push({ to, subject, text, id, at: now })
    },
  }
  const reach = createReach({ store, now: clock.now })
  let processes = 0
  const another = (): Alarms =>
    createAlarms({
      store,
      vault,
      engine: { oldest: async () => rig.waiting },
      clock,
      log: silentLog,
      reach,
      smtp: null,
      publicUrl: 'https://bridge.example.com',
      allowHosts: [],
      holder: `process_${(processes += 1)}`,
      mailer,
      ...change,
    })
  let seen = 0
  const rig: AlarmRig = {
    alarms: another(),
    reach,
    vault,
    now: clock.now,
    handed: [],
    mailFails: null,
    waiting: [],
    pass: async (ms, { step = 15 * SECOND, meanwhile } = {}) => {
      for (const end = now + ms; now < end;) {
        now = Math.min(end, now + step)
        await meanwhile?.()
        await reach.flush()
        await rig.alarms.look()
        await sendAll(rig.alarms)
      }
    },
    news: () => rig.handed.slice(seen, (seen = rig.handed.length)).map(({ subject }) => subject),
    settings: async (change, workspaceId = 'ws_1') => {
      const secret = new Uint8Array()
      await saveAlarmSettings(store.db, workspaceId, { settings: { recipients: ['owner@example.com'], ...change }, secret, now: new Date(now) }) // prettier-ignore
    },
    another,
  }
  await rig.settings({})
  await store.raw(`update flow set updated_at = '2026-01-01'`)
  await readFlow(store, now)
  await rig.alarms.look()
  return rig
}

/** A round of sending, to its end. */
export async function sendAll(alarms: Alarms): Promise<void> {
  await alarms.send()
  await alarms.idle()
}

/** The flow's source was read at a time. */
export const readFlow = (store: Store, at: number, id = 'flow_0'): Promise<unknown> =>
  store.raw(
    `insert into "cursor" (flow_id, kind, position, updated_at) values ($1, 'sweep', '{}', $2)
     on conflict (flow_id, kind) do update set updated_at = excluded.updated_at`,
    [id, new Date(at)],
  )

/** What the bridge keeps of a connection. */
export const setBridgeFacts = (store: Store, id: string, facts: object): Promise<unknown> =>
  store.raw(`update connection set facts = $2::jsonb where id = $1`, [id, json({ '@bridge': facts })])

/** Failed records of a flow, by their numbers, with the cause they fail for. */
export async function failOrders(
  store: Store,
  numbers: readonly number[],
  cause: CauseRef,
  flowId = 'flow_0',
): Promise<void> {
  for (const number of numbers) {
    await store.raw(
      `insert into link (flow_id, workspace_id, external_id, state, label) values ($1, 'ws_1', $2, 'failed', $3)
       on conflict (flow_id, external_id) do update set state = 'failed', updated_at = now()`,
      [flowId, String(number), `#${number}`],
    )
  }
  const failed = numbers.map(String).map((externalId) => ({ id: newId('failure'), workspaceId: 'ws_1', flowId, externalId, state: 'open' as const, cause, groupId: groupIdOf(cause), nextTryAt: null })) // prettier-ignore
  await keepFailures(store.db, failed)
}
