import { TextControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { SyncRecord } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { Confirm } from '../parts/Confirm.tsx'

/** Sets a failed record aside, with a note why. */
export function SkipQuestion(props: {
  record: SyncRecord
  name: string
  done: (text: string) => void
  leave: () => void
}) {
  const { record, name, done, leave } = props
  const { api } = useBridge()
  const [note, setNote] = useState('')
  const skip = useAction(async () => {
    const { flowId, externalId } = record
    await api.failures.skip({ body: { flowId, externalId, note: note.trim() } })
    leave()
    // translators: %s: a record, such as "Order #1042"
    done(sprintf(__('%s is set aside.', 'crosswalk'), name))
  })
  return (
    <Confirm
      // translators: %s: a record, such as "Order #1042"
      question={sprintf(__('Skip %s?', 'crosswalk'), name)}
      // translators: %s: a record, such as "Order #1042"
      act={sprintf(__('Skip %s', 'crosswalk'), name)}
      leave={__('Do not skip it', 'crosswalk')}
      destructive
      busy={skip.busy}
      disabled={note.trim() === ''}
      error={skip.error}
      onLeave={leave}
      onAct={() => void skip.run()}
    >
      <TextControl
        __next40pxDefaultSize
        label={__('Why is it skipped?', 'crosswalk')}
        help={__('It stays out until it changes in the shop. Your note is kept with it.', 'crosswalk')}
        maxLength={300}
        value={note}
        onChange={setNote}
      />
    </Confirm>
  )
}
