import { groupWords } from '../../failure-words.ts'
import {
  listFailingCauses,
  listFailingFlows,
  type FailingCause,
  type FailingFlow,
} from '../../store/failing-flows.ts'
import { flowOf, flowTrouble, openFor, solvedIf, type Cause, type LookDeps } from '../cause.ts'
import type { WatchedFlow, World } from '../world.ts'

/** Longest cause in a mail. */
const MESSAGE_CHARS = 300

/** A flow with failed records, by cause. */
interface Failing {
  flow: WatchedFlow
  count: number
  firstAt: Date
  causes: readonly FailingCause[]
}

/** Reads failures by cause, again only where a flow's failures have changed. */
function createFailures() {
  const known = new Map<string, { stamp: string; causes: FailingCause[] }>()
  const isNews = ({ flowId, stamp }: FailingFlow): boolean => known.get(flowId)?.stamp !== stamp
  /** The same for all causes of one look. */
  const looks = new WeakMap<World, Promise<Failing[]>>()

  async function read(world: World, { store }: LookDeps): Promise<Failing[]> {
    const flows = new Map(world.flows.map((flow) => [flow.id, flow]))
    const failing = (await listFailingFlows(store.db)).filter(({ flowId }) => flows.has(flowId))
    const news = failing.filter(isNews)
    const workspaces = [...new Set(news.map(({ flowId }) => flows.get(flowId)?.workspaceId ?? ''))]
    const causes = await listFailingCauses(store.db, workspaces, news.map(({ flowId }) => flowId)) // prettier-ignore
    for (const { flowId, stamp } of news) {
      known.set(flowId, { stamp, causes: causes.filter((cause) => cause.flowId === flowId) })
    }
    for (const flowId of known.keys()) if (!failing.some((one) => one.flowId === flowId)) known.delete(flowId)
    return failing.map(({ flowId, count }) => {
      const own = known.get(flowId)?.causes ?? []
      const first = Math.min(...own.map(({ firstAt }) => firstAt.getTime()))
      return { flow: flows.get(flowId) as WatchedFlow, count, causes: own, firstAt: new Date(Number.isFinite(first) ? first : world.now) } // prettier-ignore
    })
  }

  return (world: World, deps: LookDeps): Promise<Failing[]> => {
    const present = looks.get(world) ?? read(world, deps)
    looks.set(world, present)
    return present
  }
}

/** Records that fail for a cause that is new, and many that fail for whatever cause. */
export function createFailureCauses(): Cause[] {
  const failing = createFailures()
  const gone = (alarm: Parameters<Cause['outcome']>[0], world: World) =>
    solvedIf(flowOf(alarm, world) !== undefined)
  return [
    {
      id: 'failure',
      look: async (world, deps) =>
        (await failing(world, deps)).flatMap(({ flow, causes }) =>
          causes.map((cause) => {
            const { groupId, count } = cause
            const open = openFor(world, 'failure', { id: `${flow.id}:${groupId}`, workspaceId: flow.workspaceId }) // prettier-ignore
            const { title, remedy } = groupWords(cause, { n: count })
            return flowTrouble('failure', flow, (open?.since ?? cause.firstAt).getTime(), {
              words: 'failure',
              group: groupId,
              count,
              examples: cause.examples.join(', '),
              reason: title.slice(0, MESSAGE_CHARS),
              todo: remedy.slice(0, MESSAGE_CHARS),
            }, { key: groupId }) // prettier-ignore
          }),
        ),
      outcome: gone,
    },
    {
      id: 'failures',
      look: async (world, deps) =>
        (await failing(world, deps)).flatMap(({ flow, count, causes, firstAt }) => {
          const limit = world.settingsOf(flow.workspaceId).manyFailures
          const open = openFor(world, 'failures', flow)
          // A flow about its limit is told once: it is well when only half as many are left.
          if (count < limit && !(open && count > limit / 2)) return []
          const since = (open?.since ?? firstAt).getTime()
          return flowTrouble('failures', flow, since, { words: 'failures', count, causes: causes.length, limit }) // prettier-ignore
        }),
      outcome: gone,
    },
  ]
}
