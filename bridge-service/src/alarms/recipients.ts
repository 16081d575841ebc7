import type { AlarmSettings } from '@crosswalk/shared/alarms'
import type { Recipient } from '../store/alarm-messages.ts'
import type { Trouble } from '../store/alarms.ts'
import { liveFlowsOf, type World } from './world.ts'

/** One address, however it is written: names of hosts know no case, and boxes that tell it apart are not in use. */
const sameAddress = (address: string): string => address.trim().toLowerCase()

/** Recipients of a workspace's settings alone, each once. */
export function recipientsOf(
  settings: AlarmSettings,
  more: readonly string[],
  ways: { mail: boolean },
): Recipient[] {
  const { channels, recipients, hookUrl } = settings
  const addresses = new Map([...recipients, ...more].map((address) => [sameAddress(address), address]))
  return [
    ...(channels.includes('mail') && ways.mail
      ? [...addresses.values()].map((recipient) => ({ channel: 'mail' as const, recipient }))
      : []),
    ...(channels.includes('hook') && hookUrl !== null ? [{ channel: 'hook' as const, recipient: '' }] : []),
  ]
}

/**
 * Who is told of a trouble: those of the workspace, and those that its flow names; of a connection, those of all live flows
 * it is an end of.
 */
export function whoIsTold(
  trouble: Pick<Trouble, 'workspaceId' | 'flowId' | 'connectionId'>,
  world: World,
  ways: { mail: boolean },
): Recipient[] {
  const { flowId, connectionId } = trouble
  const flows =
    flowId !== null
      ? world.flows.filter((flow) => flow.id === flowId)
      : connectionId !== null
        ? liveFlowsOf(world, connectionId)
        : []
  const settings = world.settingsOf(trouble.workspaceId)
  return recipientsOf(settings, flows.flatMap((flow) => flow.recipients), ways) // prettier-ignore
}
