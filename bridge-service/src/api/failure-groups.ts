import type { FailureGroup } from '@crosswalk/shared/contract'
import type { Entity } from '@crosswalk/shared/model'
import { groupWords } from '../failure-words.ts'
import type { Service } from '../service-types.ts'
import { countFailures, nextTries, sampleGroups, sumGroups, type GroupCount } from '../store/failure-lists.ts'
import { listFlows } from '../store/flows.ts'
import type { FlowRow } from '../store/schema.ts'
import { byWeight, failureView } from './failure-views.ts'
import { readStanding, type Standing } from './standing.ts'
import { instant, instantOrNull } from './views.ts'

type State = 'open' | 'waiting' | 'ignored'

/** Causes that are shown at most, the largest. */
const MOST_GROUPS = 100
/** Records of a cause that are shown with it. */
const SAMPLES = 3
/** What larger groups come to is not summed up: their records would all have to be read. */
const SUMMED_UP_TO = 1_000

/** What has failed, waits or was ignored, by cause. */
export async function failureGroups(
  service: Pick<Service, 'store' | 'connectors'>,
  workspaceId: string,
  state: State,
): Promise<FailureGroup[]> {
  const { db } = service.store
  const flows = await listFlows(db, workspaceId)
  const counted = Map.groupBy(await countFailures(db, workspaceId, state), ({ groupId }) => groupId)
  const standing = await readStanding(service, workspaceId, flows)
  // Records that wait for an account that needs somebody stand under that account, and only there.
  const elsewhere = new Set(state === 'waiting' ? standing.open.map(({ groupId }) => groupId) : [])
  const sizes = [...counted]
    .filter(([id]) => !elsewhere.has(id))
    .map(([id, parts]) => ({ id, parts, count: parts.reduce((sum, part) => sum + part.count, 0) }))
    .sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_GROUPS)
  const groupIds = sizes.map(({ id }) => id)
  const samples = Map.groupBy(
    await sampleGroups(db, { workspaceId, state, groupIds, each: SAMPLES }),
    (row) => row.group_id,
  )
  const small = sizes.filter(({ count }) => count <= SUMMED_UP_TO).map(({ id }) => id)
  const sums = Map.groupBy(await sumGroups(db, { workspaceId, state, groupIds: small }), ({ groupId }) => groupId) // prettier-ignore
  const tries = state === 'waiting' ? await nextTries(db, workspaceId, groupIds) : new Map<string, Date>()
  const items = sizes.flatMap(({ id, parts, count }): FailureGroup[] => {
    const shown = samples.get(id) ?? []
    const [first] = shown
    if (first === undefined) return []
    return [
      {
        id,
        cause: groupWords(first, { n: count }),
        count,
        since: instant(new Date(Math.min(...parts.map((part) => part.firstAt.getTime())))),
        newestAt: instant(new Date(Math.max(...parts.map((part) => part.newestAt.getTime())))),
        nextTryAt: instantOrNull(tries.get(id)),
        flows: flowsOf(parts, flows),
        sums: (sums.get(id) ?? []).map(({ currency, total }) => ({ currency, total })),
        samples: shown.map(failureView),
        standing: null,
      },
    ]
  })
  const extra = state === 'ignored' ? [] : standing[state]
  const waits = state === 'open' && extra.length > 0 ? await waitingFor(service, workspaceId, extra) : new Map<string, number>() // prettier-ignore
  return [...merge(items, extra, waits)].sort(byWeight)
}

function flowsOf(parts: readonly GroupCount[], flows: readonly FlowRow[]): FailureGroup['flows'] {
  return parts.flatMap(({ flowId, count }) => {
    const flow = flows.find((one) => one.id === flowId)
    return flow ? [{ id: flowId, name: flow.name, entity: flow.entity as Entity, count }] : []
  })
}

/** How many records wait for what stands still. */
async function waitingFor(
  { store }: Pick<Service, 'store'>,
  workspaceId: string,
  standing: readonly Standing[],
): Promise<Map<string, number>> {
  const waits = new Map<string, number>()
  const wanted = new Set(standing.map(({ groupId }) => groupId))
  for (const { groupId, count } of await countFailures(store.db, workspaceId, 'waiting')) {
    if (wanted.has(groupId)) waits.set(groupId, (waits.get(groupId) ?? 0) + count)
  }
  return waits
}

/** What stands still takes its records' line, so that a cause is there once. */
function merge(
  items: readonly FailureGroup[],
  extra: readonly Standing[],
  waits: ReadonlyMap<string, number>,
): FailureGroup[] {
  const merged = new Map(items.map((item) => [item.id, item]))
  for (const one of extra) {
    const present = merged.get(one.groupId)
    const count = (present?.count ?? 0) + (waits.get(one.groupId) ?? 0)
    const stored = { cause: one.cause.key, params: one.cause.params }
    merged.set(one.groupId, {
      ...(present ?? {
        id: one.groupId,
        newestAt: instant(one.since),
        nextTryAt: null,
        flows: one.flows.map((flow) => ({ id: flow.id, name: flow.name, entity: flow.entity as Entity, count: 0 })), // prettier-ignore
        sums: [],
        samples: [],
      }),
      count,
      since: instant(one.since),
      cause: groupWords(stored, { ...(count > 0 ? { n: count } : {}), since: instant(one.since) }),
      standing: { connectionId: one.connectionId, flowId: one.flowId },
    })
  }
  return [...merged.values()]
}
