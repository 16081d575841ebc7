import { CAUSES, renderCause, type CauseKey } from '@crosswalk/shared/causes'
import type { Failure, FailureCause, FailureGroup } from '@crosswalk/shared/contract'
import { pathOf } from '../place.tsx'
import { when } from '../parts/format.ts'

/** Title and remedy with times as this reader's; a cause that only the bridge knows keeps the bridge's own words. */
export function wordsOf(cause: FailureCause): Pick<FailureCause, 'title' | 'remedy'> {
  const hasTime = Object.values(cause.params).some((value) => INSTANT.test(String(value)))
  if (!hasTime || !Object.hasOwn(CAUSES, cause.key)) return cause
  return renderCause({ key: cause.key as CauseKey, params: cause.params }, { time: (iso) => when(iso) })
}
const INSTANT = /^\d{4}-\d\d-\d\dT/

/** Where a remedy is carried out: a place of ours, the record itself, its correction, or nowhere here. */
export type Way = { place: string; query: Record<string, string> } | 'edit' | null

interface About {
  cause: FailureCause
  flowId: string | undefined
  connectionId?: string | null
  /** Where the group is of one record, or it is that of a record. */
  externalId?: string | undefined
}

export function wayOf({ cause: { target }, flowId, connectionId, externalId }: About): Way {
  if (target === null) return null
  const query: Record<string, string> = target.field === null ? {} : { field: target.field }
  const flow = flowId === undefined ? [] : [flowId]
  switch (target.screen) {
    case 'connection':
      return { place: connectionId ? pathOf('connections', connectionId) : '/connections', query }
    case 'flow-settings':
      return { place: pathOf('flows', ...flow), query }
    case 'mapping':
      return { place: pathOf('flows', ...flow, 'mapping'), query }
    case 'match':
      return { place: pathOf('flows', ...flow, 'matches'), query: {} }
    case 'lookup':
      return { place: target.field === null ? '/lists' : pathOf('lists', target.field), query: {} }
    case 'record':
      return flowId !== undefined && externalId !== undefined
        ? { place: pathOf('records', flowId, externalId), query: {} }
        : null
    case 'edit':
      return 'edit'
    default:
      return null
  }
}

/** What a group's remedy is about: its first flow, and its record where it is only one. */
export const aboutGroup = (group: FailureGroup): About => ({
  cause: group.cause,
  flowId: group.flows[0]?.id,
  connectionId: group.standing?.connectionId ?? null,
  externalId: group.count === 1 ? group.samples[0]?.externalId : undefined,
})

export const aboutRecord = (failure: Failure): About => ({
  cause: failure.cause,
  flowId: failure.flowId,
  externalId: failure.externalId,
})

/** The parts of `records` in a call, for records of one group: one call per flow. */
export function byFlow(of: readonly Pick<Failure, 'flowId' | 'externalId'>[]): { flowId: string; externalIds: string[] }[] {
  const flows = new Map<string, string[]>()
  for (const { flowId, externalId } of of) flows.set(flowId, [...(flows.get(flowId) ?? []), externalId])
  return [...flows].map(([flowId, externalIds]) => ({ flowId, externalIds }))
} // prettier-ignore
