import { TextControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { useAction } from '../loaded.ts'
import { Confirm } from '../parts/Confirm.tsx'

/** Sets failed records aside, with a note why. @param what "Ignore 5 orders" as question and as button */
export function IgnoreQuestion(props: {
  question: string
  act: string
  ignore: (note: string) => Promise<void>
  leave: () => void
}) {
  const { question, act, ignore, leave } = props
  const [note, setNote] = useState('')
  const action = useAction(() => ignore(note.trim()))
  return (
    <Confirm
      question={question}
      act={act}
      leave={__('Do not ignore', 'crosswalk')}
      busy={action.busy}
      disabled={note.trim() === ''}
      error={action.error}
      onLeave={leave}
      onAct={() => void action.run()}
    >
      <TextControl
        __next40pxDefaultSize
        label={__('Why?', 'crosswalk')}
        help={__(
          'They stay out until they change at their source. Your note is kept; you can take it back.',
          'crosswalk',
        )}
        maxLength={300}
        value={note}
        onChange={setNote}
      />
    </Confirm>
  )
}
