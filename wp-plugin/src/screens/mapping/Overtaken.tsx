import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Mapping } from '@crosswalk/shared/contract'
import { diffMappings } from '@crosswalk/shared/mapping'
import { Card } from '../parts/Card.tsx'
import { when } from '../parts/format.ts'
import { Message } from '../parts/Message.tsx'
import { type DiffNames, DiffWords } from './DiffWords.tsx'
import type { Draft } from './useDraft.ts'

/** Somebody saved another version while this one was being changed: what they did, what is done here, and whose stays. */
export function Overtaken({ draft, newer, names }: { draft: Draft; newer: Mapping; names: DiffNames }) {
  const [isShown, setIsShown] = useState(false)
  const text = sprintf(
    // translators: 1: number of a version; 2: who saved it; 3: a time
    __('Version %1$s was saved by %2$s at %3$s, after you began. Your changes are still here.', 'crosswalk'),
    ...([
      String(newer.version),
      newer.createdBy ?? __('somebody else', 'crosswalk'),
      when(newer.createdAt),
    ] as const),
  )
  return (
    <>
      <Message
        kind="warning"
        way={{ label: __('See the difference', 'crosswalk'), onClick: () => setIsShown(!isShown) }}
      >
        {text}
      </Message>
      {isShown && (
        <Card title={__('Your rules beside theirs', 'crosswalk')}>
          <h3>{__('What they changed', 'crosswalk')}</h3>
          <DiffWords parts={diffMappings(draft.base.document, newer.document)} names={names} />
          <h3>{__('What yours would change in theirs', 'crosswalk')}</h3>
          <DiffWords parts={diffMappings(newer.document, draft.document)} names={names} />
        </Card>
      )}
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="secondary" onClick={() => draft.rebase(newer)}>
          {__('Keep mine, to be saved after theirs', 'crosswalk')}
        </Button>
        <Button __next40pxDefaultSize variant="tertiary" isDestructive onClick={() => draft.settle(newer)}>
          {__('Take theirs and drop mine', 'crosswalk')}
        </Button>
      </div>
    </>
  )
}
