import { __, _n, sprintf } from '@wordpress/i18n'
import type { contract, Flow, OutputOf } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { type Loaded, useLoaded } from '../loaded.ts'
import { count, exactCount } from '../parts/format.ts'

export type Volume = OutputOf<typeof contract.flows.volume>

/** How many records of a kind an account has. */
export function useAccountVolume(connectionId: string, entity: Flow['entity']): Loaded<Volume> {
  const { api } = useBridge()
  return useLoaded(`volume ${connectionId} ${entity}`, () =>
    api.connections.volume({ params: { connectionId }, query: { entity } }),
  )
}

/** How many records a flow would carry from a day on; all where that is null. */
export function useFlowVolume(flowId: string, from: string | null): Loaded<Volume> {
  const { api } = useBridge()
  return useLoaded(`volume ${flowId} ${from}`, () =>
    api.flows.volume({ params: { flowId }, query: from === null ? {} : { from } }),
  )
}

/** `2,418 records`, `at most 2,418 records`, or that nobody knows. It may come late and holds nothing up. */
export function volumeWords({ data, error }: Pick<Loaded<Volume>, 'data' | 'error'>): string {
  if (data === null) return error === null ? __('counting…', 'crosswalk') : __('not counted', 'crosswalk')
  if (data.count === null) return data.warning ?? __('not counted', 'crosswalk')
  const words = data.atMost
    ? // translators: %s: number of records
      _n('at most %s record', 'at most %s records', data.count, 'crosswalk')
    : // translators: %s: number of records
      _n('%s record', '%s records', data.count, 'crosswalk')
  return sprintf(words, data.count < 100_000 ? exactCount(data.count) : count(data.count))
}
