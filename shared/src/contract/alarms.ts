import { z } from 'zod'
import { ALARM_CAUSES, ALARM_CHANNELS } from '../alarms/index.ts'
import { AlarmId, ConnectionId, FlowId, FormField, JsonObject, PageQuery, pageOf, Time } from './common.ts'
import { endpoint } from './endpoint.ts'

/** What became of one message about an alarm. */
export const AlarmMessage = z
  .object({
    kind: z.enum(['raised', 'reminder', 'solved']),
    channel: z.enum(ALARM_CHANNELS),
    /** The address of a mail; null for the address that is called. */
    to: z.string().nullable(),
    state: z.enum(['waiting', 'sent', 'given_up']),
    attempts: z.number(),
    /** Why it could not be sent yet, in plain words. */
    error: z.string().nullable(),
    nextTryAt: Time.nullable(),
    sentAt: Time.nullable(),
  })
  .meta({ id: 'AlarmMessage' })

export const Alarm = z
  .object({
    id: AlarmId,
    cause: z.enum(ALARM_CAUSES),
    /** `ended`: it is not watched any more (a flow that was paused), so nobody knows whether it is well. */
    state: z.enum(['open', 'solved', 'ended']),
    flowId: FlowId.nullable(),
    connectionId: ConnectionId.nullable(),
    since: Time,
    raisedAt: Time,
    endedAt: Time.nullable(),
    acknowledgedAt: Time.nullable(),
    title: z.string(),
    /** What happened, with its numbers. */
    sentence: z.string(),
    why: z.string().nullable(),
    /** What to do. */
    remedy: z.string(),
    /** Where to do it; a face makes its own link of it. */
    target: z.object({
      screen: z.enum(['flow', 'connection', 'failures', 'operator']),
      flowId: FlowId.nullable(),
      connectionId: ConnectionId.nullable(),
      /** The cause to look at among the failures. */
      group: z.string().nullable(),
    }),
    /** What is not affected. */
    calm: z.string().nullable(),
    messages: z.array(AlarmMessage),
  })
  .meta({ id: 'Alarm' })
export type Alarm = z.infer<typeof Alarm>

/** The secret that calls are signed with: never sent back after it was made. */
const HookSecret = z.object({ set: z.boolean(), setAt: Time.nullable() })

export const AlarmSettingsView = z
  .object({
    settings: JsonObject,
    fields: z.array(FormField),
    defaults: JsonObject,
    /** 0: nothing was set yet. */
    version: z.number(),
    hookSecret: HookSecret,
    /** Whether this bridge can send mail, and what its operator has to do where not. */
    mail: z.object({ ready: z.boolean(), text: z.string() }),
  })
  .meta({ id: 'AlarmSettings' })
export type AlarmSettingsView = z.infer<typeof AlarmSettingsView>

/** How a test message fared on one way. */
export const AlarmTest = z
  .object({
    channel: z.enum(ALARM_CHANNELS),
    to: z.string().nullable(),
    ok: z.boolean(),
    text: z.string(),
  })
  .meta({ id: 'AlarmTest' })
export type AlarmTest = z.infer<typeof AlarmTest>

export const alarms = {
  list: endpoint({
    method: 'GET',
    path: '/alarms',
    summary: 'Alarms, open and past, the newest first',
    query: PageQuery.extend({
      state: z.enum(['open', 'over']).optional(),
      flowId: FlowId.optional(),
      connectionId: ConnectionId.optional(),
    }),
    response: pageOf(Alarm),
  }),
  acknowledge: endpoint({
    method: 'POST',
    path: '/alarms/:alarmId/acknowledge',
    summary: 'Say that an alarm was seen; it is not reminded of any more',
    params: z.object({ alarmId: AlarmId }),
    response: Alarm,
  }),
  settings: endpoint({
    method: 'GET',
    path: '/alarm-settings',
    summary: 'Who is told of what, with the form to change it',
    // Addresses that are called may be secrets themselves.
    role: 'operator',
    response: AlarmSettingsView,
  }),
  saveSettings: endpoint({
    method: 'PUT',
    path: '/alarm-settings',
    summary: 'Change who is told of what; settings are given whole',
    body: z.strictObject({
      settings: JsonObject,
      /** The version that was edited; 409 where it has changed since. */
      basedOn: z.int().nonnegative().optional(),
    }),
    response: AlarmSettingsView,
  }),
  newHookSecret: endpoint({
    method: 'POST',
    path: '/alarm-settings/hook-secret',
    summary: 'Make a new secret for signed calls; it is shown this once, and the one before counts for a day',
    role: 'owner',
    response: z.object({ secret: z.string(), beforeCountsUntil: Time.nullable() }),
  }),
  test: endpoint({
    method: 'POST',
    path: '/alarm-settings/test',
    summary: 'Send a test message on every way that is set, and say how it fared',
    response: z.object({ results: z.array(AlarmTest) }),
  }),
}
