/**
 * What an alarm can be about; settings, stored rows and metrics name it so.
 * `quiet` nothing new for longer than usual · `unread` a source that is not read when it should be · `untold` webhooks that
 * are off or stay away · `ending` a sign-in that ends soon · `refused` a sign-in that is refused · `unreachable` no good
 * answer for too long · `moved` an account that may be a copy · `failure` records fail for a cause that is new ·
 * `failures` many records fail · `stopped` a flow whose rules the target refuses · `backup` no backup when one was due
 */
export const ALARM_CAUSES = [
  'quiet', 'unread', 'untold', 'ending', 'refused', 'unreachable', 'moved', 'failure', 'failures', 'stopped', 'backup',
] as const // prettier-ignore
export type AlarmCause = (typeof ALARM_CAUSES)[number]

/** Ways a message about an alarm can take. */
export const ALARM_CHANNELS = ['mail', 'hook'] as const
export type AlarmChannel = (typeof ALARM_CHANNELS)[number]
