import { z } from 'zod'
import { setting } from '../flows/setting.ts'
import { ALARM_CAUSES, ALARM_CHANNELS } from './causes.ts'

const SECTION = { who: 'Who is told', what: 'What about', limits: 'From when on' }

/** True for a name of the IANA list that this machine knows, such as `Europe/Amsterdam`. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Alarms of a workspace. An empty object gives the safe defaults: all are shown, nobody is written to. */
export const AlarmSettings = z.strictObject({
  recipients: setting(z.array(z.email().max(254)).max(20).default([]), {
    title: 'Send mail to',
    description: 'E-mail addresses that are told of every alarm. A flow may name more.',
    section: SECTION.who,
  }),
  hookUrl: setting(
    z
      .url({ protocol: /^https?$/ })
      .max(1_000)
      .nullable()
      .default(null),
    {
      title: 'Call this address',
      description: 'An https address that gets every alarm as signed JSON. Empty: none.',
      section: SECTION.who,
      placeholder: 'https://alerts.example.com/crosswalk',
    },
  ),
  channels: setting(
    z
      .array(z.enum(ALARM_CHANNELS))
      .max(2)
      .default([...ALARM_CHANNELS]),
    {
      title: 'Ways in use',
      description: 'A way that is left out sends nothing; its addresses are kept.',
      section: SECTION.who,
      advanced: true,
      labels: { mail: 'E-mail', hook: 'Call of an address' },
    },
  ),
  causes: setting(
    z
      .array(z.enum(ALARM_CAUSES))
      .max(ALARM_CAUSES.length)
      .default([...ALARM_CAUSES]),
    {
      title: 'Watch for',
      description: 'What is left out raises no alarm.',
      section: SECTION.what,
      labels: {
        quiet: 'Nothing new for longer than usual',
        unread: 'A source is not read in time',
        untold: 'Webhooks are off or stay away',
        ending: 'A sign-in ends soon',
        refused: 'A sign-in is refused',
        unreachable: 'A system does not answer',
        moved: 'An account may be a copy',
        failure: 'Records fail for a new cause',
        failures: 'Many records fail',
        stopped: 'A flow was stopped by its rules',
        backup: 'A backup is overdue',
      },
    },
  ),
  remindDaily: setting(z.boolean().default(false), {
    title: 'Remind every day',
    description: 'One more message a day while an alarm is open and nobody said that they saw it.',
    section: SECTION.what,
  }),
  timeZone: setting(
    z.string().max(60).refine(isTimeZone, 'Write a time zone such as Europe/Amsterdam.').default('UTC'),
    {
      title: 'Time zone',
      description: 'Times in messages are told in it, and days and hours of what is usual are counted in it.',
      section: SECTION.what,
      placeholder: 'Europe/Amsterdam',
    },
  ),
  quietHours: setting(z.int().min(1).max(720).default(3), {
    title: 'Hours of silence at least',
    description: 'Shorter silence is never told, however unusual it is.',
    section: SECTION.limits,
    advanced: true,
  }),
  unreachableMinutes: setting(z.int().min(1).max(10_080).default(15), {
    title: 'Minutes without an answer',
    description: 'A system that gives no good answer for this long is told.',
    section: SECTION.limits,
  }),
  unreadMinutes: setting(z.int().min(1).max(10_080).default(30), {
    title: 'Minutes a source may be read late',
    description: 'Counted from when it should have been read.',
    section: SECTION.limits,
    advanced: true,
  }),
  untoldMinutes: setting(z.int().min(10).max(10_080).default(30), {
    title: 'Minutes without a webhook',
    description: 'Counted from the first change that no webhook told of.',
    section: SECTION.limits,
    advanced: true,
  }),
  endingDays: setting(z.int().min(1).max(90).default(7), {
    title: 'Days before a sign-in ends',
    description: 'Sign-ins that renew themselves are not told.',
    section: SECTION.limits,
    advanced: true,
  }),
  manyFailures: setting(z.int().min(2).max(1_000_000).default(25), {
    title: 'Failures that are many',
    description: 'As many failed records of one flow are told, whatever their causes.',
    section: SECTION.limits,
  }),
  backupHours: setting(z.int().min(1).max(720).default(6), {
    title: 'Hours a backup may be late',
    description: 'Counted from when it was due. Only where the operator lets Crosswalk make backups.',
    section: SECTION.limits,
    advanced: true,
  }),
})
export type AlarmSettings = z.infer<typeof AlarmSettings>

/** What a workspace has that never set anything. */
export const DEFAULT_ALARM_SETTINGS: AlarmSettings = AlarmSettings.parse({})
