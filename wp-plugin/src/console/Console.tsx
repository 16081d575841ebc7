import { useCallback, useEffect, useMemo, useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { BridgeProvider, createApi } from '../screens/bridge.tsx'
import { useLoaded } from '../screens/loaded.ts'
import { Loadable } from '../screens/parts/Loadable.tsx'
import { PlaceProvider } from '../screens/place.tsx'
import { Screens } from '../screens/Screens.tsx'
import { consoleAddresses } from './addresses.ts'
import { Frame } from './Frame.tsx'
import { dropKey, keepKey, takeKey } from './session.ts'
import { SignIn } from './SignIn.tsx'
import { waysToBridge } from './transport.ts'

/** The console: asks for a key, then shows the screens with it. */
export function Console() {
  const [key, setKey] = useState(takeKey)
  const [complaint, setComplaint] = useState<string | null>(null)
  const leave = useCallback((why: string | null) => {
    dropKey()
    setComplaint(why)
    setKey(null)
  }, [])
  useEffect(() => {
    // A link with a key may be opened in a tab that has the console open already.
    const given = (event: HashChangeEvent): void => {
      if (!location.hash.startsWith('#key=')) return
      event.stopImmediatePropagation()
      setKey(takeKey())
    }
    addEventListener('hashchange', given, { capture: true })
    return () => removeEventListener('hashchange', given, { capture: true })
  }, [])
  const enter = (given: string): void => {
    keepKey(given)
    setComplaint(null)
    setKey(given)
  }
  if (key === null) return <SignIn complaint={complaint} done={enter} />
  return <SignedIn key={key} accessKey={key} leave={leave} />
}

function SignedIn({ accessKey, leave }: { accessKey: string; leave: (why: string | null) => void }) {
  const [failures, tellFailures] = useState(0)
  const { api, watchRun } = useMemo(() => {
    const refused = (): void =>
      leave(__('This key is not known here. It may have been withdrawn. Use another one.', 'crosswalk'))
    const { transport, watchRun } = waysToBridge(accessKey, refused)
    return { api: createApi(transport), watchRun }
  }, [accessKey, leave])
  const me = useLoaded('me', () => api.access.me())
  if (me.data === null) {
    return (
      <main id="content" className="cw-alone">
        <Loadable of={me}>{() => null}</Loadable>
      </main>
    )
  }
  return (
    <BridgeProvider bridge={{ api, role: me.data.role, watchRun, tellFailures }}>
      <PlaceProvider addresses={consoleAddresses}>
        <Frame role={me.data.role} failures={failures} signOut={() => leave(null)}>
          <Screens />
        </Frame>
      </PlaceProvider>
    </BridgeProvider>
  )
}
