import { __, sprintf } from '@wordpress/i18n'
import type { contract, Flow, Mapping, MappingHead, OutputOf, SyncRecord, TransformInfo } from '@crosswalk/shared/contract' // prettier-ignore
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { Empty, Loadable } from '../parts/Loadable.tsx'
import { Page } from '../parts/Page.tsx'
import { pathOf, PlaceButton } from '../place.tsx'
import { Editor } from './Editor.tsx'

export interface EditorData {
  flow: Flow
  fields: OutputOf<typeof contract.flows.fields>
  transforms: readonly TransformInfo[]
  versions: readonly MappingHead[]
  current: Mapping
  /** The flow's latest records, to try rules on. */
  records: readonly SyncRecord[]
}

/** As many records as the list of samples has. */
const SAMPLES = 20

/** The rules of a flow: each field of the target, where its value comes from, and what comes of it. */
export default function MappingPage({ flowId }: { flowId: string }) {
  const { api } = useBridge()
  const params = { flowId }
  const all = useLoaded<EditorData>(`mapping ${flowId}`, async () => {
    const [flow, fields, transforms, versions, records] = await Promise.all([
      api.flows.get({ params }),
      api.flows.fields({ params }),
      api.mappings.transforms(),
      api.mappings.list({ params }),
      api.records.list({ query: { flowId, limit: SAMPLES } }),
    ])
    const current = await api.mappings.get({ params: { flowId, version: flow.mappingVersion } })
    return {
      flow,
      fields,
      transforms: transforms.items,
      versions: versions.items,
      current,
      records: records.items.filter(({ state }) => state !== 'deleted'),
    }
  })
  const title = all.data
    ? // translators: %s: name of a flow, such as "Orders → deals"
      sprintf(__('Rules of %s', 'crosswalk'), all.data.flow.name)
    : __('Rules', 'crosswalk')
  if (all.data !== null && all.data.fields.parts.length > 0) {
    return <Editor key={flowId} data={all.data} title={title} reload={all.reload} />
  }
  return (
    <Page title={title}>
      <Loadable of={all} lines={8}>
        {({ flow }) => <NoFields flow={flow} />}
      </Loadable>
    </Page>
  )
}

const NoFields = ({ flow }: { flow: Flow }) => (
  <Empty
    // translators: %s: name of a system
    why={sprintf(__('The fields of %s are not known.', 'crosswalk'), flow.target.label)}
    next={__('Check the connection, then come back.', 'crosswalk')}
  >
    <PlaceButton to={pathOf('connections')}>{__('Check the connection', 'crosswalk')}</PlaceButton>
  </Empty>
)
