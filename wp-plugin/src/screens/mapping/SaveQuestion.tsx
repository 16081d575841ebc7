import { RadioControl, TextControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import { ApiError, type Flow, type Mapping, type PartDiff } from '@crosswalk/shared/contract'
import type { MappingDocument } from '@crosswalk/shared/mapping'
import { useBridge } from '../bridge.tsx'
import { useAction, useLoaded } from '../loaded.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { exactCount } from '../parts/format.ts'
import { Disclosure } from '../parts/Details.tsx'
import { changesWord, type DiffNames, DiffWords } from './DiffWords.tsx'

export interface Saved {
  mapping: Mapping
  /** How many records get the new rules now. */
  applied: number
  /** Why they could not be sent on their way, though the rules are saved. */
  trouble: Error | null
}

/** Before a version is saved: what it changes, how many records it is for, and whether those in place get it too. */
export function SaveQuestion(props: {
  flow: Flow
  basedOn: number
  document: MappingDocument
  changes: readonly PartDiff[]
  names: DiffNames
  saved: (saved: Saved) => void
  /** Somebody saved another version meanwhile. */
  overtaken: () => void
  leave: () => void
}) {
  const { flow, basedOn, document, changes, names } = props
  const { api } = useBridge()
  const [note, setNote] = useState('')
  const [existing, setExisting] = useState('none')
  const found = useLoaded('existing', async () => {
    const { flows } = await api.overview.get({ query: { days: 1 } })
    return flows.find(({ id }) => id === flow.id)?.records.linked ?? 0
  })
  const there = found.data
  const mayApply = flow.state === 'active' && there !== null && there > 0
  const save = useAction(async () => {
    const body = { document, basedOn, ...(note.trim() === '' ? {} : { note: note.trim() }) }
    const mapping = await api.mappings.save({ params: { flowId: flow.id }, body }).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 409) return null
      throw error
    })
    if (mapping === null) return props.overtaken()
    const wanted = mayApply && existing === 'all'
    const trouble = wanted
      ? await api.runs
          .start({ params: { flowId: flow.id }, body: { kind: 'backfill', existing: true } })
          .then(() => null, (error: unknown) => (error instanceof Error ? error : new Error(String(error)))) // prettier-ignore
      : null
    props.saved({ mapping, applied: wanted && trouble === null ? there : 0, trouble })
  })
  return (
    <Confirm
      // translators: %s: number of a version
      question={sprintf(__('Save these rules as version %s?', 'crosswalk'), String(basedOn + 1))}
      // translators: %s: number of a version
      act={sprintf(__('Save as version %s', 'crosswalk'), String(basedOn + 1))}
      leave={__('Not yet', 'crosswalk')}
      busy={save.busy}
      error={save.error}
      onAct={() => void save.run()}
      onLeave={props.leave}
    >
      <p>{reach(flow, there)}</p>
      {mayApply && (
        <RadioControl
          label={__('Apply to existing ones', 'crosswalk')}
          selected={existing}
          options={[
            { value: 'none', label: __('No, they are left as they are (recommended)', 'crosswalk') },
            {
              value: 'all',
              label: sprintf(
                // translators: %s: number of records
                _n('Yes, to the %s in place; it is written again where a field differs', 'Yes, to the %s in place; they are written again where a field differs', there, 'crosswalk'),
                exactCount(there),
              ),
            },
          ]}
          onChange={setExisting}
        />
      )}
      <TextControl
        __next40pxDefaultSize
        label={__('Note (what it is for)', 'crosswalk')}
        maxLength={500}
        value={note}
        onChange={setNote}
      />
      <Disclosure summary={changesWord(changes)}>
        <DiffWords parts={changes} names={names} />
      </Disclosure>
    </Confirm>
  )
} // prettier-ignore

/** Whom the new version is for. */
function reach(flow: Flow, there: number | null): string {
  if (there === null) return __('New and changed records get these rules from now on.', 'crosswalk')
  if (flow.state !== 'active') {
    return __('This flow is not live. The rules are used once it is.', 'crosswalk')
  }
  return sprintf(
    // translators: 1: number of records; 2: name of a system
    _n(
      'New and changed records get these rules from now on. %1$s record is in %2$s already.',
      'New and changed records get these rules from now on. %1$s records are in %2$s already.',
      there,
      'crosswalk',
    ),
    ...([exactCount(there), flow.target.label] as const),
  )
}
