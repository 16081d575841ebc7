import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { useAction } from '../../screens/loaded.ts'
import { Gate, Line, passwordHelp, PasswordLine, SmallForm } from '../parts.tsx'
import { useWayIn } from '../way-in.ts'

/** The first page of a new bridge: makes the owner's account with the code of the printed link. */
export function SetUpPage({ code, done, leave }: { code: string; done: () => void; leave: () => void }) {
  const wayIn = useWayIn()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const make = useAction(async () => {
    await wayIn.setUp({ body: { code, name, email, password } })
    done()
  })
  return (
    <Gate title={__('Make the owner’s account', 'crosswalk')}>
      <p>
        {__(
          'This bridge is new. Whoever makes this account owns it: connects systems, invites others and sees every setting.',
          'crosswalk',
        )}
      </p>
      <SmallForm
        fields={['name', 'email', 'password']}
        action={make}
        send={__('Make the account', 'crosswalk')}
        beside={
          <Button __next40pxDefaultSize variant="tertiary" onClick={leave}>
            {__('Go to the sign-in', 'crosswalk')}
          </Button>
        }
      >
        {(problemOf) => (
          <>
            <Line
              focus
              label={__('Your name', 'crosswalk')}
              autoComplete="name"
              value={name}
              onChange={setName}
              problem={problemOf('name')}
            />
            <Line
              type="email"
              label={__('E-mail address', 'crosswalk')}
              help={__('You sign in with it. Nothing is sent there.', 'crosswalk')}
              autoComplete="username"
              value={email}
              onChange={setEmail}
              problem={problemOf('email')}
            />
            <PasswordLine
              label={__('Password', 'crosswalk')}
              help={passwordHelp()}
              autoComplete="new-password"
              value={password}
              onChange={setPassword}
              problem={problemOf('password')}
            />
          </>
        )}
      </SmallForm>
    </Gate>
  )
}
