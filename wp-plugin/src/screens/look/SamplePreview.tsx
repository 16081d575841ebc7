import { CheckboxControl } from '@wordpress/components'
import { useEffect, useRef, useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { Flow, PreviewResult } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { count } from '../parts/format.ts'
import { Loadable } from '../parts/Loadable.tsx'
import { Message } from '../parts/Message.tsx'
import { PreviewRecords } from './PreviewRecords.tsx'
import { countWords } from './preview-words.ts'

/** The newest records as they would become, by the same code as live; nothing is written. @param told what came of it */
export function SamplePreview(props: {
  flow: Flow
  limit: number
  told: (counts: PreviewResult['counts']) => void
}) {
  const { flow, limit, told } = props
  const { api } = useBridge()
  const [onlyDifferences, setOnlyDifferences] = useState(true)
  const found = useLoaded(`preview ${flow.id} ${limit}`, () =>
    api.mappings.preview({ params: { flowId: flow.id }, body: { limit } }),
  )
  const latest = useRef(told)
  latest.current = told
  useEffect(() => {
    if (found.data) latest.current(found.data.counts)
  }, [found.data])
  return (
    <Loadable of={found} lines={8}>
      {({ counts, records }) => (
        <>
          <Message kind={counts.fail > 0 ? 'warning' : 'info'}>
            {records.length === 0
              ? __('There is no record to look at yet. You can go live all the same.', 'crosswalk')
              : `${sprintf(
                  // translators: %s: number of records
                  _n('The newest record:', 'The newest %s records:', records.length, 'crosswalk'),
                  count(records.length),
                )} ${countWords(counts)}.`}
          </Message>
          {records.length > 0 && (
            <CheckboxControl label={__('Only differences', 'crosswalk')} checked={onlyDifferences} onChange={setOnlyDifferences} />
          )}
          <PreviewRecords records={records} target={flow.target.label} onlyDifferences={onlyDifferences} />
        </>
      )}
    </Loadable>
  ) // prettier-ignore
}
