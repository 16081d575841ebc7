import { __, sprintf } from '@wordpress/i18n'
import { useState } from '@wordpress/element'
import { useBridge } from '../../screens/bridge.tsx'
import { useLoaded } from '../../screens/loaded.ts'
import { Loadable } from '../../screens/parts/Loadable.tsx'
import { Message } from '../../screens/parts/Message.tsx'
import { Page } from '../../screens/parts/Page.tsx'
import { roleWord } from '../roles.ts'
import { PasswordCard } from './PasswordCard.tsx'
import { SecondStepCard } from './SecondStepCard.tsx'
import { SessionsCard } from './SessionsCard.tsx'

/** One's own account: password, second step, where one is signed in. */
export function AccountPage() {
  const { api } = useBridge()
  const own = useLoaded('own', () => api.accounts.own())
  const [said, say] = useState<string | null>(null)
  return (
    <Page title={__('Your account', 'crosswalk')}>
      {said !== null && (
        <Message kind="success" onDismiss={() => say(null)}>
          {said}
        </Message>
      )}
      <Loadable of={own}>
        {({ account }) =>
          account === null ? (
            <Message kind="info">
              {__(
                'You came with an access key, which has no account. Sign out and sign in with your e-mail address.',
                'crosswalk',
              )}
            </Message>
          ) : (
            <>
              <p>
                {sprintf(
                  // translators: 1: a person's name; 2: an e-mail address; 3: owner, operator or viewer
                  __('%1$s · %2$s · %3$s', 'crosswalk'),
                  account.name,
                  account.email,
                  roleWord(account.role),
                )}
              </p>
              <PasswordCard
                account={account}
                done={(text) => {
                  say(text)
                  own.reload()
                }}
              />
              <SecondStepCard account={account} changed={own.reload} say={say} />
              <SessionsCard key={account.passwordSetAt} />
            </>
          )
        }
      </Loadable>
    </Page>
  )
}
