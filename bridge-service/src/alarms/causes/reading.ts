import { flowOf, flowTrouble, openFor, solvedIf, type Cause } from '../cause.ts'
import { isLive, type WatchedFlow } from '../world.ts'
import { isFailing } from './accounts.ts'

const endsAnswer = (flow: WatchedFlow): boolean =>
  [flow.source, flow.target].every((end) => end.state === 'active' && !isFailing(end))

/**
 * A source that was not read when it should have been. An account that does not answer, or is refused, has an alarm of its
 * own; what was late before anybody watched is not told.
 */
export const unread: Cause = {
  id: 'unread',
  look: (world) =>
    world.flows.flatMap((flow) => {
      if (!isLive(flow) || !endsAnswer(flow) || flow.everyMs === null) return []
      const last = flow.readAt ?? flow.updatedAt
      const due = Math.max(last + flow.everyMs, world.watchingSince, flow.updatedAt)
      if (world.now - due < world.settingsOf(flow.workspaceId).unreadMinutes * 60_000) return []
      return flowTrouble('unread', flow, last, { words: 'unread', everyMs: flow.everyMs, reason: flow.stateReason ?? '' }, { connectionId: flow.source.id }) // prettier-ignore
    }),
  unsure: (alarm, world) => {
    const flow = flowOf(alarm, world)
    const read = (flow?.readAt ?? 0) > alarm.since.getTime()
    return flow !== undefined && isLive(flow) && !read
  },
  outcome: (alarm, world) => {
    const flow = flowOf(alarm, world)
    return solvedIf(flow && isLive(flow) && (flow.readAt ?? 0) > alarm.since.getTime())
  },
}

/** A flow that the bridge stopped because its rules no longer fit the target. */
export const stopped: Cause = {
  id: 'stopped',
  look: (world) =>
    world.flows
      .filter((flow) => flow.state === 'paused' && flow.stoppedBy === 'rules')
      .map((flow) => {
        const open = openFor(world, 'stopped', flow)
        return flowTrouble('stopped', flow, open?.since.getTime() ?? flow.updatedAt, {
          words: 'stopped',
          reason: flow.stateReason ?? '',
        })
      }),
  outcome: (alarm, world) => solvedIf(flowOf(alarm, world)?.state === 'active'),
}
