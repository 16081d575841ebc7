import { useMemo, useState } from '@wordpress/element'
import { BridgeProvider, createApi } from '../screens/bridge.tsx'
import { useLoaded } from '../screens/loaded.ts'
import { Loadable } from '../screens/parts/Loadable.tsx'
import { TitleElement } from '../screens/parts/Page.tsx'
import { PlaceProvider } from '../screens/place.tsx'
import { PageLinks, Screens } from '../screens/Screens.tsx'
import { adminAddresses } from './addresses.ts'
import { throughWordPress } from './transport.ts'

/** The screens inside wp-admin: tabs, then the page. @param title the `<h1>` that WordPress's page has */
export function Admin({ route, host, title }: { route: string; host: string; title: HTMLElement | null }) {
  const [failures, tellFailures] = useState(0)
  const api = useMemo(() => createApi(throughWordPress(route, host)), [route, host])
  const me = useLoaded('me', () => api.access.me())
  return (
    <TitleElement.Provider value={title}>
      <PlaceProvider addresses={adminAddresses}>
        <PageLinks failures={failures} className="nav-tab-wrapper" />
        <Loadable of={me}>
          {({ role }) => (
            <BridgeProvider bridge={{ api, role, watchRun: null, tellFailures }}>
              <Screens />
            </BridgeProvider>
          )}
        </Loadable>
      </PlaceProvider>
    </TitleElement.Provider>
  )
}
