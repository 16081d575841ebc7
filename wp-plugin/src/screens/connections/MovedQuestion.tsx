import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Connection, Finding } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { Message, Problem } from '../parts/Message.tsx'
import { Findings, troubles } from './Findings.tsx'

/** An account that calls itself by another address: somebody says whether it has moved or is a copy. */
export function MovedQuestion({
  connection,
  answered,
}: {
  connection: Connection
  answered: (now: Connection) => void
}) {
  const { api, role } = useBridge()
  const [findings, setFindings] = useState<Finding[]>([])
  const say = useAction(async (as: 'moved' | 'copy') => {
    setFindings([])
    const result = await api.connections.moved({ params: { connectionId: connection.id }, body: { as } })
    setFindings(troubles(result.findings))
    if (result.connection) answered(result.connection)
  })
  const { moved, connectorLabel, state } = connection
  if (moved === null || state === 'disconnected') return null
  const isCopy = moved.answer === 'copy'
  const words = isCopy
    ? // translators: 1: new address; 2: old address
      __('You said that %1$s is a copy of %2$s. Nothing is taken from it.', 'crosswalk')
    : // translators: 1: new address; 2: old address
      __('This looks like a copy: the account calls itself %1$s instead of %2$s. Its flows are paused, so that test orders go nowhere. What changes meanwhile is kept.', 'crosswalk') // prettier-ignore
  const text = sprintf(words, ...([moved.to, moved.from] as const))
  return (
    <div className="cw-moved">
      <Message kind={isCopy ? 'info' : 'warning'} spoken={isCopy ? null : text}>
        {text}
      </Message>
      <Problem error={say.error} />
      <Findings findings={findings} />
      {role === 'owner' ? (
        <div className="cw-buttons">
          <Button __next40pxDefaultSize variant="secondary" isBusy={say.busy} disabled={say.busy} accessibleWhenDisabled onClick={() => void say.run('moved')}>
            {/* translators: %s: an address */}
            {sprintf(__('It moved: go on with %s', 'crosswalk'), moved.to)}
          </Button>
          {!isCopy && (
            // The harmless answer comes first to hand.
            <Button __next40pxDefaultSize variant="primary" disabled={say.busy} accessibleWhenDisabled onClick={() => void say.run('copy')}>
              {__('It is a copy: keep it paused', 'crosswalk')}
            </Button>
          )}
        </div>
      ) : (
        // translators: %s: name of a system
        <p className="cw-quiet">{sprintf(__('An owner of the bridge can say what %s is now.', 'crosswalk'), connectorLabel)}</p>
      )}
    </div>
  ) // prettier-ignore
}
