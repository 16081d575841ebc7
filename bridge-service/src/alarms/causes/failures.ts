import { remedyFor } from '../../failure-remedies.ts'
import {
  listFailedFlows,
  listFailureCauses,
  type FailedFlow,
  type FailureCause,
} from '../../store/failure-causes.ts'
import { flowOf, flowTrouble, openFor, solvedIf, type Cause, type LookDeps } from '../cause.ts'
import type { WatchedFlow, World } from '../world.ts'

/** Longest field name in a key, and message in a mail. */
const FIELD_CHARS = 80
const MESSAGE_CHARS = 300

/** A flow with failed records, by cause. */
interface Failing {
  flow: WatchedFlow
  count: number
  firstAt: Date
  causes: readonly FailureCause[]
}

/** Reads failures by cause, again only where a flow's failures have changed. */
function createFailures() {
  const known = new Map<string, { count: number; lastAt: number; causes: FailureCause[] }>()
  const isNews = ({ flowId, count, lastAt }: FailedFlow): boolean => {
    const last = known.get(flowId)
    return last === undefined || last.count !== count || last.lastAt !== lastAt.getTime()
  }
  /** The same for all causes of one look. */
  const looks = new WeakMap<World, Promise<Failing[]>>()

  async function read(world: World, { store }: LookDeps): Promise<Failing[]> {
    const flows = new Map(world.flows.map((flow) => [flow.id, flow]))
    const failed = (await listFailedFlows(store.db)).filter(({ flowId }) => flows.has(flowId))
    const news = failed.filter(isNews)
    const workspaces = [...new Set(news.map(({ flowId }) => flows.get(flowId)?.workspaceId ?? ''))]
    const causes = await listFailureCauses(store.db, workspaces, news.map(({ flowId }) => flowId)) // prettier-ignore
    for (const { flowId, count, lastAt } of news) {
      const own = causes.filter((cause) => cause.flowId === flowId)
      known.set(flowId, { count, lastAt: lastAt.getTime(), causes: own })
    }
    for (const flowId of known.keys()) if (!failed.some((one) => one.flowId === flowId)) known.delete(flowId)
    return failed.map(({ flowId, count }) => {
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
            const key = `${cause.code}:${cause.field.slice(0, FIELD_CHARS)}`
            const open = openFor(world, 'failure', { id: `${flow.id}:${key}`, workspaceId: flow.workspaceId })
            return flowTrouble('failure', flow, (open?.since ?? cause.firstAt).getTime(), {
              words: 'failure',
              code: cause.code,
              count: cause.count,
              examples: cause.examples.join(', '),
              reason: cause.message.slice(0, MESSAGE_CHARS),
              todo: remedyFor(cause.code),
            }, { key }) // prettier-ignore
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
