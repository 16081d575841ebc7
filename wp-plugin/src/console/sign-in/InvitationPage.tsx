import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import { useAction, useLoaded } from '../../screens/loaded.ts'
import { Loadable } from '../../screens/parts/Loadable.tsx'
import { Gate, Line, passwordHelp, PasswordLine, SmallForm } from '../parts.tsx'
import { roleWord } from '../roles.ts'
import { useWayIn, type WayIn } from '../way-in.ts'

type Invitation = Awaited<ReturnType<WayIn['lookAtInvitation']>>

/** Where a link of an owner leads: to an account of one's own, or to a new password for it. */
export function InvitationPage({ code, done, leave }: { code: string; done: () => void; leave: () => void }) {
  const wayIn = useWayIn()
  const found = useLoaded(code, () => wayIn.lookAtInvitation({ body: { code } }))
  const title =
    found.data?.kind === 'renew'
      ? __('Choose a new password', 'crosswalk')
      : __('Make your account', 'crosswalk')
  return (
    <Gate title={title}>
      <Loadable of={found}>
        {(invitation) => <Form code={code} invitation={invitation} done={done} />}
      </Loadable>
      <Button variant="link" onClick={leave}>
        {__('Go to the sign-in', 'crosswalk')}
      </Button>
    </Gate>
  )
}

function Form(props: { code: string; invitation: Invitation; done: () => void }) {
  const { code, done } = props
  const { kind, email, role } = props.invitation
  const wayIn = useWayIn()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const isNew = kind === 'invite'
  const accept = useAction(async () => {
    await wayIn.acceptInvitation({ body: { code, password, ...(isNew ? { name } : {}) } })
    done()
  })
  return (
    <>
      <p>
        {isNew
          ? // translators: %s: owner, operator or viewer
            sprintf(__('You are invited to this bridge with the role “%s”.', 'crosswalk'), roleWord(role))
          : __(
              'All your sessions end, and the second step is switched off: switch it on again in your account.',
              'crosswalk',
            )}
      </p>
      <SmallForm
        fields={['name', 'password']}
        action={accept}
        send={isNew ? __('Make the account', 'crosswalk') : __('Save the password', 'crosswalk')}
      >
        {(problemOf) => (
          <>
            <Line
              readOnly
              type="email"
              label={__('E-mail address', 'crosswalk')}
              autoComplete="username"
              value={email}
              onChange={() => {}}
              problem={null}
            />
            {isNew && (
              <Line
                focus
                label={__('Your name', 'crosswalk')}
                autoComplete="name"
                value={name}
                onChange={setName}
                problem={problemOf('name')}
              />
            )}
            <PasswordLine
              focus={!isNew}
              label={isNew ? __('Password', 'crosswalk') : __('New password', 'crosswalk')}
              help={passwordHelp()}
              autoComplete="new-password"
              value={password}
              onChange={setPassword}
              problem={problemOf('password')}
            />
          </>
        )}
      </SmallForm>
    </>
  )
}
