import { Button, SelectControl } from '@wordpress/components'
import { __, sprintf } from '@wordpress/i18n'
import type { MappingTry, SyncRecord } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { Choice } from '../form/Choice.tsx'
import { Problem } from '../parts/Message.tsx'
import { Time } from '../parts/Time.tsx'
import type { MappingDocument } from '@crosswalk/shared/mapping'
import type { Sample } from './useTrace.ts'

const BUILT_IN = 'sample'

const nameOf = ({ label, externalId }: SyncRecord): string => label ?? externalId

/** Which record the rules are tried on. */
export function SamplePicker(props: {
  flowId: string
  target: string
  records: readonly SyncRecord[]
  sample: Sample
  result: MappingTry | null
  document: MappingDocument
  onChange: (sample: Sample) => void
  readAgain: () => void
}) {
  const { flowId, target, records, sample, result, document, onChange } = props
  const { api } = useBridge()
  const next = useAction(async () => {
    const at = records.findIndex(({ externalId }) => externalId === sample.externalId)
    for (const { externalId } of [...records.slice(at + 1), ...records.slice(0, Math.max(0, at))]) {
      const tried = await api.mappings.try({ params: { flowId }, body: { document, externalId, as: sample.as } })
      const fails = tried.parts.some(({ rules }) => rules.some(({ outcome }) => outcome === 'failed'))
      if (fails) return onChange({ ...sample, externalId })
    }
    throw new Error(__('No rule has a problem with any other of these records.', 'crosswalk'))
  })
  const read = result?.record.readAt ?? null
  return (
    <>
      <div className="cw-filters cw-sample">
        <Choice
          label={__('Sample', 'crosswalk')}
          options={[
            ...records.map((record) => ({ value: record.externalId, label: nameOf(record) })),
            { value: BUILT_IN, label: __('Built-in sample (made up)', 'crosswalk') },
          ]}
          value={sample.externalId ?? BUILT_IN}
          onChange={(id) => id !== '' && onChange({ ...sample, externalId: id === BUILT_IN ? null : id })}
        />
        <SelectControl
          __next40pxDefaultSize
          label={__('As if it were', 'crosswalk')}
          value={sample.as}
          options={[
            // translators: %s: name of a system
            { value: 'create', label: sprintf(__('new in %s', 'crosswalk'), target) },
            // translators: %s: name of a system
            { value: 'update', label: sprintf(__('in %s already, and changed', 'crosswalk'), target) },
          ]}
          onChange={(as) => onChange({ ...sample, as })}
        />
        {records.length > 1 && (
          <Button __next40pxDefaultSize variant="secondary" isBusy={next.busy} onClick={() => void next.run()}>
            {__('Next with a problem', 'crosswalk')}
          </Button>
        )}
        {read !== null && (
          <Button __next40pxDefaultSize variant="tertiary" onClick={props.readAgain}>
            {__('Read it again', 'crosswalk')}
          </Button>
        )}
      </div>
      <p className="cw-quiet">
        {read === null ? (
          __('The sample is made up. Nothing is stored or written while you try.', 'crosswalk')
        ) : (
          <>
            {__('Read at its source', 'crosswalk')} <Time at={read} seconds />
            {'. '}
            {__('Nothing is stored or written while you try.', 'crosswalk')}
          </>
        )}
      </p>
      <Problem error={next.error} />
    </>
  )
} // prettier-ignore
