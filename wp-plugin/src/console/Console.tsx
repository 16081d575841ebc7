import { useCallback, useEffect, useMemo, useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { BridgeProvider, createApi } from '../screens/bridge.tsx'
import { useLoaded } from '../screens/loaded.ts'
import { Loadable } from '../screens/parts/Loadable.tsx'
import { PlaceProvider } from '../screens/place.tsx'
import { Screens } from '../screens/Screens.tsx'
import { consoleAddresses } from './addresses.ts'
import { Frame } from './Frame.tsx'
import { ownScreens } from './own-screens.tsx'
import { carriesWay, dropKey, keepKey, takeWay, type Way } from './session.ts'
import { InvitationPage } from './sign-in/InvitationPage.tsx'
import { SetUpPage } from './sign-in/SetUpPage.tsx'
import { SignInPage } from './sign-in/SignInPage.tsx'
import { waysToBridge } from './transport.ts'
import { useWayIn } from './way-in.ts'

/** Why it is asked who comes, and whether it was a key that did not do. */
interface Complaint {
  text: string | null
  aboutKey: boolean
}
const NONE: Complaint = { text: null, aboutKey: false }

/** The console: finds out who comes, then shows the screens. */
export function Console() {
  const [way, setWay] = useState<Way>(takeWay)
  const [complaint, setComplaint] = useState(NONE)
  useEffect(() => {
    // A link with a key or a code may be opened in a tab that has the console open already.
    const given = (event: HashChangeEvent): void => {
      if (!carriesWay(location.hash)) return
      event.stopImmediatePropagation()
      setWay(takeWay())
    }
    addEventListener('hashchange', given, { capture: true })
    return () => removeEventListener('hashchange', given, { capture: true })
  }, [])
  const toSession = useCallback((why: Complaint = NONE) => {
    dropKey()
    setComplaint(why)
    setWay({ kind: 'session' })
  }, [])
  const withKey = (key: string): void => {
    keepKey(key)
    setComplaint(NONE)
    setWay({ kind: 'key', key })
  }
  const refusedKey = useCallback(
    () =>
      toSession({
        text: __('This key is not known here. It may have been withdrawn. Use another one.', 'crosswalk'),
        aboutKey: true,
      }),
    [toSession],
  )
  const leave = useCallback(() => toSession(), [toSession])

  switch (way.kind) {
    case 'set-up':
      return <SetUpPage code={way.code} done={leave} leave={leave} />
    case 'invitation':
      return <InvitationPage key={way.code} code={way.code} done={leave} leave={leave} />
    case 'key':
      return <SignedIn key={way.key} accessKey={way.key} name={null} refused={refusedKey} signOut={leave} />
    default:
      return <WithSession complaint={complaint} complain={setComplaint} withKey={withKey} />
  }
}

/** Who is signed in with this browser, or the question who comes. */
function WithSession(props: {
  complaint: Complaint
  complain: (why: Complaint) => void
  withKey: (key: string) => void
}) {
  const { complaint, complain, withKey } = props
  const wayIn = useWayIn()
  const session = useLoaded('session', () => wayIn.session())
  const { reload } = session
  const enter = (): void => {
    complain(NONE)
    reload()
  }
  const refused = useCallback(() => {
    complain({ text: __('Your session has ended. Sign in again.', 'crosswalk'), aboutKey: false })
    reload()
  }, [complain, reload])
  const signOut = async (): Promise<void> => {
    await wayIn.signOut()
    enter()
  }
  if (session.data === null) {
    return (
      <main id="content" className="cw-alone">
        <Loadable of={session}>{() => null}</Loadable>
      </main>
    )
  }
  const { account, setUp, obstacle } = session.data
  return account === null ? (
    <SignInPage
      complaint={complaint.text}
      setUp={setUp}
      obstacle={obstacle}
      withKey={complaint.aboutKey}
      done={enter}
      enterWithKey={withKey}
    />
  ) : (
    <SignedIn
      key={account.id}
      accessKey={null}
      name={account.name}
      refused={refused}
      signOut={() => void signOut()}
    />
  )
}

function SignedIn(props: {
  /** Null: the browser's cookie says who it is. */
  accessKey: string | null
  name: string | null
  refused: () => void
  signOut: () => void
}) {
  const { accessKey, name, refused, signOut } = props
  const [failures, tellFailures] = useState(0)
  const { api, watchRun } = useMemo(() => {
    const { transport, watchRun } = waysToBridge(accessKey, refused)
    return { api: createApi(transport), watchRun }
  }, [accessKey, refused])
  const me = useLoaded('me', () => api.access.me())
  if (me.data === null) {
    return (
      <main id="content" className="cw-alone">
        <Loadable of={me}>{() => null}</Loadable>
      </main>
    )
  }
  const { role } = me.data
  const own = ownScreens(role, accessKey === null)
  return (
    <BridgeProvider bridge={{ api, role, watchRun, tellFailures }}>
      <PlaceProvider addresses={consoleAddresses}>
        <Frame role={role} name={name} failures={failures} own={own} signOut={signOut}>
          <Screens own={own} />
        </Frame>
      </PlaceProvider>
    </BridgeProvider>
  )
}
