import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { useAction } from '../../screens/loaded.ts'
import { Message } from '../../screens/parts/Message.tsx'
import { Gate, Line, PasswordLine, SmallForm } from '../parts.tsx'
import { useWayIn } from '../way-in.ts'
import { KeyForm } from './KeyForm.tsx'

/**
 * Asks who comes: by e-mail address and password, then by a code where that is on; or by an access key.
 * @param complaint why it is asked (again) @param obstacle why no password can be taken here
 */
export function SignInPage(props: {
  complaint: string | null
  setUp: boolean
  obstacle: string | null
  withKey: boolean
  done: () => void
  enterWithKey: (key: string) => void
}) {
  const { complaint, setUp, obstacle, done, enterWithKey } = props
  const [ticket, setTicket] = useState<string | null>(null)
  const [withKey, setWithKey] = useState(props.withKey || obstacle !== null)
  if (ticket !== null) return <SecondStep ticket={ticket} done={done} back={() => setTicket(null)} />
  return (
    <Gate title={__('Sign in to Crosswalk', 'crosswalk')}>
      {complaint !== null && <Message kind="error">{complaint}</Message>}
      {obstacle !== null && <Message kind="warning">{obstacle}</Message>}
      {!setUp && (
        <Message kind="info">
          {__(
            'Nobody has an account here yet. The bridge printed a link when it started: open that one to make the owner’s account.',
            'crosswalk',
          )}
        </Message>
      )}
      {withKey ? <KeyForm done={enterWithKey} /> : <PasswordForm done={done} ask={setTicket} />}
      {obstacle === null && (
        <Button variant="link" onClick={() => setWithKey(!withKey)}>
          {withKey
            ? __('Use an e-mail address and a password instead', 'crosswalk')
            : __('Use an access key instead', 'crosswalk')}
        </Button>
      )}
    </Gate>
  )
}

function PasswordForm({ done, ask }: { done: () => void; ask: (ticket: string) => void }) {
  const wayIn = useWayIn()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useAction(async () => {
    const answer = await wayIn.signIn({ body: { email, password } })
    if (answer.state === 'second_factor') ask(answer.ticket)
    else done()
  })
  return (
    <SmallForm fields={['email', 'password']} action={enter} send={__('Sign in', 'crosswalk')}>
      {(problemOf) => (
        <>
          <Line
            focus
            type="email"
            label={__('E-mail address', 'crosswalk')}
            autoComplete="username"
            value={email}
            onChange={setEmail}
            problem={problemOf('email')}
          />
          <PasswordLine
            label={__('Password', 'crosswalk')}
            autoComplete="current-password"
            help={__('Forgotten? An owner can make you a link for a new one.', 'crosswalk')}
            value={password}
            onChange={setPassword}
            problem={problemOf('password')}
          />
        </>
      )}
    </SmallForm>
  )
}

function SecondStep(props: { ticket: string; done: () => void; back: () => void }) {
  const { ticket, done, back } = props
  const wayIn = useWayIn()
  const [code, setCode] = useState('')
  const enter = useAction(async () => {
    await wayIn.secondFactor({ body: { ticket, code } })
    done()
  })
  return (
    <Gate title={__('One more step', 'crosswalk')}>
      <SmallForm
        fields={['code']}
        action={enter}
        send={__('Sign in', 'crosswalk')}
        beside={
          <Button __next40pxDefaultSize variant="tertiary" onClick={back}>
            {__('Back', 'crosswalk')}
          </Button>
        }
      >
        {(problemOf) => (
          <Line
            focus
            label={__('Code', 'crosswalk')}
            help={__(
              'The six digits that your authenticator app shows now. Without the app, one of your recovery codes.',
              'crosswalk',
            )}
            autoComplete="one-time-code"
            value={code}
            onChange={setCode}
            problem={problemOf('code')}
          />
        )}
      </SmallForm>
    </Gate>
  )
}
