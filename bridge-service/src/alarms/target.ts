import type { Alarm } from '@crosswalk/shared/contract'
import type { AlarmRow } from '../store/alarm-schema.ts'

/** Where the remedy of an alarm is: a screen, and what to look at there. */
export type AlarmTarget = Alarm['target']

const SCREENS: Readonly<Record<AlarmRow['cause'], AlarmTarget['screen']>> = {
  quiet: 'connection',
  unread: 'connection',
  untold: 'connection',
  ending: 'connection',
  refused: 'connection',
  unreachable: 'connection',
  moved: 'connection',
  failure: 'failures',
  failures: 'failures',
  stopped: 'flow',
  backup: 'operator',
}

export function targetOf(
  alarm: Pick<AlarmRow, 'cause' | 'flow_id' | 'connection_id' | 'facts'>,
): AlarmTarget {
  const { group } = alarm.facts
  return {
    screen: SCREENS[alarm.cause],
    flowId: alarm.flow_id,
    connectionId: alarm.connection_id,
    group: typeof group === 'string' ? group : null,
  }
}

const part = (text: string | null): string => encodeURIComponent(text ?? '')

/** The screen's address in the console; null where the bridge has no address to be reached at. */
export function linkOf(publicUrl: string | null, target: AlarmTarget): string | null {
  if (publicUrl === null) return null
  switch (target.screen) {
    case 'connection':
      return `${publicUrl}/#/connections/${part(target.connectionId)}`
    case 'flow':
      return `${publicUrl}/#/flows/${part(target.flowId)}`
    case 'failures':
      return `${publicUrl}/#/failures${target.group === null ? '' : `?cause=${part(target.group)}`}`
    case 'operator':
      return null
  }
}

/** Where alarms are set up. */
export const settingsLink = (publicUrl: string | null): string | null =>
  publicUrl === null ? null : `${publicUrl}/#/settings/alarms`
