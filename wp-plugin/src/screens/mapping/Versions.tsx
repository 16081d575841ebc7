import { Button, SelectControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Mapping, MappingHead } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useAction, useLoaded } from '../loaded.ts'
import { Card } from '../parts/Card.tsx'
import { DataTable } from '../parts/DataTable.tsx'
import { Loadable } from '../parts/Loadable.tsx'
import { Problem } from '../parts/Message.tsx'
import { StateChip } from '../parts/state.tsx'
import { Time } from '../parts/Time.tsx'
import { type DiffNames, DiffWords } from './DiffWords.tsx'

/** Every version that was saved; any two can be compared, and an older one taken up again. */
export function Versions(props: {
  flowId: string
  versions: readonly MappingHead[]
  names: DiffNames
  /** Puts the rules of a version on the page, to be saved as a new one; null for who may only look. */
  goBack: ((version: Mapping) => void) | null
}) {
  const { flowId, versions, names, goBack } = props
  const { api } = useBridge()
  const [older, setFrom] = useState<number | null>(null)
  const [newer, setTo] = useState<number | null>(null)
  // Until others are chosen: what the newest one changed.
  const from = older ?? versions[1]?.version ?? 1
  const to = newer ?? versions[0]?.version ?? 1
  const take = useAction(async (version: number) =>
    goBack?.(await api.mappings.get({ params: { flowId, version } })),
  )
  const choices = versions.map(({ version }) => ({
    value: String(version),
    // translators: %s: number of a version
    label: sprintf(__('Version %s', 'crosswalk'), String(version)),
  }))
  return (
    <Card title={__('Versions of your rules', 'crosswalk')} className="cw-versions">
      <Problem error={take.error} />
      <DataTable
        caption={__('Versions, newest first', 'crosswalk')}
        rows={versions}
        keyOf={({ version }) => version}
        columns={[
          {
            name: __('Version', 'crosswalk'),
            cell: ({ version, current }) => (
              <>
                {version} {current && <StateChip state="live" word={__('in use', 'crosswalk')} />}
              </>
            ),
          },
          { name: __('Saved', 'crosswalk'), cell: ({ createdAt }) => <Time at={createdAt} /> },
          { name: __('By', 'crosswalk'), cell: ({ createdBy }) => <bdi>{createdBy}</bdi> },
          { name: __('Note', 'crosswalk'), cell: ({ note }) => <span dir="auto">{note}</span> },
          {
            name: __('Go back', 'crosswalk'),
            cell: ({ version, current }) =>
              goBack !== null &&
              !current && (
                <Button size="compact" variant="secondary" isBusy={take.busy} onClick={() => void take.run(version)}>
                  {/* translators: %s: number of a version */}
                  {sprintf(__('Take up version %s', 'crosswalk'), String(version))}
                </Button>
              ),
          },
        ]}
      />
      {versions.length > 1 && (
        <>
          <div className="cw-filters">
            <SelectControl
              __next40pxDefaultSize
              label={__('Compare', 'crosswalk')}
              value={String(from)}
              options={choices}
              onChange={(version) => setFrom(Number(version))}
            />
            <SelectControl
              __next40pxDefaultSize
              label={__('with', 'crosswalk')}
              value={String(to)}
              options={choices}
              onChange={(version) => setTo(Number(version))}
            />
          </div>
          <Compared flowId={flowId} from={from} to={to} names={names} />
        </>
      )}
    </Card>
  )
} // prettier-ignore

/** What differs, oldest first: from the one to the other. */
function Compared(props: { flowId: string; from: number; to: number; names: DiffNames }) {
  const { flowId, from, to, names } = props
  const { api } = useBridge()
  const found = useLoaded(`${from} ${to}`, () => api.mappings.diff({ params: { flowId }, query: { from, to } })) // prettier-ignore
  return (
    <Loadable of={found} lines={2}>
      {({ parts }) => <DiffWords parts={parts} names={names} />}
    </Loadable>
  )
}
