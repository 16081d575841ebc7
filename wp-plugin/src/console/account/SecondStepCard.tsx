import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { OwnAccount } from '@crosswalk/shared/contract'
import { useBridge, type Api } from '../../screens/bridge.tsx'
import { useAction } from '../../screens/loaded.ts'
import { Card } from '../../screens/parts/Card.tsx'
import { count } from '../../screens/parts/format.ts'
import { Message } from '../../screens/parts/Message.tsx'
import { StateChip } from '../../screens/parts/state.tsx'
import { Line, PasswordLine, SmallForm } from '../parts.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'

type Shown = Awaited<ReturnType<Api['accounts']['beginSecondFactor']>>
/** What is asked the password for. */
type Asks = 'on' | 'codes' | 'off'

/** A code of an app beside the password: off, being set up, or on. */
export function SecondStepCard(props: {
  account: OwnAccount
  changed: () => void
  say: (text: string) => void
}) {
  const { account, changed, say } = props
  const { api } = useBridge()
  const [asks, setAsks] = useState<Asks | null>(null)
  const [shown, setShown] = useState<Shown | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const isOn = account.secondFactor

  async function confirmed(what: Asks, password: string): Promise<void> {
    const given = { body: { password } }
    if (what === 'on') setShown(await api.accounts.beginSecondFactor(given))
    else if (what === 'codes') setCodes((await api.accounts.renewRecoveryCodes(given)).recoveryCodes)
    else {
      await api.accounts.endSecondFactor(given)
      say(__('The second step is off.', 'crosswalk'))
    }
    setAsks(null)
    changed()
  }
  const switchedOn = (recoveryCodes: readonly string[]): void => {
    setShown(null)
    setCodes(recoveryCodes)
    changed()
  }
  const chip = isOn ? (
    <StateChip state="live" word={__('On', 'crosswalk')} />
  ) : (
    <StateChip state="off" word={__('Off', 'crosswalk')} />
  )
  return (
    <Card title={__('Second step when signing in', 'crosswalk')} beside={chip}>
      <p>
        {__(
          'An authenticator app shows a new code every 30 seconds. With it, a password that somebody found out opens nothing.',
          'crosswalk',
        )}
      </p>
      {codes !== null && <RecoveryCodes codes={codes} done={() => setCodes(null)} />}
      {shown !== null && <NewSecret shown={shown} on={switchedOn} leave={() => setShown(null)} />}
      {isOn && codes === null && <CodesLeft left={account.recoveryCodesLeft} />}
      {asks !== null && (
        <AskPassword
          what={asks}
          confirmed={(password) => confirmed(asks, password)}
          leave={() => setAsks(null)}
        />
      )}
      {asks === null && shown === null && codes === null && (
        <div className="cw-buttons">
          {isOn ? (
            <>
              <Button __next40pxDefaultSize variant="secondary" onClick={() => setAsks('codes')}>
                {__('Make new recovery codes…', 'crosswalk')}
              </Button>
              <Button __next40pxDefaultSize variant="secondary" isDestructive onClick={() => setAsks('off')}>
                {__('Switch the second step off…', 'crosswalk')}
              </Button>
            </>
          ) : (
            <Button __next40pxDefaultSize variant="secondary" onClick={() => setAsks('on')}>
              {__('Set up the second step…', 'crosswalk')}
            </Button>
          )}
        </div>
      )}
    </Card>
  )
}

function CodesLeft({ left }: { left: number }) {
  const text = sprintf(
    // translators: %s: number of recovery codes
    _n('%s recovery code is left.', '%s recovery codes are left.', left, 'crosswalk'),
    count(left),
  )
  return left < 3 ? <Message kind="warning">{text}</Message> : <p>{text}</p>
}

function AskPassword(props: {
  what: Asks
  confirmed: (password: string) => Promise<void>
  leave: () => void
}) {
  const { what, confirmed, leave } = props
  const [password, setPassword] = useState('')
  const go = useAction(() => confirmed(password))
  const send =
    what === 'on'
      ? __('Go on', 'crosswalk')
      : what === 'codes'
        ? __('Make new codes; the old ones end', 'crosswalk')
        : __('Switch it off', 'crosswalk')
  return (
    <SmallForm
      fields={['password']}
      action={go}
      send={send}
      beside={
        <Button __next40pxDefaultSize variant="tertiary" onClick={leave}>
          {__('Leave it as it is', 'crosswalk')}
        </Button>
      }
    >
      {(problemOf) => (
        <PasswordLine
          focus
          label={__('Your password, once more', 'crosswalk')}
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          problem={problemOf('password')}
        />
      )}
    </SmallForm>
  )
}

function NewSecret(props: { shown: Shown; on: (codes: readonly string[]) => void; leave: () => void }) {
  const { shown, on, leave } = props
  const { api } = useBridge()
  const [code, setCode] = useState('')
  const confirm = useAction(async () => {
    on((await api.accounts.confirmSecondFactor({ body: { code } })).recoveryCodes)
  })
  return (
    <>
      <ol>
        <li>{__('Scan this with your authenticator app, or type the letters into it.', 'crosswalk')}</li>
        <li>{__('Type the code it shows.', 'crosswalk')}</li>
      </ol>
      <img
        className="cw-qr"
        src={`data:image/svg+xml;base64,${btoa(shown.qr)}`}
        alt={__('The secret as a QR code; the same letters stand below.', 'crosswalk')}
      />
      <p>
        <code className="cw-secret">{shown.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <SmallForm
        fields={['code']}
        action={confirm}
        send={__('Switch it on', 'crosswalk')}
        beside={
          <Button __next40pxDefaultSize variant="tertiary" onClick={leave}>
            {__('Not now', 'crosswalk')}
          </Button>
        }
      >
        {(problemOf) => (
          <Line
            focus
            label={__('Code', 'crosswalk')}
            autoComplete="one-time-code"
            inputMode="numeric"
            value={code}
            onChange={setCode}
            problem={problemOf('code')}
          />
        )}
      </SmallForm>
    </>
  )
}
