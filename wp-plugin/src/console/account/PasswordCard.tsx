import { createInterpolateElement, useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { OwnAccount } from '@crosswalk/shared/contract'
import { useBridge } from '../../screens/bridge.tsx'
import { useAction } from '../../screens/loaded.ts'
import { Card } from '../../screens/parts/Card.tsx'
import { count } from '../../screens/parts/format.ts'
import { Time } from '../../screens/parts/Time.tsx'
import { passwordHelp, PasswordLine, SmallForm } from '../parts.tsx'

/** @param done told what was done, once the password is another one */
export function PasswordCard({ account, done }: { account: OwnAccount; done: (text: string) => void }) {
  const { api } = useBridge()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const change = useAction(async () => {
    const { endedSessions } = await api.accounts.changePassword({ body: { current, password } })
    setCurrent('')
    setPassword('')
    done(
      endedSessions === 0
        ? __('Your password is changed.', 'crosswalk')
        : sprintf(
            // translators: %s: number of browsers
            _n(
              'Your password is changed, and %s other browser is signed out.',
              'Your password is changed, and %s other browsers are signed out.',
              endedSessions,
              'crosswalk',
            ),
            count(endedSessions),
          ),
    )
  })
  return (
    <Card title={__('Password', 'crosswalk')}>
      <p>
        {createInterpolateElement(
          __('Set <time />. Changing it signs all other browsers out.', 'crosswalk'),
          { time: <Time at={account.passwordSetAt} /> },
        )}
      </p>
      <SmallForm
        fields={['current', 'password']}
        action={change}
        variant="secondary"
        send={__('Change the password', 'crosswalk')}
      >
        {(problemOf) => (
          <>
            <PasswordLine
              label={__('Your password now', 'crosswalk')}
              autoComplete="current-password"
              value={current}
              onChange={setCurrent}
              problem={problemOf('current')}
            />
            <PasswordLine
              label={__('New password', 'crosswalk')}
              help={passwordHelp()}
              autoComplete="new-password"
              value={password}
              onChange={setPassword}
              problem={problemOf('password')}
            />
          </>
        )}
      </SmallForm>
    </Card>
  )
}
