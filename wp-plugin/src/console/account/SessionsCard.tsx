import { Button } from '@wordpress/components'
import { createInterpolateElement } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { AccountSession } from '@crosswalk/shared/contract'
import { useBridge } from '../../screens/bridge.tsx'
import { useAction, useLoaded } from '../../screens/loaded.ts'
import { Card } from '../../screens/parts/Card.tsx'
import { Loadable } from '../../screens/parts/Loadable.tsx'
import { Problem } from '../../screens/parts/Message.tsx'
import { Time } from '../../screens/parts/Time.tsx'
import { browserName } from './browser-name.ts'

/** Where one is signed in, and how to end it from here. */
export function SessionsCard() {
  const { api } = useBridge()
  const sessions = useLoaded('sessions', () => api.accounts.sessions())
  const end = useAction(async (sessionId: string) => {
    await api.accounts.endSession({ params: { sessionId } })
    sessions.reload()
  })
  const endOthers = useAction(async () => {
    await api.accounts.endOtherSessions()
    sessions.reload()
  })
  return (
    <Card title={__('Where you are signed in', 'crosswalk')}>
      <Problem error={end.error ?? endOthers.error} />
      <Loadable of={sessions} lines={2}>
        {({ items }) => (
          <>
            <ul className="cw-rows">
              {items.map((session) => (
                <Row key={session.id} session={session} end={() => void end.run(session.id)} />
              ))}
            </ul>
            {items.length > 1 && (
              <Button
                __next40pxDefaultSize
                variant="secondary"
                isBusy={endOthers.busy}
                onClick={() => void endOthers.run()}
              >
                {__('Sign out everywhere else', 'crosswalk')}
              </Button>
            )}
          </>
        )}
      </Loadable>
    </Card>
  )
}

function Row({ session, end }: { session: AccountSession; end: () => void }) {
  const name = browserName(session.agent)
  return (
    <li className="cw-row">
      <div>
        <span className="cw-name">{name}</span>
        {session.current && ` · ${__('this browser', 'crosswalk')}`}
        <p className="cw-quiet">
          {createInterpolateElement(__('Signed in <since />, last used <seen />', 'crosswalk'), {
            since: <Time at={session.createdAt} />,
            seen: <Time at={session.seenAt} />,
          })}
        </p>
      </div>
      {!session.current && (
        <Button __next40pxDefaultSize variant="secondary" onClick={end}>
          {/* translators: %s: a browser, such as "Firefox, Linux" */}
          {sprintf(__('Sign out %s', 'crosswalk'), name)}
        </Button>
      )}
    </li>
  )
}
